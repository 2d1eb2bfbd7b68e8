import Tensors

/// How the label column becomes targets.
enum CSVLabels {
  /// Texts, or numbers written as texts, in the order of the classes.
  case classes([String], isNumeric: Bool)
  case numbers

  private static let greatestAutomaticClassCount = 20
  private static let leastExamplesPerClass = 3

  init(_ column: CSVColumn, rowCount: Int, task: CSV.Task, file: String) throws(DatasetError) {
    if !column.isNumeric {
      guard task != .regression else {
        throw DatasetError(
          .badLabel, at: .init(file: file),
          "the label '\(column.name)' is to be a number (task: regression) but holds texts such as "
            + "'\(column.texts.min() ?? "")'",
          remedy: "use task: classification, or another label")
      }
      self = .classes(try column.categories(in: file), isNumeric: false)
      return
    }
    let classes = column.numbers.allSatisfy { $0.rounded() == $0 } ? column.numbers : []
    switch task {
    case .regression:
      self = .numbers
    case .classification:
      guard !classes.isEmpty, classes.count <= CSVColumn.greatestCategoryCount else {
        throw DatasetError(
          .badLabel, at: .init(file: file),
          "the label '\(column.name)' is to be a class (task: classification) but "
            + (classes.isEmpty
              ? "is not a whole number everywhere" : "has more than \(CSVColumn.greatestCategoryCount) values"),
          remedy: "use task: regression")
      }
      self = .classes(classes.sorted().map(Self.text), isNumeric: true)
    case .auto:
      let isClass =
        !classes.isEmpty && classes.count <= Self.greatestAutomaticClassCount
        && classes.count * Self.leastExamplesPerClass <= rowCount
      self = isClass ? .classes(classes.sorted().map(Self.text), isNumeric: true) : .numbers
    }
  }

  var classNames: [String]? {
    if case .classes(let names, _) = self { names } else { nil }
  }

  static func text(_ number: Double) -> String { Int(exactly: number).map(String.init) ?? String(number) }
}
