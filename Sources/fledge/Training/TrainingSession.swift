import ArgumentParser
import Experiments
import Orchestrator

/// One run as the command line sees it: signals before it, progress during it, a summary after it.
struct TrainingSession {
  typealias Body = (
    _ orchestrator: Orchestrator, _ store: ExperimentStore, _ observers: [any TrainingObserver],
    _ interruption: Interruption
  ) throws -> TrainingOutcome

  private let storage: StoreOptions
  private let options: TrainingOptions
  private let orchestrator: Orchestrator

  init(_ storage: StoreOptions, _ options: TrainingOptions) throws {
    self.storage = storage
    self.options = options
    orchestrator = try Orchestrator.linked()
  }

  /// Trains and prints. Throws exit code 130 for a run that was interrupted.
  func run(_ body: Body) throws {
    let interruption = Interruption()
    let signals = SignalWatch(interruption, isQuiet: options.quiet)
    defer { signals.end() }
    let store = try storage.open(.readWrite)
    let progress = options.quiet ? nil : ProgressObserver(Terminal.error)
    var observers: [any TrainingObserver] = progress.map { [$0] } ?? []
    if options.json { observers.append(JSONObserver()) }
    let outcome: TrainingOutcome
    do {
      defer { progress?.end() }
      outcome = try body(orchestrator, store, observers, interruption)
    }
    if !options.json { try Console.result(try summary(of: outcome, store)) }
    try store.close()
    if outcome.status == .interrupted { throw ExitCode(130) }
  }

  private func summary(of outcome: TrainingOutcome, _ store: ExperimentStore) throws -> String {
    if options.quiet { return outcome.runID }
    var facts = [
      ("run", outcome.runID + (outcome.name.map { " (\($0))" } ?? "")),
      ("status", outcome.status.rawValue + (outcome.stopReason.map { ": \($0)" } ?? "")),
      (
        "trained",
        "\(Formatting.count(outcome.epochs, "epoch")), \(Formatting.count(outcome.steps, "step")) in "
          + Formatting.duration(outcome.seconds)
      ),
    ]
    if let best = outcome.bestStep { facts.append(("best", "step \(best)")) }
    facts += outcome.figures.sorted { $0.key < $1.key }.map { ($0.key, Formatting.number($0.value)) }
    let width = facts.map(\.0.displayWidth).max() ?? 0
    var text = facts.map { name, value in
      name + String(repeating: " ", count: width - name.displayWidth + 2) + value
    }.joined(separator: "\n")
    if !options.noChart, let chart = try LossChart(ofRun: outcome.runID, in: store).text { text += "\n\n" + chart }
    return text
  }
}
