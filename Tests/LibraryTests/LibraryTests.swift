import Fledge
import Foundation
import Testing

/// What a Swift program does with Fledge, by what the library alone shows.
@Suite struct LibraryTests {
  /// A store in a folder of its own, and a recipe of three epochs with two steps each.
  private func withStore(_ body: (ExperimentStore, Recipe) throws -> Void) throws {
    let folder = NSTemporaryDirectory() + "fledge-library-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let store = try ExperimentStore(path: folder + "/store.sqlite", access: .readWrite)
    var recipe = Recipe()
    recipe.dataset = "shapes(20, test: 10)"
    recipe.model = "average-pool(16), flatten, dense(10)"
    recipe.backend = "reference"
    recipe.epochs = 3
    recipe.batch = 9
    try body(store, recipe)
    try store.close()
  }

  @Test func trainsEvaluatesAndQueries() throws {
    try withStore { store, recipe in
      var recipe = recipe
      recipe.name = "small"
      let orchestrator = try Orchestrator()
      let outcome = try orchestrator.train(recipe, in: store)
      #expect(outcome.status == .completed && outcome.steps == 6)
      let evaluation = try orchestrator.evaluate(store.run(matching: "small"), in: store, split: .test)
      #expect(evaluation.examples == 10 && evaluation.figures["loss"]?.isFinite == true)
      let found = try store.runs(RunQuery(where: "optimizer = adam and epochs = 3"))
      #expect(found.map(\.id) == [outcome.runID])
      #expect(try store.runs(RunQuery(where: "epochs > 3")).isEmpty)
      #expect(try store.metrics(ofRun: outcome.runID, name: "train.loss").map(\.step) == Array(1...6))
    }
  }

  @Test func anInterruptedRunResumesToTheSameBits() throws {
    try withStore { store, recipe in
      let orchestrator = try Orchestrator()
      let whole = try orchestrator.train(recipe, in: store)
      let interruption = Interruption()
      let cut = try orchestrator.train(
        recipe, in: store, observers: [InterruptingObserver(interruption, afterStep: 3)], interruption: interruption)
      #expect(cut.status == .interrupted && cut.steps == 3)
      let resumed = try orchestrator.resume(store.run(matching: cut.runID), in: store)
      #expect(resumed.status == .completed)
      let weights = try [whole, resumed].map {
        try orchestrator.weights(of: store.run(matching: $0.runID), in: store, checkpoint: .last)
      }
      #expect(!weights[0].isEmpty && weights[0] == weights[1])
      #expect(resumed.figures == whole.figures)
    }
  }

  @Test func aModelPredictsFromConcurrentTasks() async throws {
    let folder = NSTemporaryDirectory() + "fledge-library-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let path = folder + "/store.sqlite"
    let store = try ExperimentStore(path: path, access: .readWrite)
    var recipe = Recipe()
    recipe.dataset = "shapes(20, test: 0)"
    recipe.model = "average-pool(16), flatten, dense(10)"
    recipe.epochs = 1
    recipe.batch = 9
    _ = try Orchestrator().train(recipe, in: store)
    try store.close()
    let model = try FledgeModel(store: path)
    let examples: [[Float]] = (0..<24).map { example in (0..<3072).map { Float(($0 * (example + 1)) % 256) } }
    let expected = try examples.map { try model.predict([$0])[0] }
    #expect(Set(expected).count > 1)
    let found = try await withThrowingTaskGroup(of: (Int, FledgeModel.Prediction).self) { group in
      for index in examples.indices {
        group.addTask { (index, try model.predict([examples[index]])[0]) }
      }
      return try await group.reduce(into: [Int: FledgeModel.Prediction]()) { $0[$1.0] = $1.1 }
    }
    #expect(examples.indices.map { found[$0] } == expected)
  }

  @Test func aPartThatIsThereAlreadyIsRefused() {
    #expect(throws: RegistryError.self) { _ = try Orchestrator(adding: [ObserversPlugin.self]) }
  }
}

/// Asks for an end after a step.
private final class InterruptingObserver: TrainingObserver {
  private let interruption: Interruption
  private let lastStep: Int

  init(_ interruption: Interruption, afterStep lastStep: Int) {
    self.interruption = interruption
    self.lastStep = lastStep
  }

  func observe(_ event: TrainingEvent) -> TrainingDecision {
    if case .stepped(let report) = event, report.step == lastStep { interruption.request() }
    return .goOn
  }
}
