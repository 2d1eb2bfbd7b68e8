/// Which runs, in which order, and what of them.
///
/// `where` is an expression as `optimizer = adam and validation.accuracy > 0.9`; its columns are
/// - the run's own: id, name, status, reason, seed, created, finished, epochs, steps, duration (s), memory (bytes), threads,
///   host, backend, revision, tag, group (the name of the group that it belongs to), member (its position there);
/// - what tells the members of a group apart (`seed`, `fold`);
/// - a kind (`optimizer`): the names of the run's parts of that kind, any of which may match;
/// - an argument (`optimizer.rate`) of any part of a kind;
/// - a metric (`validation.accuracy`): its last value; also last(…), best(…), min(…), max(…), count(…) of it. Best is
///   the minimum or maximum, by the direction that was recorded.
///
/// Relations are = != < <= > >= and ~ (contains, or matches a pattern with * and ?). Of several parts, = asks for one
/// that is equal and != for none that is. A run without the argument or metric matches no relation but under `not`.
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
