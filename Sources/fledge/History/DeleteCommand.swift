import ArgumentParser
import Experiments

struct DeleteCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "delete", abstract: "Deletes a run with its metrics and checkpoints.")

  @OptionGroup var reference: RunReference
  @Flag(help: "Delete a run even if it seems to be trained at this moment.") var force = false
  @OptionGroup var storage: StoreOptions
  @OptionGroup var output: OutputOptions

  func run() throws {
    // Found by a reader first: a writer would make a store that is not there.
    let run = try storage.open().run(matching: reference.run)
    let store = try storage.open(.readWrite)
    try store.delete(run: run.id, evenIfActive: force)
    try store.close()
    try Console.result(
      output.json
        ? JSONValue.object([("deleted", .text(run.id)), ("name", .optional(run.name))]).description
        : "deleted run \(run.id)" + (run.name.map { " (\($0))" } ?? ""))
  }
}
