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
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("fledge-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let scratch = try ExperimentStore(path: folder.appendingPathComponent("again.sqlite").path, access: .readWrite)
    defer { try? scratch.close() }

    let pipeline = try Pipeline(saved.recipe, registry: registry, context: context(saved.recipe))
    let trainer = try Trainer(
      pipeline, kernels: saved.state.kernels, observers: observers + [LastStep(step, interruption)],
      interruption: interruption)
    try giveInitialWeights(to: trainer)
    let outcome = try trainer.run(scratch.begin(newRun(pipeline)))
    if outcome.status == .interrupted, outcome.steps < step { return nil }
    return Reproduction(
      of: run.id, stored: (try store.points(ofRun: run.id, upTo: step), saved.checkpoint),
      found: (
        try scratch.points(ofRun: outcome.runID, upTo: step), try scratch.loadCheckpoint(.last, ofRun: outcome.runID)
      ))
  }
}

/// Ends training after a step, as an interruption does: the state is saved, and nothing is evaluated that was not then.
private final class LastStep: TrainingObserver {
  private let step: Int
  private let interruption: Interruption

  init(_ step: Int, _ interruption: Interruption) {
    self.step = step
    self.interruption = interruption
  }

  func observe(_ event: TrainingEvent) -> TrainingDecision {
    if case .stepped(let report) = event, report.step == step { interruption.request() }
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
