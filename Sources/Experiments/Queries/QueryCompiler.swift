import Foundation
import GRDB
import Registry

/// Turns expressions into SQL whose values are all bound, never pasted.
struct QueryCompiler {
  let columns: QueryColumns
  /// Runs that the table calls running and whose process has ended.
  let interrupted: [Int64]
  /// The expression, for errors.
  let text: String

  func condition(_ expression: QueryExpression) throws -> SQL {
    switch expression {
    // Side by side and not nested: SQLite's parser has a stack of a hundred.
    case .all(let parts):
      return "(\(try parts.map(condition).joined(separator: " AND ")))"
    case .any(let parts):
      return "(\(try parts.map(condition).joined(separator: " OR ")))"
    case .not(let inner):
      // A comparison with nothing is neither true nor false; its opposite is to be true.
      return "NOT coalesce(\(try condition(inner)), FALSE)"
    case .oneOf(let name, let wanted):
      let values = try values(of: name)
      return values.having(try equality(values, name, wanted))
    case .ordered(let name, let order, let bound):
      let values = try values(of: name)
      return values.having(try comparison(values, name, order, bound))
    case .like(let name, let pattern):
      let values = try values(of: name)
      guard let column = values.text else { throw failure(.needsText(column: name.name), at: name.place) }
      return values.having(QueryPattern.condition(column, isASCII: values.type == .part, pattern.text))
    case .missing(let name):
      return try values(of: name).missing
    }
  }

  private func values(of name: QueryName) throws -> QueryValues {
    switch try columns.column(name, text: text, origin: "where") {
    case .field(let field):
      return QueryValues(field.type, fieldSQL(field))
    case .tag:
      return QueryValues(.word, "tag", in: "SELECT run FROM run_tags WHERE TRUE")
    case .kind(let kind):
      return QueryValues(.part, "part", in: "SELECT run FROM run_components WHERE kind = \(kind)")
    case .argument(let kind, let argument):
      let rows: SQL = "SELECT run FROM run_components WHERE kind = \(kind) AND argument = \(argument)"
      return QueryValues(.argument, "value", in: rows)
    case .memberValue(let key):
      return QueryValues(.argument, "value", in: "SELECT run FROM group_member_values WHERE key = \(key)")
    case .metric(let metric, let function):
      // One that has no direction has no best value.
      let direction: SQL =
        function == .best
        ? " AND coalesce(direction, \(MetricDirection(guessedFrom: metric).rawValue)) <> 'neither'" : ""
      let rows: SQL = "SELECT run FROM metric_summaries WHERE name = \(metric)\(direction)"
      return QueryValues(.number, Self.figure(function, of: metric), in: rows)
    }
  }

  private func equality(_ values: QueryValues, _ name: QueryName, _ wanted: [QueryValue]) throws -> SQL {
    switch values.type {
    case .text, .word, .part: return Self.oneOf(wanted.map(\.text), values.column)
    case .status: return Self.oneOf(try wanted.map(status), values.column)
    case .number: return Self.oneOf(try wanted.map { try number($0, name) }, values.column)
    case .seed: return Self.oneOf(try wanted.map { Int64(bitPattern: try seed($0, name)) }, values.column)
    case .date:
      return Self.any(
        try wanted.map { value in
          let range = try date(value, name)
          return "(\(values.column) >= \(range.lowerBound) AND \(values.column) < \(range.upperBound))"
        }[...])
    case .argument:
      let numbers = wanted.compactMap(\.exactNumber)
      let texts = wanted.filter { $0.exactNumber == nil }.map(\.text)
      if texts.isEmpty { return Self.oneOf(numbers, "number") }
      if numbers.isEmpty { return Self.oneOf(texts, "value") }
      return "(\(Self.oneOf(numbers, "number")) OR \(Self.oneOf(texts, "value")))"
    }
  }

  private func comparison(_ values: QueryValues, _ name: QueryName, _ order: QueryOrder, _ bound: QueryValue) throws
    -> SQL
  {
    let sign = SQL(sql: order.rawValue)
    switch values.type {
    case .word, .part, .status:
      throw failure(.needsOrder(column: name.name, relation: order.rawValue), at: name.place)
    case .text:
      return "\(values.column) \(sign) \(bound.text)"
    case .number:
      return "\(values.column) \(sign) \(try number(bound, name))"
    case .argument:
      guard let number = bound.number else {
        throw failure(.needsNumber(column: name.name, found: bound.text), at: bound.place)
      }
      return "number \(sign) \(number)"
    case .seed:
      let shifted = Int64(bitPattern: try seed(bound, name) ^ 1 << 63)
      return "\(Self.unsignedOrder(of: values.column)) \(sign) \(shifted)"
    case .date:
      // Before the day, not after it, after it, not before it.
      let range = try date(bound, name)
      switch order {
      case .less: return "\(values.column) < \(range.lowerBound)"
      case .lessOrEqual: return "\(values.column) < \(range.upperBound)"
      case .greater: return "\(values.column) >= \(range.upperBound)"
      case .greaterOrEqual: return "\(values.column) >= \(range.lowerBound)"
      }
    }
  }

  private static func oneOf<Value: SQLExpressible>(_ values: [Value], _ column: SQL) -> SQL {
    if let only = values.first, values.count == 1 { return "\(column) = \(only)" }
    return "\(column) IN \(values)"
  }

  /// As a balanced tree: one side by side would be as deep as it is long, and SQLite takes a depth of a thousand.
  private static func any(_ conditions: ArraySlice<SQL>) -> SQL {
    if let only = conditions.first, conditions.count == 1 { return only }
    let half = conditions.count / 2
    return "(\(any(conditions.prefix(half))) OR \(any(conditions.dropFirst(half))))"
  }

  /// Integers of 64 bits without a sign, in the order of those with one: the highest bit is turned round.
  static func unsignedOrder(of column: SQL) -> SQL {
    "((\(column) | \(Int64.min)) - (\(column) & \(Int64.min)))"
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
    case .note: "r.note"
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
    case .origin: "r.origin"
    case .group:
      """
      (SELECT name FROM run_groups WHERE number = (SELECT group_number FROM group_members WHERE run = r.number))
      """
    case .member: "(SELECT position FROM group_members WHERE run = r.number)"
    }
  }
}
