public import Observers
public import Experiments
import Foundation

extension Orchestrator {
  /// Trains a run again, with the recipe, seed, threads and kernels of its last checkpoint and up to its step, and
  /// compares every figure that was logged till then, and every tensor of the checkpoint. The store is only read.
  ///
  /// - Returns: nil if it was interrupted.
  /// - Throws: `StoreError` for a run without a checkpoint; as ``train(_:in:as:retunes:observers:interruption:)``.
  public func reproduce(
    _ run: RunRecord, in store: ExperimentStore, observers: [any TrainingObserver] = [],
    interruption: Interruption = Interruption()
  ) throws -> Reproduction? {
    let saved = try SavedRun(run, in: store, .last)
    let step = saved.checkpoint.step
    if let origin = run.origin { throw OrchestratorError.reproducingFork(run: run.id, origin: origin) }
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("fledge-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let scratch = try ExperimentStore(path: folder.appendingPathComponent("again.sqlite").path, access: .readWrite)
    defer { try? scratch.close() }

    var phases = try Phase.all(of: saved, changes: store.changes(ofRun: run.id))[...]
    guard let first = phases.popFirst() else { return nil }
    func watchers(_ own: Interruption, upTo step: Int) -> [any TrainingObserver] {
      observers + [LastStep(step, own, orWhen: interruption)]
    }
    let pipeline = try Pipeline(first.recipe, registry: registry, context: context(first.recipe))
    var own = Interruption()
    let trainer = try Trainer(
      pipeline, kernels: saved.state.kernels, observers: watchers(own, upTo: first.end), interruption: own)
    try giveInitialWeights(to: trainer)
    var outcome = try trainer.run(scratch.begin(newRun(pipeline)))
    for phase in phases where !interruption.isRequested {
      own = Interruption()
      outcome = try resume(
        scratch.run(matching: outcome.runID), in: scratch, overriding: phase.changes.map { ($0.path, $0.new) },
        observers: watchers(own, upTo: phase.end), interruption: own)
    }
    if interruption.isRequested, outcome.steps < step { return nil }
    return Reproduction(
      of: run.id, stored: (try store.points(ofRun: run.id, upTo: step), saved.checkpoint),
      found: (
        try scratch.points(ofRun: outcome.runID, upTo: step), try scratch.loadCheckpoint(.last, ofRun: outcome.runID)
      ))
  }
}

/// The steps that a run was trained with one recipe.
private struct Phase {
  let recipe: Recipe
  /// What was changed before the first of them.
  let changes: [RunChange]
  /// The last step.
  let end: Int

  /// Undoes what was changed at each resumption, from the recipe of the checkpoint back to the first.
  static func all(of saved: SavedRun, changes: [RunChange]) throws -> [Phase] {
    var recipe = saved.recipe
    var end = saved.checkpoint.step
    var phases: [Phase] = []
    let effective = Dictionary(grouping: changes.filter { $0.step < end }, by: \.step)
    for (step, changes) in effective.sorted(by: { $0.key > $1.key }) {
      phases.append(Phase(recipe: recipe, changes: changes, end: end))
      for change in changes.reversed() {
        try recipe.set(change.path, to: change.old, origin: "a change of run \(saved.run.id)")
      }
      end = step
    }
    phases.append(Phase(recipe: recipe, changes: [], end: end))
    return phases.reversed()
  }
}

/// Ends training after a step, as an interruption does: the state is saved, and nothing is evaluated that was not then.
private final class LastStep: TrainingObserver {
  private let step: Int
  private let interruption: Interruption
  private let other: Interruption

  /// `interruption`: through which it ends training; also `orWhen` that one is requested.
  init(_ step: Int, _ interruption: Interruption, orWhen other: Interruption) {
    self.step = step
    self.interruption = interruption
    self.other = other
  }

  func observe(_ event: TrainingEvent) -> TrainingDecision {
    if case .stepped(let report) = event, report.step == step || other.isRequested { interruption.request() }
    return .goOn
  }
}

extension ExperimentStore {
  /// Every figure of a run up to a step. A run that ended and was trained further had its test split measured at the
  /// first end, too, where a run in one go has not: that is left out.
  fileprivate func points(ofRun run: String, upTo step: Int) throws -> [MetricPoint] {
    try metricNames(ofRun: run).flatMap { name in
      let isOfTest = name.hasPrefix("\(Split.test.rawValue).")
      return try metrics(ofRun: run, name: name).filter { isOfTest ? $0.step == step : $0.step <= step }
    }
  }
}
