import GRDB
import Registry

/// What a value means to the column that it is held against.
extension QueryCompiler {
  func failure(_ problem: QueryError.Problem, at place: Range<Int>) -> QueryError {
    QueryError(problem, text: text, origin: "where", place: place)
  }

  /// As an integer where it is one, so that large ones keep all their digits.
  func number(_ value: QueryValue, _ name: QueryName) throws -> DatabaseValue {
    if let integer = Int64(value.text) { return integer.databaseValue }
    guard let number = value.number else {
      throw failure(.needsNumber(column: name.name, found: value.text), at: value.place)
    }
    return number.databaseValue
  }

  func seed(_ value: QueryValue, _ name: QueryName) throws -> UInt64 {
    guard let seed = UInt64(value.text) ?? value.number.flatMap(UInt64.init(exactly:)) else {
      throw failure(.needsSeed(column: name.name, found: value.text), at: value.place)
    }
    return seed
  }

  func date(_ value: QueryValue, _ name: QueryName) throws -> Range<Double> {
    guard let date = QueryDate(value.text) else {
      throw failure(.needsDate(column: name.name, found: value.text), at: value.place)
    }
    return date.range
  }

  func status(_ value: QueryValue) throws -> String {
    guard let status = RunStatus(rawValue: value.text) else {
      let near = nearest(to: value.text, among: RunStatus.allCases.map(\.rawValue))
      throw failure(.unknownStatus(value.text, nearest: near), at: value.place)
    }
    return status.rawValue
  }
}

extension QueryValue {
  /// The number that the text reads as, if a `Double` tells it from its neighbours.
  var exactNumber: Double? {
    let magnitude = Int64(text)?.magnitude ?? UInt64(text) ?? 0
    return magnitude >= 1 << 53 ? nil : number
  }
}
