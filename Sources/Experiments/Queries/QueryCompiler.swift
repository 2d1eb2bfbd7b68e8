import Foundation
import GRDB
import Registry

/// Turns expressions into SQL whose values are all bound, never pasted.
struct QueryCompiler {
  let columns: QueryColumns
  /// Runs that the table calls running and whose process has ended.
  let interrupted: [Int64]

  func condition(_ expression: QueryExpression, text: String) throws -> SQL {
    switch expression {
    // Side by side and not nested: SQLite's parser has a stack of a hundred.
    case .all(let parts):
      return "(\(try parts.map { try condition($0, text: text) }.joined(separator: " AND ")))"
    case .any(let parts):
      return "(\(try parts.map { try condition($0, text: text) }.joined(separator: " OR ")))"
    case .not(let inner):
      // A comparison with nothing is neither true nor false; its opposite is to be true.
      return "NOT coalesce(\(try condition(inner, text: text)), FALSE)"
    case .comparison(let name, let relation, let value):
      let column = try columns.column(name, text: text, origin: "where")
      return try comparison(column, name, relation, value, text)
    }
  }

  private func comparison(
    _ column: QueryColumn, _ name: QueryName, _ relation: QueryRelation, _ value: QueryValue, _ text: String
  ) throws -> SQL {
    func failure(_ problem: QueryError.Problem, at place: Range<Int>) -> QueryError {
      QueryError(problem, text: text, origin: "where", place: place)
    }
    switch column {
    case .field(let field):
      switch field.type {
      case .text: return Self.text(fieldSQL(field), relation, value)
      case .number:
        guard let number = Self.literal(value) else {
          throw failure(.needsNumber(column: name.name, found: value.text), at: value.place)
        }
        return try ordered(fieldSQL(field), relation, "\(number)", name, text)
      case .date:
        guard let date = QueryDate.seconds(value.text) else {
          throw failure(.needsDate(column: name.name, found: value.text), at: value.place)
        }
        return try ordered(fieldSQL(field), relation, "\(date)", name, text)
      }
    case .tag:
      return try oneOf("SELECT run FROM run_tags WHERE", "tag", name, relation, value, text)
    case .kind(let kind):
      return try oneOf("SELECT run FROM run_components WHERE kind = \(kind) AND", "part", name, relation, value, text)
    case .argument(let kind, let argument):
      let having: SQL = "SELECT run FROM run_components WHERE kind = \(kind) AND argument = \(argument)"
      return try self.argument(having, name, relation, value, text)
    case .memberValue(let key):
      return try argument("SELECT run FROM group_member_values WHERE key = \(key)", name, relation, value, text)
    case .metric(let metric, let function):
      guard let number = Self.literal(value) else {
        throw failure(.needsNumber(column: name.name, found: value.text), at: value.place)
      }
      let figure = Self.figure(function, of: metric)
      let matching = try ordered(figure, relation, "\(number)", name, text)
      return "r.number IN (SELECT run FROM metric_summaries WHERE name = \(metric) AND \(matching))"
    }
  }

  /// A column of which a run may have several values, without an order.
  private func oneOf(
    _ selection: SQL, _ column: SQL, _ name: QueryName, _ relation: QueryRelation, _ value: QueryValue, _ text: String
  ) throws -> SQL {
    switch relation {
    case .equal, .like: return "r.number IN (\(selection) \(Self.text(column, relation, value)))"
    case .unequal: return "r.number NOT IN (\(selection) \(Self.text(column, .equal, value)))"
    case .less, .lessOrEqual, .greater, .greaterOrEqual:
      throw QueryError(
        .needsOrder(column: name.name, relation: relation.rawValue), text: text, origin: "where", place: name.place)
    }
  }

  /// A column of rows beside the runs that have a text, and a number where the text reads as one.
  ///
  /// `having`: the runs that have such a row; conditions on the row may follow.
  private func argument(
    _ having: SQL, _ name: QueryName, _ relation: QueryRelation, _ value: QueryValue, _ text: String
  ) throws -> SQL {
    let number = value.number
    switch relation {
    case .like:
      return "r.number IN (\(having) AND \(Self.text("value", .like, value)))"
    case .equal, .unequal:
      let equal: SQL = number.map { "number = \($0)" } ?? "value = \(value.text)"
      let matching: SQL = "r.number IN (\(having) AND \(equal))"
      return relation == .equal ? matching : "(r.number IN (\(having)) AND NOT \(matching))"
    case .less, .lessOrEqual, .greater, .greaterOrEqual:
      guard let number else {
        throw QueryError(
          .needsNumber(column: name.name, found: value.text), text: text, origin: "where", place: value.place)
      }
      return "r.number IN (\(having) AND \(try ordered("number", relation, "\(number)", name, text)))"
    }
  }

  private func ordered(
    _ column: SQL, _ relation: QueryRelation, _ value: SQL, _ name: QueryName, _ text: String
  ) throws -> SQL {
    switch relation {
    case .equal: "\(column) = \(value)"
    case .unequal: "\(column) <> \(value)"
    case .less: "\(column) < \(value)"
    case .lessOrEqual: "\(column) <= \(value)"
    case .greater: "\(column) > \(value)"
    case .greaterOrEqual: "\(column) >= \(value)"
    case .like:
      throw QueryError(
        .unexpected(found: "'~'", expected: "one of = != < <= > >= after the number '\(name.name)'"), text: text,
        origin: "where", place: name.place)
    }
  }

  private static func text(_ column: SQL, _ relation: QueryRelation, _ value: QueryValue) -> SQL {
    switch relation {
    case .equal: return "\(column) = \(value.text)"
    case .unequal: return "\(column) <> \(value.text)"
    case .less: return "\(column) < \(value.text)"
    case .lessOrEqual: return "\(column) <= \(value.text)"
    case .greater: return "\(column) > \(value.text)"
    case .greaterOrEqual: return "\(column) >= \(value.text)"
    case .like:
      let isPattern = value.text.contains { $0 == "*" || $0 == "?" }
      return isPattern
        ? "lower(\(column)) GLOB lower(\(value.text))" : "instr(lower(\(column)), lower(\(value.text))) > 0"
    }
  }

  /// A number, as an integer where it is one, so that large seeds keep all their digits.
  private static func literal(_ value: QueryValue) -> DatabaseValue? {
    if let integer = Int64(value.text) { return integer.databaseValue }
    if let integer = UInt64(value.text) { return Int64(bitPattern: integer).databaseValue }
    return value.number?.databaseValue
  }

  static func figure(_ function: QueryFunction, of metric: String) -> SQL {
    switch function {
    case .last: "last"
    case .min: "minimum"
    case .max: "maximum"
    case .count: "count"
    case .best:
      """
      CASE coalesce(direction, \(MetricDirection(guessedFrom: metric).rawValue))
        WHEN 'lower' THEN minimum WHEN 'higher' THEN maximum END
      """
    }
  }

  func fieldSQL(_ field: QueryColumn.Field) -> SQL {
    switch field {
    case .id: "r.id"
    case .name: "r.name"
    case .status:
      interrupted.isEmpty
        ? "r.status" : "CASE WHEN r.number IN \(interrupted) THEN 'interrupted' ELSE r.status END"
    case .reason:
      interrupted.isEmpty
        ? "r.stop_reason"
        : "CASE WHEN r.number IN \(interrupted) THEN \(Liveness.reason) ELSE r.stop_reason END"
    case .seed: "r.seed"
    case .created: "r.created"
    case .finished: "r.finished"
    case .epochs: "r.epochs"
    case .steps: "r.steps"
    case .duration: "r.wall_time"
    case .memory: "r.peak_memory"
    case .threads: "r.threads"
    case .host: "r.host"
    case .backend: "r.backend"
    case .revision: "r.git_revision"
    case .group:
      """
      (SELECT name FROM run_groups WHERE number = (SELECT group_number FROM group_members WHERE run = r.number))
      """
    case .member: "(SELECT position FROM group_members WHERE run = r.number)"
    }
  }
}
