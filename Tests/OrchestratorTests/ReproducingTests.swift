import Experiments
import Orchestrator
import Testing

@Suite struct ReproducingTests {
  /// Everything that depends on chance or has a state, and a figure a step.
  private func recipe(_ workshop: Workshop, _ change: (inout Recipe) -> Void = { _ in }) -> Recipe {
    workshop.recipe {
      $0.model = "dense(8), batch-norm, relu, dropout(0.3), dense(3)"
      $0.initializer = "lsuv"
      $0.preprocess = "standardize"
      $0.optimizer = "sgd(0.05, momentum: 0.9)"
      $0.regularizer = "l2(0.001)"
      $0.observers = "early-stopping(patience: 50)"
      $0.logEvery = 1
      change(&$0)
    }
  }

  private func reproduce(_ workshop: Workshop, _ run: String) throws -> Reproduction {
    try #require(try workshop.orchestrator.reproduce(workshop.store.run(matching: run), in: workshop.store))
  }

  @Test(arguments: try computingBackends())
  func aRunComesOutTheSame(backend: String) throws {
    let workshop = try Workshop()
    let outcome = try workshop.train(
      recipe(workshop) {
        $0.backend = backend
        $0.threads = 2
      })
    let reproduction = try reproduce(workshop, outcome.runID)
    #expect(reproduction.difference == nil, "\(backend)")
    #expect(reproduction.step == outcome.steps)
    let points = try workshop.points(outcome.runID).values.reduce(0) { $0 + $1.count }
    #expect(reproduction.figures == points && points > 3 * outcome.steps)
    #expect(try reproduction.tensors == workshop.tensors(outcome.runID).count)
    #expect(try workshop.store.runs().count == 1, "nothing is added to the store")
  }

  @Test func anInterruptedRunAndAResumedOneComeOutTheSameUpToTheirLastCheckpoint() throws {
    let workshop = try Workshop()
    let interruption = Interruption()
    let watcher = Watcher { event in
      if case .stepped(let report) = event, report.step == 6 { interruption.request() }
      return .goOn
    }
    let broken = try workshop.train(recipe(workshop), observers: [watcher], interruption: interruption)
    let half = try reproduce(workshop, broken.runID)
    #expect(half.difference == nil && half.step == 6)
    let run = try workshop.store.run(matching: broken.runID)
    _ = try workshop.orchestrator.resume(run, in: workshop.store)
    let further = try workshop.orchestrator.resume(run, in: workshop.store, overriding: [("epochs", "4")])
    let whole = try reproduce(workshop, broken.runID)
    #expect(whole.difference == nil && whole.step == further.steps)
  }

  @Test func whatWasChangedAtResumptionsIsChangedAgain() throws {
    let workshop = try Workshop()
    let short = try workshop.train(recipe(workshop) { $0.epochs = 1 })
    for changes in [[("epochs", "2"), ("optimizer.rate", "0.01")], [("epochs", "3"), ("scheduler", "cosine")]] {
      let run = try workshop.store.run(matching: short.runID)
      _ = try workshop.orchestrator.resume(run, in: workshop.store, overriding: changes)
    }
    let reproduction = try reproduce(workshop, short.runID)
    #expect(reproduction.difference == nil && reproduction.step == 12, "\(reproduction)")
  }

  @Test func aForkIsNotReproducedByItself() throws {
    let workshop = try Workshop()
    let run = try workshop.store.run(matching: workshop.train(recipe(workshop)).runID)
    let fork = try workshop.orchestrator.fork(run, in: workshop.store, overriding: [("epochs", "4")])
    let text = message { _ = try reproduce(workshop, fork.runID) }
    #expect(text.contains("reproduce \(run.id)"), "\(text)")
  }

  @Test func aFigureThatWasAlteredIsNamedWithItsStep() throws {
    let workshop = try Workshop()
    let outcome = try workshop.train(recipe(workshop))
    let stored = try workshop.values(outcome.runID, "train.loss")
    try alter(workshop, outcome) { recorder in
      for step in [5, 7] {
        try recorder.record([MetricPoint(name: "train.loss", step: step, epoch: 2, value: stored[step - 1].nextUp)])
      }
    }
    let difference = try #require(try reproduce(workshop, outcome.runID).difference)
    #expect(
      difference
        == .init(step: 5, place: .figure("train.loss"), stored: stored[4].nextUp, found: stored[4]))
  }

  @Test func aFigureThatDoesNotComeAgainDiffers() throws {
    let workshop = try Workshop()
    let outcome = try workshop.train(recipe(workshop))
    try alter(workshop, outcome) { recorder in
      try recorder.record([MetricPoint(name: "train.luck", step: 3, epoch: 1, value: 7)])
    }
    let difference = try #require(try reproduce(workshop, outcome.runID).difference)
    #expect(difference == .init(step: 3, place: .figure("train.luck"), stored: 7, found: nil))
  }

  @Test func aWeightThatWasAlteredIsNamedWithItsElement() throws {
    let workshop = try Workshop()
    let outcome = try workshop.train(recipe(workshop))
    let checkpoint = try workshop.store.loadCheckpoint(.last, ofRun: outcome.runID)
    let position = try #require(checkpoint.tensors.firstIndex { $0.name == "4.weight" })
    let weight = checkpoint.tensors[position]
    var bytes = weight.bytes
    bytes[2 * weight.elementSize] ^= 1
    var tensors = checkpoint.tensors
    tensors[position] = StoredTensor(
      name: weight.name, elementType: weight.elementType, elementSize: weight.elementSize, shape: weight.shape,
      bytes: bytes)
    try alter(workshop, outcome) { recorder in
      try recorder.saveCheckpoint(
        Checkpoint(step: checkpoint.step, epoch: checkpoint.epoch, tensors: tensors, state: checkpoint.state))
    }
    let difference = try #require(try reproduce(workshop, outcome.runID).difference)
    #expect(difference.step == checkpoint.step && difference.place == .tensor("4.weight", element: 2))
    #expect(difference.stored != nil && difference.found != nil && difference.stored != difference.found)
  }

  @Test func anInterruptedReproductionSaysNothing() throws {
    let workshop = try Workshop()
    let run = try workshop.store.run(matching: workshop.train(recipe(workshop)).runID)
    let interruption = Interruption()
    let watcher = Watcher { event in
      if case .stepped(let report) = event, report.step == 2 { interruption.request() }
      return .goOn
    }
    #expect(
      try workshop.orchestrator.reproduce(
        run, in: workshop.store, observers: [watcher], interruption: interruption) == nil)
  }

  /// Changes what the store has of a run that ended.
  private func alter(
    _ workshop: Workshop, _ outcome: TrainingOutcome, _ body: (RunRecorder) throws -> Void
  ) throws {
    let recorder = try workshop.store.resume(run: outcome.runID, after: outcome.steps)
    try body(recorder)
    try recorder.finish(.completed)
  }
}
