import GRDB

extension ExperimentStore {
  /// The columns that the query asks for, of the runs that match.
  /// - Throws: `StoreError`, with a `QueryError` for what is wrong with the query.
  public func list(_ query: RunQuery) throws -> RunListing {
    try read { database in
      try self.reportingQueryErrors {
        let compiled = try CompiledQuery(query, database)
        try CompiledQuery.requireFew(query.columns, origin: "columns")
        let columns = try query.columns.map { text in
          let name = try QueryParser.name(text, origin: "columns")
          return try compiled.columns.column(name, text: text, origin: "columns")
        }
        return RunListing(columns: query.columns, rows: try compiled.rows(columns, database))
      }
    }
  }

  /// Everything about the runs that match, but their components and metrics; slower than a listing.
  /// - Throws: `StoreError`, with a `QueryError` for what is wrong with the query.
  public func runs(_ query: RunQuery = RunQuery()) throws -> [RunRecord] {
    try read { database in try self.records(query, database) }
  }

  func records(_ query: RunQuery, _ database: Database) throws -> [RunRecord] {
    try reportingQueryErrors {
      let compiled = try CompiledQuery(query, database)
      let rows = try compiled.fetch(SQL(sql: RunRecord.columns), from: SQL(sql: RunRecord.source), database)
      let tags = try compiled.tags(database)
      let interrupted = Set(compiled.interrupted)
      return try rows.map { row in
        try RunRecord(row, tags: tags[row.value("number")] ?? [], interrupted: interrupted)
      }
    }
  }

  private func reportingQueryErrors<Result>(_ body: () throws -> Result) throws -> Result {
    do {
      return try body()
    } catch let error as QueryError {
      throw StoreError(.invalidQuery(error), path: path, cause: error)
    }
  }
}

/// A query whose columns have been found.
private struct CompiledQuery {
  let columns: QueryColumns
  let interrupted: [Int64]
  private let compiler: QueryCompiler
  private let condition: SQL
  private let order: SQL
  private let limit: Int

  init(_ query: RunQuery, _ database: Database) throws {
    columns = try QueryColumns(database, known: query.knownColumns)
    interrupted = try Liveness.interrupted(database)
    let compiler = QueryCompiler(columns: columns, interrupted: interrupted, text: query.where ?? "")
    self.compiler = compiler
    condition = try query.where.map { try compiler.condition(QueryParser.expression($0)) } ?? "TRUE"
    try Self.requireFew(query.sort, origin: "sort")
    let keys = try query.sort.map { [columns] in try Self.key($0, columns, compiler) }
    order = (keys + ["r.number DESC"]).joined(separator: ", ")
    limit = query.limit ?? -1
  }

  /// - Throws: `QueryError` for more than SQLite could return or sort by.
  static func requireFew(_ columns: [String], origin: String) throws {
    guard columns.count > mostColumns else { return }
    throw QueryError(.tooManyColumns(columns.count, limit: mostColumns), text: "", origin: origin, place: 0..<0)
  }

  /// SQLite's own limit is 2000, in some builds.
  private static let mostColumns = 1000

  func fetch(_ selection: SQL, from source: SQL, _ database: Database) throws -> [Row] {
    try SQLRequest<Row>(
      literal: "SELECT \(selection) FROM \(source) WHERE \(condition) ORDER BY \(order) LIMIT \(limit)"
    ).fetchAll(database)
  }

  func tags(_ database: Database) throws -> [Int64: [String]] {
    let rows = try Row.fetchAll(database, sql: "SELECT run, tag FROM run_tags ORDER BY tag")
    var tags: [Int64: [String]] = [:]
    for row in rows { tags[try row.value(0), default: []].append(try row.value(1)) }
    return tags
  }

  /// First which runs, then the cells of those: SQLite would fill in the cells of every candidate before it sorts.
  func rows(_ columns: [QueryColumn], _ database: Database) throws -> [[RunValue]] {
    let numbers = try fetch("r.number", from: "runs r", database).map { try $0.value(0) as Int64 }
    guard !columns.isEmpty else { return numbers.map { _ in [] } }
    let found = "[\(numbers.map(String.init).joined(separator: ","))]"
    let cells = columns.map { Self.cell($0, compiler) }.joined(separator: ", ")
    let cursor = try SQLRequest<Row>(
      literal: """
        SELECT \(cells) FROM json_each(\(found)) found CROSS JOIN runs r ON r.number = found.value ORDER BY found.key
        """
    ).fetchCursor(database)
    let types = columns.map { column in
      if case .field(let field) = column { field.type } else { nil as QueryValues.Kind? }
    }
    var rows: [[RunValue]] = []
    rows.reserveCapacity(numbers.count)
    while let row = try cursor.next() {
      rows.append(types.indices.map { Self.value(row[$0] as DatabaseValue, types[$0]) })
    }
    return rows
  }

  private static func value(_ value: DatabaseValue, _ type: QueryValues.Kind?) -> RunValue {
    switch value.storage {
    case .null, .blob: .none
    case .int64(let integer) where type == .seed && integer < 0: .unsigned(UInt64(bitPattern: integer))
    case .int64(let integer): .integer(Int(integer))
    case .double(let number): type == .date ? .date(number) : .number(number)
    case .string(let text): .text(text)
    }
  }

  private static func key(_ text: String, _ columns: QueryColumns, _ compiler: QueryCompiler) throws -> SQL {
    let isDescending = text.hasPrefix("-")
    // A space in the place of the sign, so that columns in errors are those of the text.
    let name = try QueryParser.name(isDescending ? " " + text.dropFirst() : text, origin: "sort")
    let column = try columns.column(name, text: text, origin: "sort")
    if column == .tag {
      throw QueryError(.notSortable(name.name), text: text, origin: "sort", place: name.place)
    }
    let direction: SQL = isDescending ? "DESC NULLS LAST" : "ASC NULLS LAST"
    let key = column == .field(.seed) ? QueryCompiler.unsignedOrder(of: "r.seed") : cell(column, compiler)
    return "\(key) \(direction)"
  }

  /// One value a run: of several parts or arguments, the different ones in order, joined by commas.
  ///
  /// A unary + keeps SQLite from walking an index in the order of the grouping: the rows of the run are few.
  private static func cell(_ column: QueryColumn, _ compiler: QueryCompiler) -> SQL {
    switch column {
    case .field(let field):
      compiler.fieldSQL(field)
    case .tag:
      "(SELECT group_concat(tag, ', ') FROM run_tags WHERE run = r.number)"
    case .kind(let kind):
      """
      (SELECT group_concat(part, ', ') FROM
        (SELECT part FROM run_components WHERE run = r.number AND kind = \(kind) GROUP BY +part ORDER BY min(position)))
      """
    case .argument(let kind, let name):
      """
      (SELECT CASE count(*) WHEN 1 THEN coalesce(max(number), max(value)) ELSE group_concat(value, ', ') END FROM
        (SELECT number, value FROM run_components WHERE run = r.number AND kind = \(kind) AND argument = \(name)
          GROUP BY +value ORDER BY min(position)))
      """
    case .memberValue(let key):
      "(SELECT coalesce(number, value) FROM group_member_values WHERE run = r.number AND key = \(key))"
    case .metric(let metric, let function):
      """
      (SELECT \(QueryCompiler.figure(function, of: metric)) FROM metric_summaries
        WHERE run = r.number AND name = \(metric))
      """
    }
  }
}
