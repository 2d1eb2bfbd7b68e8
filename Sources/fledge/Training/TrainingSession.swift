import ArgumentParser
import Experiments
import Orchestrator

/// Training as the command line sees it: signals before it, progress during it, a summary after it.
struct TrainingSession {
  /// What training is done with.
  struct Context {
    let orchestrator: Orchestrator
    let store: ExperimentStore
    let observers: [any TrainingObserver]
    let interruption: Interruption
    /// To be called before each run of a group.
    let announce: (MemberStart) throws -> Void
  }

  private let storage: StoreOptions
  private let options: TrainingOptions
  private let orchestrator: Orchestrator

  init(_ storage: StoreOptions, _ options: TrainingOptions) throws {
    self.storage = storage
    self.options = options
    orchestrator = try Orchestrator.linked()
  }

  /// Trains a run and prints. Throws exit code 130 for one that was interrupted.
  func run(_ body: (Context) throws -> TrainingOutcome) throws {
    try train(body) { outcome, store in
      if !options.json { try Console.result(summary(of: outcome)) }
      if !options.json, !options.quiet, !options.noChart,
        let chart = try LossChart(ofRun: outcome.runID, in: store).text
      {
        try Console.chart("\n" + chart)
      }
      return outcome.status == .interrupted
    }
  }

  /// Trains the runs of a group and prints. Throws exit code 130 for a group that was interrupted.
  func runGroup(_ body: (Context) throws -> GroupRecord) throws {
    try train(body) { group, store in
      let report = GroupReport(group, figures: try store.figures(ofGroup: group.id))
      if options.json {
        try Console.result(JSONValue.object([("event", .text("group"))] + report.members))
      } else {
        try Console.result(options.quiet ? group.id : report.text)
      }
      return group.state == .interrupted
    }
  }

  private func train<Outcome>(
    _ body: (Context) throws -> Outcome, reporting: (Outcome, ExperimentStore) throws -> Bool
  ) throws {
    let interruption = Interruption()
    let signals = SignalWatch(interruption, isQuiet: options.quiet)
    defer { signals.end() }
    let store = try storage.open(.readWrite)
    let progress = options.quiet ? nil : ProgressObserver(Terminal.error)
    let json = options.json ? JSONObserver() : nil
    let observers: [(any TrainingObserver)?] = [progress, json]
    let outcome: Outcome
    do {
      defer { progress?.end() }
      outcome = try body(
        Context(
          orchestrator: orchestrator, store: store, observers: observers.compactMap(\.self), interruption: interruption,
          announce: { start in
            progress?.tell(start)
            try json?.tell(start)
          }))
    }
    let isInterrupted = try reporting(outcome, store)
    try store.close()
    if isInterrupted { throw ExitCode(130) }
  }

  private func summary(of outcome: TrainingOutcome) -> String {
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
    return facts.map { name, value in
      name + String(repeating: " ", count: width - name.displayWidth + 2) + value
    }.joined(separator: "\n")
  }
}
