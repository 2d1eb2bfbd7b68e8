import ArgumentParser
import Experiments

struct RenameCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rename",
    abstract: "Gives a run another name.",
    discussion:
      "Runs may share a name, which then means the newest of them; a group's name, or one of its runs', is taken.")

  @OptionGroup var reference: RunReference
  @Argument(help: "The new name.") var name: String
  @OptionGroup var storage: StoreOptions
  @OptionGroup var output: OutputOptions

  func run() throws {
    let run = try storage.change { store in
      let run = try store.run(matching: reference.run)
      try store.rename(run: run.id, to: name)
      return run
    }
    let json = JSONValue.object([("id", .text(run.id)), ("name", .text(name)), ("before", .optional(run.name))])
    try Console.result(output.json ? json.description : "\(run.title) is now called \(name)".printable)
  }
}

extension RunRecord {
  /// How a report names it: its id, and its name in brackets.
  var title: String { "run \(id)" + (name.map { " (\($0))" } ?? "") }
}
