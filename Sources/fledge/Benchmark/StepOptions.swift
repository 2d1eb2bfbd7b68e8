import ArgumentParser
import Losses
import Orchestrator
import Registry

/// The recipe of a step, on synthetic data if sizes are given.
struct StepOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Synthetic examples in place of a dataset: height x width x channels, or features.", valueName: "sizes"))
  var input: String?
  @Option(
    help: ArgumentHelp(
      "Classes of synthetic examples; 0 makes the inputs the targets (default: 10, or 0 for a loss of numbers).",
      valueName: "count"))
  var classes: Int?
  @OptionGroup var recipe: RecipeOptions

  func validate() throws {
    if let classes, classes < 0 { throw ValidationError("--classes: expected at least 0, found \(classes)") }
    if classes != nil, input == nil { throw ValidationError("--classes: of synthetic examples, so --input is needed") }
  }

  func makeRecipe() throws -> Recipe {
    var recipe = try recipe.makeRecipe()
    guard let input else { return recipe }
    let sizes = try Self.sizes(input).map(String.init).joined(separator: ", ")
    let count = max(recipe.batch, 1024 / recipe.batch * recipe.batch)
    let classes = try classes ?? (takesNumbers(recipe.loss) ? 0 : 10)
    try recipe.set(
      "dataset", to: "synthetic(shape: [\(sizes)], classes: \(classes), count: \(count))", origin: "--input")
    return recipe
  }

  /// A loss that cannot be made is the orchestrator's to report.
  private func takesNumbers(_ loss: String) throws -> Bool {
    let part = try? Registry.linked().make(loss, as: Kind<any Loss>.loss, origin: "--loss")
    return part?.targetKind == .numbers
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
}
