import GRDB

/// Where the values of a column stand: in the run's own row, or in rows beside it, of which a run may have none or several.
struct QueryValues {
  enum Kind: Sendable {
    case text, number, date, status, seed
    /// A text without an order.
    case word
    /// The name of a part, which is in ASCII.
    case part
    /// A text, with a number beside it where it reads as one.
    case argument
  }

  let type: Kind
  let column: SQL
  /// The runs that have such a row; conditions on the row may follow.
  private let rows: SQL?

  init(_ type: Kind, _ column: SQL, in rows: SQL? = nil) {
    self.type = type
    self.column = column
    self.rows = rows
  }

  /// What patterns are held against; nil for numbers and dates.
  var text: SQL? {
    switch type {
    case .text, .status, .word, .part, .argument: column
    case .number, .date, .seed: nil
    }
  }

  /// Of the runs, those with a value for which a condition on the column holds.
  func having(_ condition: SQL) -> SQL {
    rows.map { "r.number IN (\($0) AND \(condition))" } ?? condition
  }

  var missing: SQL {
    rows.map { "r.number NOT IN (\($0))" } ?? "\(column) IS NULL"
  }
}
