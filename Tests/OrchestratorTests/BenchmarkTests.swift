import Execution
import Orchestrator
import Testing

@Suite struct BenchmarkTests {
  /// Four features to eight, and eight to three classes; the first layer's inputs need no gradient.
  private static let operations = 2 * 12 * (2 * 4 * 8 + 3 * 8 * 3)

  @Test func planCountsArithmeticAndBytes() throws {
    let workshop = try Workshop()
    let plan = try workshop.orchestrator.plan(workshop.recipe { $0.backend = "cpu" })
    #expect(plan.backend == "cpu" && plan.batch == 12 && plan.parameterCount == 4 * 8 + 8 + 8 * 3 + 3)
    #expect(plan.floatingPointOperations == Double(Self.operations))
    let ofKernels = plan.kernels.reduce(0) { $0 + ($1.cost?.floatingPointOperations ?? 0) }
    #expect(ofKernels == plan.floatingPointOperations)
    // Adam reads a parameter, its gradient and two moments, and writes all but the gradient.
    let updates = plan.kernels.filter { $0.kind == "update" }
    #expect(updates.reduce(0) { $0 + ($1.cost?.bytes ?? 0) } >= 7 * 4 * plan.parameterCount)
    #expect(plan.bytes > updates.reduce(0) { $0 + ($1.cost?.bytes ?? 0) })
  }

  @Test func floorIsTheSumOfTheKernels() throws {
    let workshop = try Workshop()
    let plan = try workshop.orchestrator.plan(workshop.recipe { $0.backend = "cpu" })
    let sum = plan.kernels.reduce(0) { $0 + plan.floorMilliseconds(of: $1) }
    #expect(abs(plan.floorMilliseconds / sum - 1) < 1e-12)
    #expect(sum >= 1000 * plan.floatingPointOperations / plan.machine.operationsPerSecond)
    #expect(sum >= 1000 * Double(plan.bytes) / plan.machine.bytesPerSecond)
  }

  @Test func backendWithoutCostsHasTheFloorOfItsArithmetic() throws {
    let workshop = try Workshop()
    let plan = try workshop.orchestrator.plan(workshop.recipe())
    #expect(plan.backend == "reference" && plan.bytes == 0)
    #expect(plan.floorMilliseconds == 1000 * Double(Self.operations) / plan.machine.operationsPerSecond)
  }

  @Test func percentilesAreInOrder() throws {
    let workshop = try Workshop()
    let result = try workshop.orchestrator.benchmark(workshop.recipe { $0.backend = "cpu" }, steps: 7)
    let times = result.milliseconds
    #expect(times.count == 7 && times == times.sorted())
    #expect(result.percentile(0) == times[0] && result.percentile(100) == times[6])
    #expect(result.medianMilliseconds == times[3])
    #expect(abs(result.percentile(10) - (0.4 * times[0] + 0.6 * times[1])) < 1e-12 * times[1])
    #expect(result.kernelMilliseconds.isEmpty && result.profile.kernels.isEmpty && result.profile.kinds.isEmpty)
    #expect(result.peakMemoryBytes > 1_000_000 && result.secondsToFirstStep > 0)
  }

  /// The kernels run within the steps, so what they take beyond the steps' time would be of other steps.
  @Test func profileIsOfTheTimedStepsAlone() throws {
    let workshop = try Workshop()
    let result = try workshop.orchestrator.benchmark(
      workshop.recipe { $0.backend = "cpu" }, steps: 5, isProfiled: true)
    let profile = result.profile
    #expect(profile.kernels.count == result.plan.kernels.count)
    #expect(profile.kernels.map(\.milliseconds) == result.kernelMilliseconds.sorted(by: >))
    let sum = profile.kernels.reduce(0) { $0 + $1.milliseconds }
    #expect(sum > 0 && sum <= result.meanMilliseconds)
    #expect(abs(sum + profile.outsideMilliseconds - result.meanMilliseconds) < 1e-9 * result.meanMilliseconds)
    #expect(profile.kinds.map(\.milliseconds) == profile.kinds.map(\.milliseconds).sorted(by: >))
    #expect(profile.kinds.reduce(0) { $0 + $1.count } == profile.kernels.count)
    #expect(abs(profile.kinds.reduce(0) { $0 + $1.milliseconds } - sum) < 1e-9 * sum)
    #expect(Set(profile.kinds.map(\.name)).isSuperset(of: ["matmul", "loop", "update"]), "\(profile.kinds)")
  }

  @Test func stepsBeyondTheDataBeginAgain() throws {
    let workshop = try Workshop()
    let result = try workshop.orchestrator.benchmark(workshop.recipe { $0.batch = 40 }, steps: 3)
    #expect(result.plan.batch == 40 && result.milliseconds.count == 3)
    #expect(result.examplesPerSecond == 40 / result.medianMilliseconds * 1000)
  }
}
