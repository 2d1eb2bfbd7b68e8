import Experiments
import Orchestrator
import Testing

@Suite struct ResumingTests {
  private struct Crash: Error {}

  /// Batch statistics, dropout, momentum, a schedule and an observer with a memory: everything that has a state.
  private func recipe(_ workshop: Workshop, _ change: (inout Recipe) -> Void = { _ in }) -> Recipe {
    workshop.recipe {
      $0.model = "dense(8), batch-norm, relu, dropout(0.3), dense(3)"
      $0.preprocess = "standardize"
      $0.optimizer = "sgd(0.05, momentum: 0.9)"
      $0.scheduler = "cosine(warmup: 0.2)"
      $0.regularizer = "l2(0.001)"
      $0.observers = "early-stopping(patience: 50)"
      change(&$0)
    }
  }

  private func observer(at step: Int, _ body: @escaping () throws -> Void) -> Watcher {
    Watcher { event in
      if case .stepped(let report) = event, report.step == step { try body() }
      return .goOn
    }
  }

  @Test(arguments: try computingBackends())
  func interruptedAfterAnyStepItEndsAsIfItHadNotBeen(backend: String) throws {
    let workshop = try Workshop()
    let recipe = recipe(workshop) {
      $0.backend = backend
      $0.threads = 2
    }
    let whole = try workshop.train(recipe)
    let (tensors, points) = (try workshop.tensors(whole.runID), try workshop.points(whole.runID))
    for step in 1..<whole.steps {
      let interruption = Interruption()
      let broken = try workshop.train(
        recipe, observers: [observer(at: step) { interruption.request() }], interruption: interruption)
      #expect(broken.status == .interrupted && broken.steps == step, "\(backend), after step \(step)")
      let run = try workshop.store.run(matching: broken.runID)
      #expect(run.status == .interrupted && run.totalSteps == step, "\(backend), after step \(step)")
      let resumed = try workshop.orchestrator.resume(run, in: workshop.store)
      #expect(resumed.status == .completed && resumed.figures == whole.figures, "\(backend), after step \(step)")
      #expect(resumed.bestStep == whole.bestStep, "\(backend), after step \(step)")
      #expect(try workshop.tensors(broken.runID) == tensors, "\(backend), after step \(step)")
      #expect(try workshop.points(broken.runID) == points, "\(backend), after step \(step)")
    }
  }

  @Test(arguments: [1, 2, 5, 7, 11])
  func brokenOffBetweenCheckpointsItGoesBackToTheLast(step: Int) throws {
    let workshop = try Workshop()
    let whole = try workshop.train(recipe(workshop) { $0.checkpointEvery = 3 })
    #expect(throws: Crash.self) {
      _ = try workshop.train(
        recipe(workshop) { $0.checkpointEvery = 3 }, observers: [observer(at: step) { throw Crash() }])
    }
    let run = try workshop.store.run(matching: "last")
    #expect(run.status == .failed)
    let steps = try workshop.store.checkpoints(ofRun: run.id).map(\.step)
    #expect(steps.allSatisfy { $0 < step && ($0 % 3 == 0 || $0 % 4 == 0) }, "\(steps)")
    let resumed = try workshop.orchestrator.resume(run, in: workshop.store)
    #expect(resumed.status == .completed)
    #expect(try workshop.tensors(run.id) == workshop.tensors(whole.runID), "broken off at step \(step)")
    #expect(try workshop.points(run.id) == workshop.points(whole.runID), "broken off at step \(step)")
  }

  @Test func earlyStoppingRemembersWhatItSaw() throws {
    let workshop = try Workshop()
    let interruption = Interruption()
    // Without steps of any size no epoch improves on the first: the third ends the run.
    let recipe = workshop.recipe {
      $0.optimizer = "sgd(0)"
      $0.epochs = 20
      $0.observers = "early-stopping(patience: 2)"
    }
    let broken = try workshop.train(
      recipe, observers: [observer(at: 6) { interruption.request() }], interruption: interruption)
    #expect(broken.status == .interrupted && broken.epochs == 1)
    let run = try workshop.store.run(matching: broken.runID)
    let resumed = try workshop.orchestrator.resume(run, in: workshop.store)
    #expect(resumed.status == .stopped && resumed.epochs == 3, "\(resumed)")
  }

  @Test func aRequestBeforeTheFirstStepLeavesARunThatStartsOver() throws {
    let workshop = try Workshop()
    let whole = try workshop.train(workshop.recipe())
    let interruption = Interruption()
    interruption.request()
    let broken = try workshop.train(workshop.recipe(), interruption: interruption)
    #expect(broken.status == .interrupted && broken.steps == 0)
    let run = try workshop.store.run(matching: broken.runID)
    _ = try workshop.orchestrator.resume(run, in: workshop.store)
    #expect(try workshop.tensors(run.id) == workshop.tensors(whole.runID))
    #expect(try workshop.points(run.id) == workshop.points(whole.runID))
  }

  @Test func otherThreadsAreWarnedOf() throws {
    let workshop = try Workshop()
    let run = try workshop.store.run(matching: workshop.train(workshop.recipe { $0.epochs = 1 }).runID)
    var warnings: [String] = []
    let watcher = Watcher { event in
      if case .warned(let text) = event { warnings.append(text) }
      return .goOn
    }
    _ = try workshop.orchestrator.resume(
      run, in: workshop.store, overriding: [("epochs", "2"), ("threads", "2")], observers: [watcher])
    #expect(warnings.count == 1 && warnings[0].contains("had 1 threads and goes on with 2"), "\(warnings)")
  }

  @Test func aCompleteRunCanBeTrainedFurther() throws {
    let workshop = try Workshop()
    let short = try workshop.train(workshop.recipe { $0.epochs = 2 })
    let long = try workshop.train(workshop.recipe { $0.epochs = 4 })
    let run = try workshop.store.run(matching: short.runID)
    let text = message { _ = try workshop.orchestrator.resume(run, in: workshop.store) }
    #expect(text.contains("has done all of its 2 epochs"), "\(text)")
    let further = try workshop.orchestrator.resume(run, in: workshop.store, overriding: [("epochs", "4")])
    #expect(further.epochs == 4)
    #expect(try workshop.tensors(run.id) == workshop.tensors(long.runID))
    let again = try workshop.store.run(matching: short.runID)
    #expect(message { _ = try workshop.orchestrator.resume(again, in: workshop.store) }.contains("all of its 4 epochs"))
  }

  @Test func argumentsCanBeChangedByTheirLabel() throws {
    let workshop = try Workshop()
    let run = try workshop.store.run(matching: workshop.train(workshop.recipe { $0.epochs = 1 }).runID)
    let resumed = try workshop.orchestrator.resume(
      run, in: workshop.store, overriding: [("epochs", "2"), ("optimizer.rate", "0.5")])
    #expect(resumed.epochs == 2)
    #expect(try workshop.values(run.id, "learning-rate") == [0.02, 0.02, 0.02, 0.02, 0.5, 0.5, 0.5, 0.5])
    let text = message {
      _ = try workshop.orchestrator.resume(run, in: workshop.store, overriding: [("optimizer.speed", "1")])
    }
    #expect(text.contains("adam has no parameter 'speed'"), "\(text)")
  }

  @Test func whatWasTrainedBeforeHasToStay() throws {
    let workshop = try Workshop()
    let run = try workshop.store.run(matching: workshop.train(workshop.recipe { $0.epochs = 1 }).runID)
    for (path, value, old, new) in [
      ("batch", "5", "12", "5"),
      ("model", "dense(8), tanh, dense(3)", "dense(8", "dense(8"),
      ("model.0.units", "9", "8", "9"),
      ("dataset", "shapes()", "csv(", "shapes("),
      ("optimizer", "sgd(momentum: 0.9)", "adam(", "sgd("),
      ("seed", "99", "0", "99"),
      ("validation", "0.5", "0.1", "0.5"),
      ("shuffle", "false", "true", "false"),
      ("initializer", "lsuv", "he-normal", "lsuv"),
      ("preprocess", "standardize", "", "standardize"),
    ] {
      let text = message(path) {
        _ = try workshop.orchestrator.resume(run, in: workshop.store, overriding: [("epochs", "2"), (path, value)])
      }
      #expect(
        text.contains("\(path) of run \(run.id) cannot change from \(old)") && text.contains("to \(new)")
          && text.contains("fledge fork \(run.id)"), "\(path): \(text)")
    }
    for (path, command) in [("name", "fledge rename"), ("tags", "fledge tag")] {
      let text = message(path) {
        _ = try workshop.orchestrator.resume(run, in: workshop.store, overriding: [("epochs", "2"), (path, "new")])
      }
      #expect(text.contains(command), "\(path): \(text)")
    }
    #expect(try workshop.store.run(matching: run.id).status == .completed)
    #expect(try workshop.store.changes(ofRun: run.id).isEmpty)
  }

  @Test func everyKeyMayBeSetToWhatItIs() throws {
    let workshop = try Workshop()
    let run = try workshop.store.run(matching: workshop.train(workshop.recipe { $0.epochs = 1 }).runID)
    let same = [("batch", "12"), ("seed", "0"), ("optimizer", "adam(0.02)"), ("model", "dense(8), relu, dense(3)")]
    _ = try workshop.orchestrator.resume(run, in: workshop.store, overriding: same + [("epochs", "2")])
    #expect(try workshop.store.changes(ofRun: run.id) == [RunChange(step: 4, path: "epochs", old: "1", new: "2")])
  }

  @Test func theStoreHasWhatTheRunIsTrainedWith() throws {
    let workshop = try Workshop()
    let run = try workshop.store.run(matching: workshop.train(workshop.recipe { $0.epochs = 1 }).runID)
    var warnings: [String] = []
    let watcher = Watcher { event in
      if case .warned(let text) = event { warnings.append(text) }
      return .goOn
    }
    _ = try workshop.orchestrator.resume(
      run, in: workshop.store, overriding: [("epochs", "2"), ("optimizer.rate", "0.5")], observers: [watcher])
    _ = try workshop.orchestrator.resume(
      workshop.store.run(matching: run.id), in: workshop.store,
      overriding: [("epochs", "3"), ("observers", "early-stopping(patience: 9)")])
    let changes = try workshop.store.changes(ofRun: run.id)
    #expect(changes.map(\.step) == [4, 4, 8, 8])
    #expect(changes.map(\.path) == ["optimizer.rate", "epochs", "observers", "epochs"])
    #expect(changes.map(\.old) == ["0.02", "1", "none", "2"])
    #expect(changes.prefix(2).map(\.new) == ["0.5", "2"] && changes[2].new.hasPrefix("early-stopping("))
    #expect(warnings == ["the learning rate goes from 0.02 in step 4 to 0.5 in step 5"])
    let record = try workshop.store.run(matching: run.id)
    #expect(record.recipeYAML.contains("epochs: 3") && record.recipeYAML.contains("adam(0.5"))
    let rows = try workshop.store.components(ofRun: run.id)
    #expect(rows.first { $0.kind == "optimizer" && $0.argument == "rate" }?.value == "0.5")
    for query in ["optimizer.rate = 0.5", "observers.patience = 9", "recipe.epochs = 3"] {
      #expect(try workshop.store.runs(RunQuery(where: query)).map(\.id) == [run.id], "\(query)")
    }
    #expect(try workshop.store.runs(RunQuery(where: "optimizer.rate = 0.02")).isEmpty)
  }

  @Test func aChangeHoldsAfterARunIsBrokenOffBeforeItsNextCheckpoint() throws {
    let workshop = try Workshop()
    let run = try workshop.store.run(matching: workshop.train(workshop.recipe { $0.epochs = 2 }).runID)
    let failing = Watcher { event in
      if case .stepped(let report) = event, report.step == 10 { throw Crash() }
      return .goOn
    }
    #expect(throws: Crash.self) {
      _ = try workshop.orchestrator.resume(
        run, in: workshop.store, overriding: [("epochs", "3"), ("optimizer.rate", "0.1")], observers: [failing])
    }
    let failed = try workshop.store.run(matching: run.id)
    #expect(failed.status == .failed)
    let outcome = try workshop.orchestrator.resume(failed, in: workshop.store)
    #expect(outcome.epochs == 3)
    #expect(try workshop.values(run.id, "learning-rate").suffix(5) == [0.02, 0.1, 0.1, 0.1, 0.1])
    // An earlier checkpoint is gone on from as it was trained then.
    _ = try workshop.orchestrator.resume(
      workshop.store.run(matching: run.id), in: workshop.store, from: .step(8), overriding: [("optimizer.rate", "0.3")])
    #expect(try workshop.values(run.id, "learning-rate").suffix(5) == [0.02, 0.3, 0.3, 0.3, 0.3])
    #expect(
      try workshop.store.changes(ofRun: run.id).map(\.new) == ["0.1", "3", "0.3"])
  }

  @Test func noFewerEpochsThanWereBegun() throws {
    let workshop = try Workshop()
    let interruption = Interruption()
    let watcher = Watcher { event in
      if case .stepped(let report) = event, report.step == 6 { interruption.request() }
      return .goOn
    }
    let run = try workshop.store.run(
      matching: workshop.train(workshop.recipe(), observers: [watcher], interruption: interruption).runID)
    let text = message { _ = try workshop.orchestrator.resume(run, in: workshop.store, overriding: [("epochs", "1")]) }
    #expect(text.contains("its 6 steps already reach into epoch 2; say at least --set epochs=2"), "\(text)")
    #expect(try workshop.orchestrator.resume(run, in: workshop.store, overriding: [("epochs", "2")]).epochs == 2)
    let done = try workshop.store.run(matching: run.id)
    let again = message {
      _ = try workshop.orchestrator.resume(done, in: workshop.store, overriding: [("epochs", "1")])
    }
    #expect(again.contains("say at least --set epochs=2"), "\(again)")
  }

  @Test func aRunThatWasStoppedEarlyTrainsNothingUnlessThatChanges() throws {
    let workshop = try Workshop()
    let stopped = try workshop.train(
      workshop.recipe {
        $0.epochs = 9
        $0.optimizer = "sgd(1e-9)"
        $0.observers = "early-stopping(patience: 1, minimum-delta: 1)"
      })
    #expect(stopped.status == .stopped && stopped.epochs < 9)
    let run = try workshop.store.run(matching: stopped.runID)
    for changes in [[], [("epochs", "20")], [("optimizer.rate", "0.1")]] {
      let text = message { _ = try workshop.orchestrator.resume(run, in: workshop.store, overriding: changes) }
      #expect(text.contains("was stopped early") && text.contains("--set observers=none"), "\(text)")
    }
    #expect(try workshop.store.run(matching: run.id).status == .stopped)
    let further = try workshop.orchestrator.resume(run, in: workshop.store, overriding: [("observers", "none")])
    #expect(further.status == .completed && further.epochs == 9)
  }

  @Test func anotherLossIsNotComparedWithTheFirst() throws {
    let workshop = try Workshop()
    let run = try workshop.store.run(
      matching: workshop.train(
        workshop.recipe {
          $0.epochs = 2
          $0.monitor = "validation.loss"
        }
      ).runID)
    var best: [Bool] = []
    let watcher = Watcher { event in
      if case .epochEnded(let report) = event { best.append(report.isBest) }
      return .goOn
    }
    // Smoothed like this it is near log 3, so that it would not be best beside the first.
    _ = try workshop.orchestrator.resume(
      run, in: workshop.store,
      overriding: [
        ("epochs", "3"), ("loss", "softmax-cross-entropy(label-smoothing: 0.9)"), ("optimizer.rate", "1e-9"),
      ],
      observers: [watcher])
    #expect(best == [true])
  }

  @Test func oneCheckpointAfterAnotherCanBeTakenUp() throws {
    let workshop = try Workshop()
    let whole = try workshop.train(workshop.recipe())
    let tensors = try workshop.tensors(whole.runID)
    let points = try workshop.points(whole.runID)
    let steps = try workshop.store.checkpoints(ofRun: whole.runID).map(\.step)
    #expect(steps.count >= 2)
    let run = try workshop.store.run(matching: whole.runID)
    _ = try workshop.orchestrator.resume(run, in: workshop.store, from: .step(steps[0]))
    #expect(try workshop.tensors(whole.runID) == tensors)
    #expect(try workshop.points(whole.runID) == points)
  }
}
