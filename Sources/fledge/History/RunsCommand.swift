import ArgumentParser
import Experiments
import Foundation
import Registry

struct RunsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "runs",
    abstract: "Lists runs, the newest first, or those that match.",
    discussion: """
      Columns are the run's own (id, name, note, status, reason, seed, created, finished, epochs, steps, duration, \
      memory, threads, host, backend, revision, tag; group and member, for a run of a group), a kind of part \
      (optimizer), an argument of one (optimizer.rate), and any metric (validation.accuracy: its last value; also \
      best(…), min(…), max(…), count(…)).

      fledge runs --where 'optimizer = adam and validation.accuracy > 0.9' --sort -validation.accuracy

      Tests of a column, joined by and, or, not and parentheses:
        a = 1   a != 1   a < 1   a <= 1   a > 1   a >= 1
        a in (1, 2)   a not in (1, 2)   a is missing   a is not missing
        a ~ text   a like 'te*t'   a not like text   has tag good

      != and 'not in' find runs without a value, too. A date is all of its day, minute or second: created = 2026-01-31. \
      ~ and like look for a text; with * (any text) or ? (any character) in it, it is a pattern of the whole value; \
      capitals and small letters are alike. Quote what has spaces or operators in it; \\' is a quote within quotes.
      """)

  @Option(name: .customLong("where"), help: "Only the runs for which this holds.") var condition: String?
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Columns to sort by, separated by commas; -column for the largest first.", valueName: "keys"))
  var sort: String?
  @Option(help: ArgumentHelp("Columns to show, separated by commas.", valueName: "columns")) var columns: String?
  @Option(help: ArgumentHelp("Show at most so many runs; 0 for all.", valueName: "count")) var limit = 50
  @OptionGroup var storage: StoreOptions
  @OptionGroup var output: ListingOptions

  func validate() throws {
    if limit < 0 { throw ValidationError("--limit must be at least 0, not \(limit)") }
  }

  func run() throws {
    var query = RunQuery(where: condition, limit: limit == 0 ? nil : limit)
    query.sort = sort.map(Self.list) ?? []
    query.columns = columns.map(Self.list) ?? Self.standardColumns
    query.knownColumns = KnownColumns.names
    let listing = try storage.open().list(query)
    switch output.chosen {
    case .table: try Console.result(Self.text(listing, droppingEmpty: columns == nil))
    case .json: try Console.result(Self.json(listing))
    case .csv: try Console.result(Self.csv(listing))
    }
  }

  private static let standardColumns =
    RunQuery.defaultColumns + ["train.loss", "validation.loss", "validation.accuracy", "test.accuracy"]

  /// An empty name stays, for the query to refuse.
  private static func list(_ text: String) -> [String] {
    text.split(separator: ",", omittingEmptySubsequences: false).map { $0.trimmingCharacters(in: .whitespaces) }
  }

  private static func json(_ listing: RunListing) -> String {
    JSONValue.array(
      listing.rows.map { row in .object(zip(listing.columns, row).map { ($0, $1.json) }) }
    ).lines
  }

  private static func csv(_ listing: RunListing) -> String {
    ([listing.columns.map(CSV.text)] + listing.rows.map { $0.map(\.csv) }).map(CSV.line).joined(separator: "\n")
  }

  private static func text(_ listing: RunListing, droppingEmpty: Bool) -> String {
    guard !listing.rows.isEmpty else { return "no runs" }
    let shown = listing.columns.indices.filter { column in
      !droppingEmpty || listing.rows.contains { $0[column] != .none }
    }
    let alignments = shown.map { column in
      listing.rows.contains { $0[column].isNumber } ? Table.Alignment.right : .left
    }
    var table = Table(shown.map { listing.columns[$0] }, alignments)
    table.rows = listing.rows.map { row in shown.map { row[$0].text(in: listing.columns[$0]) } }
    return table.text
  }
}

extension RunValue {
  fileprivate var isNumber: Bool {
    switch self {
    case .integer, .unsigned, .number: true
    case .none, .text, .date: false
    }
  }

  var json: JSONValue {
    switch self {
    case .none: .null
    case .integer(let value): .integer(value)
    case .unsigned(let value): .unsigned(value)
    case .number(let value): .number(value)
    case .text(let value): .text(value)
    case .date(let seconds): .date(Date(timeIntervalSince1970: seconds))
    }
  }

  /// Numbers in full precision, dates as JSON has them; empty for none.
  fileprivate var csv: String {
    switch self {
    case .none: ""
    case .text(let value): CSV.text(value)
    case .integer, .unsigned, .number: json.description
    case .date(let seconds): Date(timeIntervalSince1970: seconds).formatted(.iso8601)
    }
  }

  fileprivate func text(in column: String) -> String {
    switch self {
    case .none: "–"
    case .integer(let value): column == "memory" ? Formatting.bytes(value) : String(value)
    case .unsigned(let value): String(value)
    case .number(let value): column == "duration" ? Formatting.duration(value) : Formatting.number(value)
    case .text(let value): value
    case .date(let seconds): Formatting.date(Date(timeIntervalSince1970: seconds))
    }
  }
}
