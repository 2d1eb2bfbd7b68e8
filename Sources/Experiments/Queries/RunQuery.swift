/// Which runs, in which order, and what of them.
///
/// `where` is an expression as `optimizer = adam and validation.accuracy > 0.9`; its columns are
/// - the run's own: id, name, note, status, reason, seed, created, finished, epochs, steps, duration (s), memory (bytes),
///   threads, host, backend, revision, tag, origin (the id of the run that it was forked from), group (the name of the
///   group that it belongs to), member (its position there);
/// - what tells the members of a group apart (`seed`, `fold`);
/// - a kind (`optimizer`): the names of the run's parts of that kind, any of which may match;
/// - an argument (`optimizer.rate`) of any part of a kind;
/// - a metric (`validation.accuracy`): its last value; also last(…), best(…), min(…), max(…), count(…) of it. Best is
///   the minimum or maximum, by the direction that was recorded.
///
/// `and`, `or`, `not` and parentheses join what is asked of a column:
/// - `=`, `!=`, `in (…)`, `not in (…)`: of several parts, one is equal; `!=` and `not in` are the opposite, so a run without
///   the value is found by them;
/// - `<`, `<=`, `>`, `>=`: a run without the value matches none. A date is all of the day, minute or second that it names, in
///   local time or as JSON has it: `created = 2026-01-31`, `created < 2026-01-31T17:00:30Z`;
/// - `~` or `like`: holds the text or, with `*` (any text) or `?` (any character) in it, matches it as a pattern of the whole
///   value; letters of either case are alike;
/// - `is missing`, `is not missing`; `has tag good` for `tag = good`.
///
/// Quotes, single or double, hold a text with spaces or operators; in them `\'`, `\"` and `\\` stand for the character.
public struct RunQuery: Sendable, Hashable {
  /// nil for all runs.
  public var `where`: String?
  /// Columns, the most important first; with a leading "-", the largest first. Runs without a value come last.
  /// Empty: the newest first.
  public var sort: [String]
  /// At most so many; nil for all.
  public var limit: Int?
  /// Of a listing.
  public var columns: [String]
  /// Columns that are valid even if no run has them yet: kinds, arguments and metrics that the caller knows of.
  public var knownColumns: [String]

  public static let defaultColumns = ["id", "name", "status", "created", "epochs", "duration"]

  public init(
    where expression: String? = nil, sort: [String] = [], limit: Int? = nil, columns: [String] = defaultColumns,
    knownColumns: [String] = []
  ) {
    self.where = expression
    self.sort = sort
    self.limit = limit
    self.columns = columns
    self.knownColumns = knownColumns
  }
}

/// A cell of a listing.
public enum RunValue: Sendable, Hashable {
  case none
  case integer(Int)
  /// A seed above the largest `Int`.
  case unsigned(UInt64)
  case number(Double)
  case text(String)
  /// Seconds since 1970.
  case date(Double)
}

/// The runs that a query found, and of each the columns that it asked for.
public struct RunListing: Sendable, Hashable {
  public let columns: [String]
  public let rows: [[RunValue]]
}
