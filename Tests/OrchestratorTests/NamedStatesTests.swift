import Experiments
import Orchestrator
import Registry
import Synchronization
import Testing

/// What a checkpoint keeps for observers and metrics finds its owner by name.
@Suite(.serialized) struct NamedStatesTests {
  /// Of the flowers, a run that stops after `step` of four an epoch.
  private func cut(
    _ workshop: Workshop, after step: Int = 6, observers: [any TrainingObserver] = [],
    _ change: (inout Recipe) -> Void
  ) throws -> RunRecord {
    let interruption = Interruption()
    let watcher = Watcher { event in
      if case .stepped(let report) = event, report.step == step { interruption.request() }
      return .goOn
    }
    let outcome = try workshop.train(
      workshop.recipe(change), observers: observers + [watcher], interruption: interruption)
    return try workshop.store.run(matching: outcome.runID)
  }

  private func workshop() throws -> Workshop {
    var registry = try allParts()
    registry.register(Remembering.self)
    return try Workshop(registry)
  }

  @Test(arguments: [
    // Each got what itself had given, whatever came before it.
    ("remembering(a), remembering(b)", "remembering(b), remembering(a)", ["b": "b", "a": "a"]),
    ("remembering(a), remembering(b)", "remembering(b)", ["b": "b"]),
    (
      "remembering(a), remembering(b)", "early-stopping(patience: 50), remembering(a), remembering(b)",
      ["a": "a", "b": "b"]
    ),
    ("early-stopping(patience: 50), remembering(b)", "remembering(b)", ["b": "b"]),
    // With other arguments it is still the only one of its name.
    ("remembering(a)", "remembering(c)", ["c": "a"]),
    ("remembering(a), remembering(b)", "remembering(b), remembering(c)", ["b": "b", "c": "a"]),
    // Of two that were changed nobody knows which is which.
    ("remembering(a), remembering(b)", "remembering(c), remembering(d)", [:]),
    ("remembering(a)", "remembering(c), remembering(d)", [:]),
  ])
  func anObserverGetsItsOwnState(before: String, after: String, expected: [String: String]) throws {
    let workshop = try workshop()
    let run = try cut(workshop) { $0.observers = before }
    restored.withLock { $0 = [:] }
    _ = try workshop.orchestrator.resume(run, in: workshop.store, overriding: [("observers", after)])
    #expect(restored.withLock { $0 } == expected, "\(before) → \(after)")
  }

  @Test func equalObserversAreToldApartByTheirOrder() throws {
    let workshop = try workshop()
    let run = try cut(workshop, observers: [Keeper("first"), Keeper("second")]) { $0.observers = "remembering(a)" }
    let (first, second) = (Keeper("third"), Keeper("fourth"))
    _ = try workshop.orchestrator.resume(
      run, in: workshop.store, overriding: [("observers", "none")], observers: [Other(), first, second])
    #expect(first.restored == "first" && second.restored == "second")
  }

  @Test func aRunOfVersionZeroPointOneKnowsThemByTheirPlaces() throws {
    let workshop = try workshop()
    let whole = try workshop.train(workshop.recipe { $0.metrics = "top-k(2), accuracy" })
    let run = try cut(workshop, observers: [Keeper("caller")]) {
      $0.metrics = "top-k(2), accuracy"
      $0.observers = "remembering(a), remembering(b)"
    }
    try workshop.rewriteState(of: run) { state in
      state["version"] = nil
      for key in ["sums", "observers"] {
        state[key] = (state[key] as? [[String: Any]] ?? []).compactMap { $0["value"] }
      }
    }
    restored.withLock { $0 = [:] }
    let keeper = Keeper("none")
    let resumed = try workshop.orchestrator.resume(
      run, in: workshop.store, overriding: [("observers", "remembering(b), remembering(a)")], observers: [keeper])
    #expect(restored.withLock { $0 } == ["a": "a", "b": "b"])
    #expect(keeper.restored == "caller")
    #expect(resumed.figures == whole.figures)
  }

  @Test func metricsInAnotherOrderGoOnWithTheirOwnSums() throws {
    let workshop = try workshop()
    let whole = try workshop.train(workshop.recipe { $0.metrics = "top-k(2), accuracy" })
    let run = try cut(workshop) { $0.metrics = "top-k(2), accuracy" }
    let resumed = try workshop.orchestrator.resume(
      run, in: workshop.store, overriding: [("metrics", "accuracy, top-k(2)")])
    #expect(resumed.figures == whole.figures && resumed.figures.count == 9)
  }

  @Test func aMetricMayComeAtTheEndOfAnEpochAndNotWithin() throws {
    let workshop = try workshop()
    let added = [("metrics", "accuracy, top-k(2)")]
    let within = try cut(workshop, after: 6) { $0.metrics = "accuracy" }
    let text = message { _ = try workshop.orchestrator.resume(within, in: workshop.store, overriding: added) }
    #expect(text.contains("begun without top-k"), "\(text)")
    let between = try cut(workshop, after: 8) { $0.metrics = "accuracy" }
    let resumed = try workshop.orchestrator.resume(between, in: workshop.store, overriding: added)
    #expect(resumed.figures["train.top-k"].map { (0...1).contains($0) } == true, "\(resumed.figures)")
  }

  @Test func aStateOfALaterFledgeIsRefused() throws {
    let workshop = try workshop()
    let run = try cut(workshop) { _ in }
    try workshop.rewriteState(of: run) { $0["version"] = 1000 }
    let text = message { _ = try workshop.orchestrator.resume(run, in: workshop.store) }
    #expect(text.contains("layout 1000") && text.contains("newer"), "\(text)")
  }
}

/// What each observer of the recipe was given, by its tag; of the test that runs.
private let restored = Mutex<[String: String]>([:])

/// Gives its tag as its state.
private struct Remembering: Observer {
  static let name = "remembering"
  static let summary = "remembers its tag"
  static let reference = "none"
  @Parameter("what it remembers") var tag = "?"
  func makeObserver(figures: RunFigures) -> any TrainingObserver {
    let tag = tag
    return Keeper(tag) { state in restored.withLock { $0[tag] = state } }
  }
}

private final class Keeper: TrainingObserver {
  private let tag: String
  private let onRestore: (String) -> Void
  private(set) var restored: String?

  init(_ tag: String, onRestore: @escaping (String) -> Void = { _ in }) {
    self.tag = tag
    self.onRestore = onRestore
  }

  func observe(_ event: TrainingEvent) -> TrainingDecision { .goOn }
  var state: [UInt8] { Array(tag.utf8) }
  func restore(_ state: [UInt8]) {
    restored = String(decoding: state, as: UTF8.self)
    onRestore(String(decoding: state, as: UTF8.self))
  }
}

private final class Other: TrainingObserver {
  func observe(_ event: TrainingEvent) -> TrainingDecision { .goOn }
  var state: [UInt8] { [1] }
}
