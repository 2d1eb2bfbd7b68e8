import ArgumentParser
import Execution
import Foundation
import Orchestrator

struct PlanCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plan", abstract: "Prints the program that a recipe's training step becomes.",
    discussion: """
      One line a kernel in the order of execution: the bytes that it reads and writes, its arithmetic, what it computes, the \
      layouts, and the library's algorithm. The floor of a kernel is the time that its algorithm takes at the speed of a \
      large matrix product, or that its bytes take at the speed of a plain loop, whichever is more; both speeds are measured. \
      Where the library has several algorithms the line ends with their times, or says that the choice is remembered, or \
      that the machine was too busy to time them: then the choice follows a rule, and stays, until --retune.

      fledge plan Integration/benchmarks/workloads/lenet.yaml
      """)

  @OptionGroup var step: StepOptions
  @OptionGroup var kernels: KernelOptions
  @OptionGroup var storage: StoreOptions
  @OptionGroup var output: OutputOptions

  func run() throws {
    let plan = try Orchestrator.linked().plan(
      step.makeRecipe(), in: storage.openForKernelChoices(), retunes: kernels.retune)
    for warning in plan.warnings { Console.note("warning: \(warning)") }
    try Console.result(output.json ? json(plan).description : text(plan))
  }

  private func json(_ plan: StepPlan) -> JSONValue {
    .object([
      ("backend", .text(plan.backend)), ("precision", .text(plan.precision.rawValue)), ("batch", .integer(plan.batch)),
      ("parameters", .integer(plan.parameterCount)),
      ("arena_bytes", .integer(plan.arenaBytes)), ("unshared_bytes", .integer(plan.unsharedBytes)),
      ("floating_point_operations", .number(plan.floatingPointOperations)), ("bytes", .integer(plan.bytes)),
      ("peak_gflops", .number(plan.machine.operationsPerSecond / 1e9)),
      ("gigabytes_per_second", .number(plan.machine.bytesPerSecond / 1e9)),
      ("floor_ms", .number(plan.floorMilliseconds)),
      (
        "kernels",
        .array(
          plan.kernels.map { kernel in
            .object([
              ("kernel", .text(kernel.title)), ("kind", .text(kernel.kind)),
              ("bytes", kernel.cost.map { .integer($0.bytes) } ?? .null),
              ("floating_point_operations", .optional(kernel.cost?.floatingPointOperations)),
              ("floor_ms", .number(plan.floorMilliseconds(of: kernel))),
            ])
          })
      ),
    ])
  }

  private func text(_ plan: StepPlan) -> String {
    var table = Table(["floor ms", "MB", "GFLOP", "kernel"], [.right, .right, .right])
    table.rows = plan.kernels.map { kernel in
      let operations = kernel.cost?.floatingPointOperations ?? 0
      return [
        String(format: "%.3f", plan.floorMilliseconds(of: kernel)),
        String(format: "%.2f", Double(kernel.cost?.bytes ?? 0) / 1e6),
        operations > 0 ? String(format: "%.3f", operations / 1e9) : "", kernel.title,
      ]
    }
    return """
      \(table.text)

      backend         \(plan.backend), \(plan.precision.rawValue), batch \(plan.batch), \(plan.parameterCount) parameters
      arena           \(megabytes(plan.arenaBytes)), \(megabytes(plan.unsharedBytes)) without sharing
      work            \(rounded(plan.floatingPointOperations / 1e9)) GFLOP and \(megabytes(plan.bytes)) read and written
      this machine    \(rounded(plan.machine.operationsPerSecond / 1e9)) GFLOP/s and \
      \(rounded(plan.machine.bytesPerSecond / 1e9)) GB/s
      predicted floor \(rounded(plan.floorMilliseconds)) ms, unless a cache saves bytes
      """
  }

  private func rounded(_ value: Double) -> String { String(format: "%.3g", value) }

  private func megabytes(_ bytes: Int) -> String { rounded(Double(bytes) / 1e6) + " MB" }
}
