import GRDB
import Registry

/// A column of the store, found for a name in a query.
enum QueryColumn: Sendable, Equatable {
  enum Field: String, Sendable, CaseIterable {
    case id, name, note, status, reason, seed, created, finished, epochs, steps, duration, memory, threads, host,
      backend
    case revision, origin, group, member

    var type: QueryValues.Kind {
      switch self {
      case .id, .name, .note, .reason, .host, .backend, .revision, .origin, .group: .text
      case .status: .status
      case .seed: .seed
      case .epochs, .steps, .duration, .memory, .threads, .member: .number
      case .created, .finished: .date
      }
    }
  }

  case field(Field)
  case tag
  case kind(String)
  case argument(kind: String, name: String)
  /// What tells the members of a group apart.
  case memberValue(String)
  case metric(String, QueryFunction)
}

/// Finds the columns that names mean, once a query.
struct QueryColumns {
  let database: Database
  let known: Set<String>
  /// In a store without runs, every name of a column may be right.
  private let hasRuns: Bool

  init(_ database: Database, known: [String]) throws {
    self.database = database
    self.known = Set(known)
    hasRuns = try Row.fetchOne(database, sql: "SELECT 1 FROM runs LIMIT 1") != nil
  }

  /// - Throws: `QueryError` with the nearest column.
  func column(_ name: QueryName, text: String, origin: String) throws -> QueryColumn {
    func failure(_ problem: QueryError.Problem) -> QueryError {
      QueryError(problem, text: text, origin: origin, place: name.place)
    }
    if let function = name.function {
      if try isMetric(name.name) { return .metric(name.name, function) }
      if try plain(name.name) != nil { throw failure(.notAMetric(name.name, function: function.rawValue)) }
      if !hasRuns || known.contains(name.name) { return .metric(name.name, function) }
      let metrics = try metricNames()
      throw failure(
        .unknownColumn(name.name, nearest: nearest(to: name.name, among: metrics), existing: metrics))
    }
    if let column = try plain(name.name) { return column }
    if try isMetric(name.name) { return .metric(name.name, .last) }
    if !hasRuns || known.contains(name.name) { return guess(name.name) }
    let existing = try existing()
    throw failure(
      .unknownColumn(
        name.name, nearest: nearest(to: name.name, among: existing + ["tag"]), existing: existing))
  }

  private func plain(_ name: String) throws -> QueryColumn? {
    if let field = QueryColumn.Field(rawValue: name) { return .field(field) }
    if name == "tag" || name == "tags" { return .tag }
    if try exists("run_components WHERE kind = ?", [name]) { return .kind(name) }
    if let (kind, argument) = split(name),
      try exists("run_components WHERE kind = ? AND argument = ?", [kind, argument])
    {
      return .argument(kind: kind, name: argument)
    }
    if try exists("group_member_values WHERE key = ?", [name]) { return .memberValue(name) }
    return nil
  }

  /// For a column that no run has: of a kind that is known, an argument; otherwise a metric.
  private func guess(_ name: String) -> QueryColumn {
    guard let (kind, argument) = split(name) else { return .kind(name) }
    return known.contains(kind) ? .argument(kind: kind, name: argument) : .metric(name, .last)
  }

  private func split(_ name: String) -> (kind: String, argument: String)? {
    guard let dot = name.firstIndex(of: ".") else { return nil }
    return (String(name[..<dot]), String(name[name.index(after: dot)...]))
  }

  private func isMetric(_ name: String) throws -> Bool {
    try exists("metric_summaries WHERE name = ?", [name])
  }

  private func exists(_ condition: String, _ arguments: StatementArguments) throws -> Bool {
    try Row.fetchOne(database, sql: "SELECT 1 FROM \(condition) LIMIT 1", arguments: arguments) != nil
  }

  private func metricNames() throws -> [String] {
    try String.fetchAll(database, sql: "SELECT DISTINCT name FROM metric_summaries ORDER BY name")
  }

  private func existing() throws -> [String] {
    let parts = try String.fetchAll(
      database,
      sql: """
        SELECT DISTINCT kind FROM run_components
        UNION SELECT DISTINCT kind || '.' || argument FROM run_components WHERE argument IS NOT NULL
        UNION SELECT DISTINCT key FROM group_member_values
        """)
    let fields = QueryColumn.Field.allCases.map(\.rawValue)
    return fields + ["tag"] + Set(parts + known).sorted() + (try metricNames())
  }
}
