import Experiments
import TrainingMetrics

extension MetricTable {
  init(_ stored: StoredTable) {
    self.init(
      name: stored.name, rowAxis: stored.rowAxis, columnAxis: stored.columnAxis, rows: stored.rows,
      columns: stored.columns, values: stored.values)
  }

  /// Rows and columns for a terminal, without a title.
  var text: String {
    var table = Table(
      ["\(rowAxis) \\ \(columnAxis)"] + columns, [.left] + Array(repeating: .right, count: columns.count))
    table.rows = rows.enumerated().map { index, name in
      let cells = values.dropFirst(index * columns.count).prefix(columns.count).map(Formatting.number)
      // A damaged store may hold fewer.
      return [name] + cells + Array(repeating: "–", count: columns.count - cells.count)
    }
    return table.text
  }

  /// With some members more, which say where the table comes from.
  func json(_ more: [(String, JSONValue)] = []) -> JSONValue {
    .object(
      [("name", .text(name))] + more + [
        ("rowAxis", .text(rowAxis)), ("columnAxis", .text(columnAxis)), ("rows", .texts(rows)),
        ("columns", .texts(columns)), ("values", .array(values.map(JSONValue.number))),
      ])
  }
}
