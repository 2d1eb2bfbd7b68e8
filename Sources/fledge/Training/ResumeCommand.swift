import ArgumentParser
import Experiments
import Orchestrator

struct ResumeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "resume",
    abstract: "Goes on with a run that was interrupted, bit for bit as if it had not been.",
    discussion: """
      To train a run further than it was meant to go: fledge resume last --set epochs=20
      """)

  @OptionGroup var reference: RunReference
  @Option(help: ArgumentHelp("The checkpoint to go on from: last, best or a step.", valueName: "checkpoint"))
  var from: CheckpointChoice = .last
  @Option(
    parsing: .singleValue,
    help: ArgumentHelp("Change a recipe key: epochs=20, threads=2. Repeatable.", valueName: "key=value"))
  var set: [String] = []
  @Flag(help: "Resume a run even if it seems to be trained at this moment.") var force = false
  @OptionGroup var storage: StoreOptions
  @OptionGroup var options: TrainingOptions

  func run() throws {
    let changes = try Assignment.all(set)
    // Found by a reader first: a writer would make a store that is not there.
    let run = try storage.open().run(matching: reference.run)
    let session = try TrainingSession(storage, options)
    try session.run { orchestrator, store, observers, interruption in
      try orchestrator.resume(
        run, in: store, from: from.selection ?? .last, evenIfActive: force, overriding: changes, observers: observers,
        interruption: interruption)
    }
  }
}
