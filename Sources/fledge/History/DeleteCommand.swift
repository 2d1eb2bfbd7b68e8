import ArgumentParser
import Experiments

struct DeleteCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "delete",
    abstract: "Deletes a run with its metrics and checkpoints, or a group with all its runs.")

  @OptionGroup var reference: EntryReference
  @Flag(help: "Delete it even if it seems to be trained at this moment.") var force = false
  @OptionGroup var storage: StoreOptions
  @OptionGroup var output: OutputOptions

  func run() throws {
    // Found by a reader first: a writer would make a store that is not there.
    let entry = try storage.open().entry(matching: reference.name)
    let store = try storage.open(.readWrite)
    switch entry {
    case .run(let run): try store.delete(run: run.id, evenIfActive: force)
    case .group(let group): try store.delete(group: group.id, evenIfActive: force)
    }
    try store.close()
    try Console.result(output.json ? json(entry).description : text(entry))
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
    case .run(let run): "deleted run \(run.id)" + (run.name.map { " (\($0))" } ?? "")
    case .group(let group):
      "deleted group \(group.id) (\(group.name)) with \(Formatting.count(group.members.count, "run"))"
    }
  }
}
