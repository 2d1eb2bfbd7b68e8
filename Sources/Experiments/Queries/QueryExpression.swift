/// What a `where` expression says, not yet held against what the store has.
indirect enum QueryExpression: Sendable, Equatable {
  case all([QueryExpression])
  case any([QueryExpression])
  case not(QueryExpression)
  /// Equal to one of the values: `=`, `in`; under `not`: `!=`, `not in`.
  case oneOf(QueryName, [QueryValue])
  case ordered(QueryName, QueryOrder, QueryValue)
  /// Holds the text, or matches a pattern.
  case like(QueryName, QueryValue)
  /// The run has no value there.
  case missing(QueryName)
}

enum QueryOrder: String, Sendable, CaseIterable {
  case less = "<"
  case lessOrEqual = "<="
  case greater = ">"
  case greaterOrEqual = ">="
}

/// Which figure of a metric.
enum QueryFunction: String, Sendable, CaseIterable {
  case last
  case best
  case min
  case max
  case count
}

/// A column as it is written: `optimizer.rate`, `best(validation.accuracy)`.
struct QueryName: Sendable, Equatable {
  let function: QueryFunction?
  let name: String
  let place: Range<Int>
}

struct QueryValue: Sendable, Equatable {
  let text: String
  let place: Range<Int>

  var number: Double? {
    Double(text).flatMap { $0.isNaN ? nil : $0 }
  }
}
