import ArgumentParser
import Experiments
import Foundation
import Orchestrator

struct BenchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench", abstract: "Times a training step of a recipe, on synthetic data unless a dataset is named.",
    discussion: """
      A step is the batch's preparation, forward, backward and update; evaluation and the store are left out.

      fledge bench --input 28x28x1 --model 'flatten, dense(512), relu, dense(10)' --steps 200
      """)

  @Argument(help: "A recipe in YAML; the same as --recipe.", completion: .file()) var path: String?
  @Option(
    help: ArgumentHelp("Sizes of a synthetic example: height x width x channels, or features.", valueName: "sizes"))
  var input: String?
  @Option(help: ArgumentHelp("Classes of synthetic examples; 0 makes the inputs the targets.", valueName: "count"))
  var classes = 10
  @Option(help: ArgumentHelp("Steps that are timed.", valueName: "count")) var steps = 100
  @Flag(help: "List the kernels of the step with the time that each takes.") var profile = false
  @OptionGroup var recipe: RecipeOptions
  @OptionGroup var output: OutputOptions

  func validate() throws {
    guard steps >= 1 else { throw ValidationError("--steps: expected at least 1, found \(steps)") }
    guard classes >= 0 else { throw ValidationError("--classes: expected at least 0, found \(classes)") }
  }

  func run() throws {
    var options = recipe
    options.recipe = path ?? recipe.recipe
    var recipe = try options.makeRecipe()
    if let input {
      let sizes = try Self.sizes(input).map(String.init).joined(separator: ", ")
      let count = max(recipe.batch, 1024 / recipe.batch * recipe.batch)
      try recipe.set(
        "dataset", to: "synthetic(shape: [\(sizes)], classes: \(classes), count: \(count))", origin: "--input")
    }
    let result = try Orchestrator.linked().benchmark(recipe, steps: steps, isProfiled: profile)
    if output.json { return try Console.result(json(result).description) }
    try Console.result(text(result))
  }

  /// `28x28x1` as channels, height, width; a single number as features.
  private static func sizes(_ text: String) throws -> [Int] {
    let parts = text.lowercased().split(separator: "x", omittingEmptySubsequences: false).map { Int($0) ?? 0 }
    guard (1...3).contains(parts.count), parts.allSatisfy({ $0 > 0 }) else {
      throw ValidationError(
        "--input: expected height x width x channels, such as 28x28x1, or features, found '\(text)'")
    }
    switch parts.count {
    case 3: return [parts[2], parts[0], parts[1]]
    case 2: return [1, parts[0], parts[1]]
    default: return parts
    }
  }

  private func json(_ result: StepBenchmark) -> JSONValue {
    .object([
      ("median_ms", .number(result.medianMilliseconds)), ("p10_ms", .number(result.p10Milliseconds)),
      ("p90_ms", .number(result.p90Milliseconds)), ("steps", .integer(result.steps)),
      ("batch", .integer(result.batch)), ("parameters", .integer(result.parameterCount)),
      ("examples_per_second", .number(result.examplesPerSecond)),
      ("gflops", .number(result.operationsPerSecond / 1e9)),
      ("peak_gflops", .number(result.peakOperationsPerSecond / 1e9)), ("share_of_peak", .number(result.shareOfPeak)),
      ("seconds_to_first_step", .number(result.secondsToFirstStep)), ("arena_bytes", .integer(result.arenaBytes)),
      ("peak_memory_bytes", .integer(peakMemoryBytes())),
      (
        "kernels",
        .array(
          result.kernels.map { .object([("kernel", .text($0.title)), ("ms", .optional($0.milliseconds))]) })
      ),
    ])
  }

  private func text(_ result: StepBenchmark) -> String {
    func rounded(_ value: Double) -> String { String(format: "%.3g", value) }
    var facts = [
      (
        "step",
        "\(rounded(result.medianMilliseconds)) ms median of \(result.steps), "
          + "\(rounded(result.p10Milliseconds)) … \(rounded(result.p90Milliseconds)) ms from the 10th to the 90th percentile"
      ),
      ("speed", "\(Int(result.examplesPerSecond)) examples/s"),
      (
        "arithmetic",
        "\(rounded(result.operationsPerSecond / 1e9)) GFLOP/s, \(rounded(100 * result.shareOfPeak)) % of the "
          + "\(rounded(result.peakOperationsPerSecond / 1e9)) that a large matrix product reaches"
      ),
      ("first step", "after \(rounded(result.secondsToFirstStep)) s"),
      (
        "memory",
        "\(rounded(Double(peakMemoryBytes()) / 1e6)) MB at most, \(rounded(Double(result.arenaBytes) / 1e6)) MB the arena"
      ),
    ]
    for kernel in result.kernels {
      if let milliseconds = kernel.milliseconds { facts.append(("\(rounded(milliseconds)) ms", kernel.title)) }
    }
    let width = facts.map(\.0.displayWidth).max() ?? 0
    return facts.map { name, value in
      name + String(repeating: " ", count: width - name.displayWidth + 2) + value
    }.joined(separator: "\n")
  }
}
