import Foundation
import Registry

/// A table whose columns are known; its numbers are read from the bytes when they are asked for.
struct CSVTable {
  let file: String
  private(set) var columns: [CSVColumn]
  private(set) var rowCount = 0
  private let bytes: [UInt8]
  private let separator: UInt8
  private let hasHeader: Bool

  /// Looks through the whole file. `categorical` names columns whose numbers are categories. Throws ``DatasetError``.
  init(_ bytes: [UInt8], separator: UInt8, hasHeader: Bool, categorical: [String], file: String) throws(DatasetError) {
    self.file = file
    self.hasHeader = hasHeader
    self.separator = separator
    // Numbers are parsed in place and end at this zero at the latest.
    self.bytes = bytes + [0]
    var reader = CSVReader(self.bytes, separator: separator, file: file)
    var fields: [CSVReader.Field] = []
    guard try reader.readRow(&fields) else {
      throw DatasetError(.empty, at: .init(file: file), "is empty", remedy: "expected a line of column names and rows")
    }
    columns = []
    for (index, field) in fields.enumerated() {
      let name = hasHeader ? try reader.text(field) : String(index + 1)
      guard !columns.contains(where: { $0.name == name }) else {
        throw DatasetError(
          .repeatedColumn, at: .init(file: file, position: .line(reader.line)), "two columns are named '\(name)'",
          remedy: hasHeader ? "rename one, or set header: false if this line is a row" : "")
      }
      columns.append(CSVColumn(name))
    }
    for name in categorical { columns[try index(of: name, as: "column")].isForcedCategorical = true }
    try forEachRow { table, reader, fields in
      table.rowCount += 1
      for (index, field) in fields.enumerated() {
        table.columns[index].count(isNumber: reader.number(field) != nil)
      }
    }
    guard rowCount > 0 else {
      throw DatasetError(
        .empty, at: .init(file: file), "has no rows",
        remedy: hasHeader ? "if its first line is a row, set header: false" : "")
    }
  }

  /// The position of the column named `name`; `role` is what the user asked for. Throws ``DatasetError``.
  func index(of name: String, as role: String) throws(DatasetError) -> Int {
    if let index = columns.firstIndex(where: { $0.name == name }) { return index }
    let names = columns.map(\.name)
    let hint = nearest(to: name, among: names).map { "did you mean '\($0)'? " } ?? ""
    throw DatasetError(
      .unknownColumn, at: .init(file: file), "there is no \(role) '\(name)'",
      remedy: "\(hint)it has \(names.prefix(20).joined(separator: ", "))\(names.count > 20 ? ", …" : "")")
  }

  /// Finds the different values of these columns. Throws ``DatasetError``.
  mutating func collectValues(of indices: [Int]) throws(DatasetError) {
    try forEachRow { table, reader, fields throws(DatasetError) in
      for index in indices {
        if table.columns[index].isNumeric {
          table.columns[index].collect(try table.number(fields[index], column: index, reader))
        } else {
          table.columns[index].collect(try reader.text(fields[index]))
        }
      }
    }
  }

  /// Calls `body` with each row, all of them as long as the header. Throws ``DatasetError``.
  mutating func forEachRow(
    _ body: (inout CSVTable, CSVReader, [CSVReader.Field]) throws(DatasetError) -> Void
  ) throws(DatasetError) {
    var reader = CSVReader(bytes, separator: separator, file: file)
    var fields: [CSVReader.Field] = []
    if hasHeader { _ = try reader.readRow(&fields) }
    while try reader.readRow(&fields) {
      guard fields.count == columns.count else {
        throw DatasetError(
          .raggedRow, at: .init(file: file, position: .line(reader.line)),
          "expected \(columns.count) fields, found \(fields.count)",
          remedy: "quote fields that hold the separator, or check the separator")
      }
      try body(&self, reader, fields)
    }
  }

  /// The number in a field of a numeric column. Throws ``DatasetError`` that names line, column and text.
  func number(_ field: CSVReader.Field, column: Int, _ reader: CSVReader) throws(DatasetError) -> Double {
    if let number = reader.number(field) { return number }
    let text = try reader.text(field)
    throw DatasetError(
      .notANumber, at: .init(file: file, position: .line(reader.line)),
      "column '\(columns[column].name)' holds numbers, found " + (text.isEmpty ? "nothing" : "'\(text)'"),
      remedy: "correct it, or make the column categorical: categorical: ['\(columns[column].name)']")
  }
}
