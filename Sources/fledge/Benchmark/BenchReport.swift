import Execution
import Foundation
import Orchestrator

/// What `fledge bench` prints.
struct BenchReport {
  let result: StepBenchmark

  init(_ result: StepBenchmark) { self.result = result }

  var json: JSONValue {
    let (plan, profile) = (result.plan, result.profile)
    let kinds = profile.kinds.map { kind in
      JSONValue.object([
        ("kind", .text(kind.name)), ("kernels", .integer(kind.count)), ("ms", .number(kind.milliseconds)),
        ("floor_ms", .number(kind.floorMilliseconds)), ("share", .number(profile.share(kind.milliseconds))),
      ])
    }
    let kernels = profile.kernels.map { kernel in
      JSONValue.object([
        ("kernel", .text(kernel.title)), ("kind", .text(kernel.kind)), ("ms", .number(kernel.milliseconds)),
        ("floor_ms", .number(kernel.floorMilliseconds)), ("share", .number(profile.share(kernel.milliseconds))),
      ])
    }
    return .object([
      ("median_ms", .number(result.medianMilliseconds)), ("p10_ms", .number(result.percentile(10))),
      ("p90_ms", .number(result.percentile(90))), ("steps", .integer(result.milliseconds.count)),
      ("batch", .integer(plan.batch)), ("parameters", .integer(plan.parameterCount)),
      ("backend", .text(plan.backend)), ("precision", .text(plan.precision.rawValue)),
      ("examples_per_second", .number(result.examplesPerSecond)),
      ("floating_point_operations", .number(plan.floatingPointOperations)),
      ("gflops", .number(result.operationsPerSecond / 1e9)),
      ("peak_gflops", .number(plan.machine.operationsPerSecond / 1e9)), ("share_of_peak", .number(result.shareOfPeak)),
      ("gigabytes_per_second", .number(plan.machine.bytesPerSecond / 1e9)),
      ("floor_ms", .number(plan.floorMilliseconds)), ("seconds_to_first_step", .number(result.secondsToFirstStep)),
      ("arena_bytes", .integer(plan.arenaBytes)), ("peak_memory_bytes", .integer(result.peakMemoryBytes)),
      ("kinds", .array(kinds)), ("kernels", .array(kernels)),
    ])
  }

  var text: String {
    let plan = result.plan
    let facts = [
      (
        "step",
        "\(rounded(result.medianMilliseconds)) ms median of \(result.milliseconds.count), "
          + "\(rounded(result.percentile(10))) … \(rounded(result.percentile(90))) ms from the 10th to the 90th percentile"
      ),
      ("speed", "\(Int(result.examplesPerSecond)) examples/s"),
      (
        "arithmetic",
        "\(rounded(result.operationsPerSecond / 1e9)) GFLOP/s, \(rounded(100 * result.shareOfPeak)) % of the "
          + "\(rounded(plan.machine.operationsPerSecond / 1e9)) that a large matrix product reaches"
      ),
      (
        "floor",
        "\(rounded(plan.floorMilliseconds)) ms by arithmetic and by bytes at \(rounded(plan.machine.bytesPerSecond / 1e9)) GB/s"
      ),
      ("first step", "after \(rounded(result.secondsToFirstStep)) s"),
      (
        "memory",
        "\(rounded(Double(result.peakMemoryBytes) / 1e6)) MB at most, \(rounded(Double(plan.arenaBytes) / 1e6)) MB the arena"
      ),
    ]
    let width = facts.map(\.0.displayWidth).max() ?? 0
    let lines = facts.map { name, value in
      name + String(repeating: " ", count: width - name.displayWidth + 2) + value
    }
    return (lines + (result.kernelMilliseconds.isEmpty ? [] : ["", kinds.text, "", kernels.text]))
      .joined(separator: "\n")
  }

  private var kinds: Table {
    let profile = result.profile
    var table = Table(["ms", "share", "floor ms", "kernels", "kind"], [.right, .right, .right, .right])
    table.rows = profile.kinds.map { kind in
      [
        milliseconds(kind.milliseconds), percent(profile.share(kind.milliseconds)),
        milliseconds(kind.floorMilliseconds), "\(kind.count)", kind.name,
      ]
    }
    let outside = profile.outsideMilliseconds
    table.rows.append([milliseconds(outside), percent(profile.share(outside)), "", "", "outside of kernels"])
    return table
  }

  private var kernels: Table {
    let profile = result.profile
    var table = Table(["ms", "share", "floor ms", "kernel"], [.right, .right, .right])
    table.rows = profile.kernels.map { kernel in
      [
        milliseconds(kernel.milliseconds), percent(profile.share(kernel.milliseconds)),
        milliseconds(kernel.floorMilliseconds), kernel.title,
      ]
    }
    return table
  }

  private func rounded(_ value: Double) -> String { String(format: "%.3g", value) }

  private func milliseconds(_ value: Double) -> String { String(format: "%.3f", value) }

  private func percent(_ share: Double) -> String { String(format: "%.1f %%", 100 * share) }
}
