import ArgumentParser

/// How the rows of a listing are written.
enum ListingFormat: String, CaseIterable, ExpressibleByArgument {
  /// Lined up for a terminal, in figures as people read them.
  case table
  case json
  case csv
}

/// How a listing of rows is printed.
struct ListingOptions: ParsableArguments {
  @Option(help: "Print a table, JSON or CSV; the last two have numbers in full precision and all dates in UTC.")
  private var format: ListingFormat?
  @Flag(help: "Print JSON: short for --format json.") private var json = false

  var chosen: ListingFormat { format ?? (json ? .json : .table) }

  func validate() throws {
    if json, let format, format != .json {
      throw ValidationError("--json and --format \(format.rawValue) exclude each other")
    }
  }
}
