import ArgumentParser
import Experiments

struct DeleteCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "delete",
    abstract: "Deletes a run with its metrics and checkpoints, a group with all its runs, or runs that match.",
    discussion: """
      --where first shows what would be deleted; --yes deletes it. Runs of groups stay, and those being trained.

      fledge delete --where 'status = failed and created < 2026-01-31' --yes
      """)

  @Argument(
    help: "A run or group: its id, a unique prefix of it, its name (the newest run of that name), or 'last' run.")
  var name: String?
  @Option(
    name: .customLong("where"),
    help: ArgumentHelp("The runs for which this holds; 'fledge help runs' says how.", valueName: "condition"))
  var condition: String?
  @Flag(help: "Delete what --where finds.") var yes = false
  @Flag(help: "Delete even what seems to be trained at this moment.") var force = false
  @OptionGroup var storage: StoreOptions
  @OptionGroup var output: OutputOptions

  func validate() throws {
    switch (name, condition) {
    case (nil, nil): throw ValidationError("name a run or group, or say which runs with --where")
    case (_?, _?): throw ValidationError("a name and --where exclude each other")
    case (_?, nil) where yes: throw ValidationError("--yes goes with --where; a run that is named is deleted at once")
    default: break
    }
  }

  func run() throws {
    if let condition { return try delete(RunQuery(where: condition, knownColumns: KnownColumns.names)) }
    guard let name else { return }
    let entry = try storage.change { store in
      let entry = try store.entry(matching: name)
      switch entry {
      case .run(let run): try store.delete(run: run.id, evenIfActive: force)
      case .group(let group): try store.delete(group: group.id, evenIfActive: force)
      }
      return entry
    }
    try Console.result(output.json ? json(entry).description : text(entry).printable)
  }

  private func delete(_ query: RunQuery) throws {
    let deletion =
      yes
      ? try storage.change { try $0.delete(query, evenIfActive: force) }
      : try storage.open().deletion(of: query, evenIfActive: force)
    let report = DeletionReport(deletion, isDone: yes)
    try Console.result(output.json ? report.json.description : report.text)
  }

  private func json(_ entry: StoreEntry) -> JSONValue {
    switch entry {
    case .run(let run): .object([("deleted", .text(run.id)), ("name", .optional(run.name))])
    case .group(let group):
      .object([
        ("deleted", .text(group.id)), ("name", .text(group.name)), ("runs", .texts(group.members.map(\.runID))),
      ])
    }
  }

  private func text(_ entry: StoreEntry) -> String {
    switch entry {
    case .run(let run): "deleted \(run.title)"
    case .group(let group):
      "deleted group \(group.id) (\(group.name)) with \(Formatting.count(group.members.count, "run"))"
    }
  }
}
