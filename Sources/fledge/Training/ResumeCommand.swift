import ArgumentParser
import Experiments
import Orchestrator

struct ResumeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "resume",
    abstract: "Goes on with a run or group that was interrupted, bit for bit as if it had not been.",
    discussion: """
      To train a run further than it was meant to go: fledge resume last --set epochs=20

      What is changed holds from there on, and 'fledge show' says what it was before. What would alter the steps that \
      were trained before (dataset, model, batch, seed …) asks for a new run: fledge fork
      """)

  @OptionGroup var reference: EntryReference
  @Option(
    help: ArgumentHelp(
      "The checkpoint to go on from: last, best or a step (default: last).", valueName: "checkpoint"))
  var from: CheckpointChoice?
  @Option(
    parsing: .singleValue,
    help: ArgumentHelp("Change a recipe key: epochs=20, threads=2. Repeatable.", valueName: "key=value"))
  var set: [String] = []
  @Flag(help: "Resume it even if it seems to be trained at this moment.") var force = false
  @OptionGroup var storage: StoreOptions
  @OptionGroup var options: TrainingOptions

  func run() throws {
    let changes = try Assignment.all(set)
    // Found by a reader first: a writer would make a store that is not there.
    let entry = try storage.open().entry(matching: reference.name)
    let session = try TrainingSession(storage, options)
    switch entry {
    case .run(let run):
      try session.run { context in
        try context.orchestrator.resume(
          run, in: context.store, from: from?.selection ?? .last, evenIfActive: force, overriding: changes,
          observers: context.observers, interruption: context.interruption)
      }
    case .group(let group):
      guard from == nil, changes.isEmpty else {
        let member = NewMember.name(inGroup: group.name, position: 1)
        throw CommandError(
          "--from and --set are for a run, and '\(group.name)' is a group; name a run of it: \(member)")
      }
      try session.runGroup { context in
        try context.orchestrator.resume(
          group, in: context.store, evenIfActive: force, observers: context.observers,
          interruption: context.interruption, announce: context.announce)
      }
    }
  }
}
