/// What a `where` expression says, not yet held against what the store has.
indirect enum QueryExpression: Sendable, Equatable {
  case all([QueryExpression])
  case any([QueryExpression])
  case not(QueryExpression)
  case comparison(QueryName, QueryRelation, QueryValue)
}

enum QueryRelation: String, Sendable, CaseIterable {
  case equal = "="
  case unequal = "!="
  case less = "<"
  case lessOrEqual = "<="
  case greater = ">"
  case greaterOrEqual = ">="
  /// Contains, or matches a pattern with * and ?; in letters of either case.
  case like = "~"
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
