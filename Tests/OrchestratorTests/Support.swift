import Activations
import Augmentations
import Datasets
import Execution
import Experiments
import Foundation
import Initializers
import Layers
import Losses
import Optimizers
import Orchestrator
import Preprocessors
import Registry
import Regularizers
import Schedulers
import Testing
import TrainingMetrics

/// Every part that Fledge brings.
func allParts() throws -> Registry {
  var registry = Registry()
  let plugins: [any Plugin.Type] = [
    ActivationsPlugin.self, AugmentationsPlugin.self, DatasetsPlugin.self, ExecutionPlugin.self,
    InitializersPlugin.self, LayersPlugin.self, LossesPlugin.self, OptimizersPlugin.self, ObserversPlugin.self,
    PreprocessorsPlugin.self, RegularizersPlugin.self, SchedulersPlugin.self, TrainingMetricsPlugin.self,
  ]
  for plugin in plugins { plugin.register(in: &registry) }
  try registry.validate()
  return registry
}

/// Every backend that computes; the null backend only plans.
func computingBackends() throws -> [String] {
  try allParts().computingBackends
}

/// A folder with a store and data for one test, deleted with it.
final class Workshop: Sendable {
  let folder: String
  let store: ExperimentStore
  let orchestrator: Orchestrator

  init(_ registry: Registry? = nil) throws {
    folder = NSTemporaryDirectory() + "fledge-orchestrator-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    store = try ExperimentStore(path: folder + "/store.sqlite", access: .readWrite)
    orchestrator = Orchestrator(
      registry: try registry ?? allParts(), environment: [:], workingFolder: folder)
    try write("flowers.csv", Self.flowers())
    try write("slopes.csv", Self.slopes())
  }

  deinit {
    try? store.close()
    try? FileManager.default.removeItem(atPath: folder)
  }

  func write(_ name: String, _ text: String) throws {
    try text.write(toFile: "\(folder)/\(name)", atomically: true, encoding: .utf8)
  }

  /// Three classes, four features: each class has a centre of its own.
  static func flowers(_ count: Int = 60) -> String {
    let rows = (0..<count).map { row -> String in
      let kind = row % 3
      let features = (0..<4).map { column -> String in
        let centre = (kind + column) % 3 == 0 ? 2.0 : -1.0
        let wobble = sin(Double(row * 7 + column * 3))
        return String(format: "%.4f", centre + wobble)
      }
      return (features + [["iris", "rose", "tulip"][kind]]).joined(separator: ",")
    }
    return "a,b,c,d,kind\n" + rows.joined(separator: "\n") + "\n"
  }

  /// A regression: y = 3a − 2b + 1.
  static func slopes() -> String {
    let rows = (0..<40).map { row -> String in
      let a = sin(Double(row))
      let b = cos(Double(row) * 1.7)
      return String(format: "%.5f,%.5f,%.5f", a, b, 3 * a - 2 * b + 1)
    }
    return "a,b,y\n" + rows.joined(separator: "\n") + "\n"
  }

  /// A run that takes well under a second: 48 rows, 43 to train on after validation, four steps an epoch.
  func recipe(_ change: (inout Recipe) -> Void = { _ in }) -> Recipe {
    var recipe = Recipe()
    recipe.dataset = "csv('flowers.csv', label: kind)"
    recipe.model = "dense(8), relu, dense(3)"
    recipe.backend = "reference"
    recipe.optimizer = "adam(0.02)"
    recipe.batch = 12
    recipe.epochs = 3
    recipe.threads = 1
    change(&recipe)
    return recipe
  }

  func train(
    _ recipe: Recipe, observers: [any TrainingObserver] = [], interruption: Interruption = Interruption()
  ) throws -> TrainingOutcome {
    try orchestrator.train(recipe, in: store, observers: observers, interruption: interruption)
  }

  /// Every tensor of a checkpoint by name.
  func tensors(_ run: String, _ selection: CheckpointSelection = .last) throws -> [String: [UInt8]] {
    let checkpoint = try store.loadCheckpoint(selection, ofRun: run)
    return Dictionary(checkpoint.tensors.map { ($0.name, $0.bytes) }) { first, _ in first }
  }

  /// Every point of every metric.
  func points(_ run: String) throws -> [String: [MetricPoint]] {
    var points: [String: [MetricPoint]] = [:]
    for name in try store.metricNames(ofRun: run) { points[name] = try store.metrics(ofRun: run, name: name) }
    return points
  }

  /// Changes the state of a run's last checkpoint in the store.
  func rewriteState(of run: RunRecord, _ change: (inout [String: Any]) -> Void) throws {
    let last = try store.loadCheckpoint(.last, ofRun: run.id)
    var state = try #require(try JSONSerialization.jsonObject(with: Data(last.state)) as? [String: Any])
    change(&state)
    let recorder = try store.resume(run: run.id, after: last.step)
    try recorder.saveCheckpoint(
      Checkpoint(
        step: last.step, epoch: last.epoch, tensors: last.tensors,
        state: [UInt8](try JSONSerialization.data(withJSONObject: state))))
    try recorder.finish(.interrupted)
  }

  /// What the stored recipe of a run says that it monitors.
  func monitor(_ outcome: TrainingOutcome) throws -> String {
    try Recipe(yaml: store.run(matching: outcome.runID).recipeYAML, origin: "store").monitor
  }

  func values(_ run: String, _ name: String) throws -> [Double] {
    try store.metrics(ofRun: run, name: name).map(\.value)
  }
}

/// Calls a closure with each event.
final class Watcher: TrainingObserver {
  private let body: (TrainingEvent) throws -> TrainingDecision

  init(_ body: @escaping (TrainingEvent) throws -> TrainingDecision) { self.body = body }

  func observe(_ event: TrainingEvent) throws -> TrainingDecision { try body(event) }
}

/// The text of the error that `body` throws, or a recorded issue.
func message(
  _ comment: String = "", sourceLocation: SourceLocation = #_sourceLocation, _ body: () throws -> Void
) -> String {
  do {
    try body()
    Issue.record("nothing was thrown \(comment)", sourceLocation: sourceLocation)
    return ""
  } catch {
    return "\(error)"
  }
}
