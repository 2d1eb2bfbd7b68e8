import ArgumentParser

/// A run as users name it.
struct RunReference: ParsableArguments {
  @Argument(help: "A run: its id, a unique prefix of it, its name (the newest of that name), or 'last'.")
  var run: String
}

/// A run or a group as users name it.
struct EntryReference: ParsableArguments {
  @Argument(
    help: "A run or group: its id, a unique prefix of it, its name (the newest run of that name), or 'last' run.")
  var name: String
}
