import ArgumentParser
import Experiments
import Orchestrator

struct ForkCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fork",
    abstract: "Trains a new run from a checkpoint of another, with changes of any kind that its weights fit.",
    discussion: """
      fledge fork last --set optimizer='sgd(0.01)' --set epochs=20 --name fine-tuned

      The run that it comes from stays as it is. The optimizer's state is taken up as long as the optimizer is the same. \
      Steps count on from the checkpoint's. To change arguments without a new run: fledge resume RUN --set …
      """)

  @OptionGroup var reference: RunReference
  @Option(
    help: ArgumentHelp(
      "The checkpoint to begin with: last, best or a step (default: last).", valueName: "checkpoint"))
  var from: CheckpointChoice?
  @Option(
    parsing: .singleValue,
    help: ArgumentHelp(
      "Change a recipe key: batch=64, 'model=dense(10)'. Repeatable.", valueName: "key=value"))
  var set: [String] = []
  @Option(help: ArgumentHelp("What the new run is called (default: no name).", valueName: "text"))
  var name: String?
  @OptionGroup var storage: StoreOptions
  @OptionGroup var options: TrainingOptions

  func run() throws {
    let changes = try Assignment.all(set) + (name.map { [("name", $0)] } ?? [])
    let origin = try storage.open().run(matching: reference.run)
    try TrainingSession(storage, options).run { context in
      try context.orchestrator.fork(
        origin, in: context.store, from: from?.selection ?? .last, overriding: changes, observers: context.observers,
        interruption: context.interruption)
    }
  }
}
