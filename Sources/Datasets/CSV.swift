import Foundation
public import Registry
import Tensors

/// Inputs `[count, features]` as floats: numeric columns as they are, others with one feature a category (one-hot), in the
/// file's order, categories in alphabetical order.
///
/// A column is numeric if at least half of its fields are numbers; a field of it that is none is then an error. Labels that
/// are texts are classes. With `task: auto`, numeric labels are classes if they are whole, at most 20 different ones, and
/// there are at least three rows to each on average; else they are targets `[count, 1]` of a regression.
public struct CSV: Dataset {
  public static let name = "csv"
  public static let summary = "a table of numbers and categories with a label column"
  public static let formula = "numbers as they are, categories one-hot; rows split at random into training and test"
  public static let reference = "Shafranovich 2005, RFC 4180"

  public enum Task: String, ParameterChoice { case auto, classification, regression }
  public enum Separator: String, ParameterChoice {
    case comma, semicolon, tab

    var byte: UInt8 {
      switch self {
      case .comma: UInt8(ascii: ",")
      case .semicolon: UInt8(ascii: ";")
      case .tab: UInt8(ascii: "\t")
      }
    }
  }

  @Parameter("the file; also looked for in the folders of FLEDGE_DATA", example: "table.csv") public var file: String
  @Parameter("the column to predict", example: "label") public var label: String
  @Parameter("whether labels are classes or numbers; auto decides by their values") public var task = Task.auto
  @Parameter("part of the rows that is kept for testing", in: 0..<1) public var test = 0.2
  @Parameter("what the split follows from; without it, the run's seed", in: 0...) public var seed: Int? = nil
  @Parameter("columns to leave out") public var drop: [String] = []
  @Parameter("columns whose numbers are categories") public var categorical: [String] = []
  @Parameter("what stands between fields") public var separator = Separator.comma
  @Parameter("whether the first line names the columns; else they are 1, 2, …") public var header = true
  @Parameter("keep only so many of the training and of the test rows", in: 1...) public var limit: Int? = nil

  public init() {}

  public func validate() throws(ArgumentError) {
    if drop.contains(label) { throw ArgumentError("the label column '\(label)' is also dropped", at: "drop") }
    if task == .regression, categorical.contains(label) {
      throw ArgumentError("the label '\(label)' cannot be a category and the number of a regression", at: "categorical")
    }
    if let column = categorical.first(where: drop.contains) {
      throw ArgumentError("column '\(column)' is both a category and dropped", at: "categorical")
    }
    guard !header else { return }
    for (argument, columns) in [("label", [label]), ("drop", drop), ("categorical", categorical)] {
      if let column = columns.first(where: { (Int($0) ?? 0) < 1 }) {
        throw ArgumentError("without a header columns are named 1, 2, …, not '\(column)'", at: argument)
      }
    }
  }

  public func load(_ context: DatasetContext) throws(DatasetError) -> DatasetSplits {
    let path = try findFile(context)
    var table = try CSVTable(
      readFile(path), separator: separator.byte, hasHeader: header, categorical: categorical, file: path)
    let labelIndex = try table.index(of: label, as: "label column")
    let dropped = try Set(drop.map { name throws(DatasetError) in try table.index(of: name, as: "column to drop") })
    let inputs = table.columns.indices.filter { $0 != labelIndex && !dropped.contains($0) }
    let examples = try table.examples(inputs: inputs, label: labelIndex, task: task)
    return try split(examples, file: path, seed: seed.map(UInt64.init) ?? context.seed).limited(to: limit)
  }

  /// Rows keep the file's order within each part.
  private func split(_ examples: Examples, file: String, seed: UInt64) throws(DatasetError) -> DatasetSplits {
    guard test > 0 else { return DatasetSplits(train: examples, test: nil) }
    guard examples.count > 1 else {
      throw DatasetError(
        .badSplit, at: .init(file: file), "a single row cannot be split into training and test rows",
        remedy: "use test: 0")
    }
    let testCount = max(1, min(examples.count - 1, Int((test * Double(examples.count)).rounded())))
    var stream = RandomStream(seed: seed, "csv split")
    let order = stream.permutation(examples.count)
    return DatasetSplits(
      train: examples[order.dropFirst(testCount).sorted()], test: examples[order.prefix(testCount).sorted()])
  }

  private func findFile(_ context: DatasetContext) throws(DatasetError) -> String {
    let places = [context.path(file)] + (file.hasPrefix("/") ? [] : context.dataFolders.map { "\($0)/\(file)" })
    if let place = places.first(where: FileManager.default.fileExists) { return place }
    throw DatasetError(
      .missing, "there is no file '\(file)'\n  searched: \(places.joined(separator: ", "))",
      remedy: "check the path; relative ones start from the working folder or a folder of FLEDGE_DATA")
  }

  private func readFile(_ path: String) throws(DatasetError) -> [UInt8] {
    var isFolder: ObjCBool = false
    if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue {
      throw DatasetError(.unreadable, at: .init(file: path), "is a folder", remedy: "name a file in it")
    }
    do {
      return [UInt8](try Data(contentsOf: URL(filePath: path), options: .mappedIfSafe))
    } catch {
      throw DatasetError(.unreadable, at: .init(file: path), "cannot be read: \(String(cString: strerror(errno)))")
    }
  }
}
