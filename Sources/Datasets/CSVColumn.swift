/// What is known of a column of a table after looking at all of its fields.
struct CSVColumn {
  /// More different texts than this make a column that is no category.
  static let greatestCategoryCount = 1000

  let name: String
  /// Whether the user says that its numbers are categories.
  var isForcedCategorical = false
  private var fieldCount = 0
  private var numberCount = 0
  /// The different texts; incomplete once there are too many.
  private(set) var texts: Set<String> = []
  /// The different numbers; incomplete once there are too many.
  private(set) var numbers: Set<Double> = []

  init(_ name: String) { self.name = name }

  mutating func count(isNumber: Bool) {
    fieldCount += 1
    if isNumber { numberCount += 1 }
  }

  mutating func collect(_ number: Double) {
    if numbers.count <= Self.greatestCategoryCount { numbers.insert(number) }
  }

  mutating func collect(_ text: String) {
    if texts.count <= Self.greatestCategoryCount { texts.insert(text) }
  }

  /// Numbers if at least half of the fields are, so that a stray word is an error and not a category.
  var isNumeric: Bool { !isForcedCategorical && numberCount * 2 >= fieldCount }

  /// The categories in alphabetical order. Throws ``DatasetError`` if there are too many.
  func categories(in file: String) throws(DatasetError) -> [String] {
    guard texts.count <= Self.greatestCategoryCount else {
      throw DatasetError(
        .tooManyCategories, at: .init(file: file),
        "column '\(name)' has more than \(Self.greatestCategoryCount) different texts",
        remedy: "leave it out: drop: ['\(name)']")
    }
    return texts.sorted()
  }
}
