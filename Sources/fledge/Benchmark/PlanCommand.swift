import ArgumentParser
import Foundation
import Orchestrator

struct PlanCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plan", abstract: "Prints the program that a recipe's training step becomes.",
    discussion: """
      One line a kernel in the order of execution: what it computes, the layouts, and the library's algorithm. The floor is
      the time that the step's matrix products and convolutions take at the speed of a large matrix product.

      fledge plan Integration/benchmarks/workloads/lenet.yaml
      """)

  @Argument(help: "A recipe in YAML; the same as --recipe.", completion: .file()) var path: String?
  @OptionGroup var recipe: RecipeOptions
  @OptionGroup var output: OutputOptions

  func run() throws {
    var options = recipe
    options.recipe = path ?? recipe.recipe
    let plan = try Orchestrator.linked().plan(options.makeRecipe())
    if output.json {
      return try Console.result(
        JSONValue.object([
          ("backend", .text(plan.backend)), ("batch", .integer(plan.batch)),
          ("parameters", .integer(plan.parameterCount)),
          ("arena_bytes", .integer(plan.arenaBytes)), ("unshared_bytes", .integer(plan.unsharedBytes)),
          ("floating_point_operations", .number(plan.floatingPointOperations)),
          ("floor_ms", .number(plan.floorMilliseconds)), ("kernels", .texts(plan.kernels)),
        ]))
    }
    func rounded(_ value: Double) -> String { String(format: "%.3g", value) }
    try Console.result(
      """
      \(plan.kernels.joined(separator: "\n"))

      backend \(plan.backend), batch \(plan.batch), \(plan.parameterCount) parameters
      arena \(rounded(Double(plan.arenaBytes) / 1e6)) MB, \(rounded(Double(plan.unsharedBytes) / 1e6)) MB without sharing
      \(rounded(plan.floatingPointOperations / 1e9)) GFLOP, at least \(rounded(plan.floorMilliseconds)) ms at \
      \(rounded(plan.peakOperationsPerSecond / 1e9)) GFLOP/s
      """)
  }
}
