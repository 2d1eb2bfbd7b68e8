import Registry
import Testing

/// Arguments that do not go together are refused when a part is made, with the caret under the one to blame.
@Suite struct ContradictionsTests {
  static let registry = CatalogueConformanceTests.catalogue()

  /// What is written, the text above the caret, and the sentence.
  static let refused: [(text: String, blamed: String, sentence: String)] = [
    ("sgd(nesterov: true)", "true", "sgd: nesterov needs momentum above 0"),
    (
      "sgd(momentum: 0.9, nesterov: true, dampening: 0.5)", "0.5", "sgd: nesterov needs dampening 0, not 0.5"
    ),
    ("uniform(1, high: 0.5)", "1", "uniform: low 1.0 is above high 0.5"),
    ("uniform(high: -1)", "uniform", "uniform: low -0.05 is above high -1.0"),
    (
      "max-pool(3, padding: 2)", "2",
      "max-pool: padding 2 is more than half of the window's size 3, so some windows would be empty"
    ),
    (
      "average-pool(padding: 4)", "4",
      "average-pool: padding 4 is more than half of the window's size 2, so some windows would be empty"
    ),
    ("conv(6, groups: 4)", "4", "conv: groups 4 must divide the 6 filters"),
    ("conv-transpose(6, groups: 4)", "4", "conv-transpose: groups 4 must divide the 6 filters"),
    (
      "conv-transpose(4, stride: 2, output-padding: 2)", "2",
      "conv-transpose: output-padding 2 must be less than the stride 2"
    ),
    ("sequence(residual(repeat(2, conv(6, groups: 4))))", "4", "conv: groups 4 must divide the 6 filters"),
    ("dense(4, initializer: uniform(2, high: 1))", "2", "uniform: low 2.0 is above high 1.0"),
    ("warmup(multi-step(2, 5, 2))", "2", "multi-step: epoch 2 is named twice"),
    ("csv('t', label: y, drop: [x, y])", "[x, y]", "csv: the label column 'y' is also dropped"),
    (
      "csv('t', label: y, task: regression, categorical: [y])", "[y]",
      "csv: the label 'y' cannot be a category and the number of a regression"
    ),
    (
      "csv('t', label: y, drop: [x], categorical: [x])", "[x]", "csv: column 'x' is both a category and dropped"
    ),
    (
      "csv('t', label: y, header: false)", "y", "csv: without a header columns are named 1, 2, …, not 'y'"
    ),
  ]

  @Test(arguments: refused.indices) func contradictionsAreRefusedWhenAPartIsMade(_ index: Int) throws {
    let (text, blamed, sentence) = Self.refused[index]
    let specification = try Specification(parsing: text, origin: "test")
    let entry = try #require(Self.registry.entries(named: specification.name).first)
    let error = try #require(throws: SpecificationError.self, "\(text)") {
      _ = try Self.registry.make(specification, entry)
    }
    #expect(error.description == sentence, "\(text)")
    let place = try #require(error.place.characters)
    #expect(String(Array(text)[place]) == blamed, "\(text)")
  }

  @Test(arguments: [
    "sgd(momentum: 0.9, nesterov: true)", "uniform(1, high: 1)", "max-pool(3, padding: 1)", "conv(6, groups: 3)",
    "conv-transpose(4, stride: 2, output-padding: 1)", "csv('t', label: '2', drop: ['1'], header: false)",
  ])
  func whatGoesTogetherIsMade(_ text: String) throws {
    let specification = try Specification(parsing: text, origin: "test")
    let entry = try #require(Self.registry.entries(named: specification.name).first)
    _ = try Self.registry.make(specification, entry)
  }
}
