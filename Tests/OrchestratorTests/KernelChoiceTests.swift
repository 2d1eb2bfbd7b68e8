import Execution
import Experiments
import Orchestrator
import Registry
import Synchronization
import Testing

/// Choices by timing: remembered for the machine, and kept by the run.
@Suite(.serialized) struct KernelChoiceTests {
  private func workshop() throws -> Workshop {
    choosing.withLock { $0 = ChoosingLog() }
    var registry = try allParts()
    registry.register(ChoosingBackend.self)
    return try Workshop(registry)
  }

  private func recipe(_ workshop: Workshop, _ change: (inout Recipe) -> Void = { _ in }) -> Recipe {
    workshop.recipe {
      $0.backend = "choosing"
      change(&$0)
    }
  }

  /// The algorithms that sessions used since the last call, and how many runs were timed.
  private func seen() -> (used: [String], timings: Int) {
    choosing.withLock { log in
      defer { (log.used, log.timings) = ([], 0) }
      return (log.used, log.timings)
    }
  }

  private func interrupted(_ workshop: Workshop, after step: Int, _ recipe: Recipe) throws -> RunRecord {
    let interruption = Interruption()
    let watcher = Watcher { event in
      if case .stepped(let report) = event, report.step == step { interruption.request() }
      return .goOn
    }
    let outcome = try workshop.train(recipe, observers: [watcher], interruption: interruption)
    return try workshop.store.run(matching: outcome.runID)
  }

  @Test func theNextRunTakesWhatTheFirstTimed() throws {
    let workshop = try workshop()
    _ = try workshop.train(recipe(workshop))
    let first = seen()
    #expect(first.used == ["other"] && first.timings > 0)
    choosing.withLock { $0.times["rule"] = 0.001 }
    _ = try workshop.train(recipe(workshop))
    #expect(seen() == (["other"], 0))
    _ = try workshop.train(recipe(workshop) { $0.threads = 2 })
    #expect(seen().used == ["rule"], "another team of threads is another question")
    _ = try workshop.orchestrator.train(recipe(workshop), in: workshop.store, retunes: true)
    #expect(seen().used == ["rule"])
    _ = try workshop.train(recipe(workshop))
    #expect(seen() == (["rule"], 0), "the new time is remembered")
  }

  @Test func whatWasChosenOnABusyMachineStays() throws {
    let workshop = try workshop()
    choosing.withLock { $0.isBusy = true }
    let first = try workshop.train(recipe(workshop))
    let busy = seen()
    #expect(busy.used == ["rule"] && busy.timings > 0)
    choosing.withLock { $0.isBusy = false }
    let second = try workshop.train(recipe(workshop))
    #expect(seen() == (["rule"], 0), "the machine is calm, and the kernel as before")
    #expect(try workshop.tensors(first.runID) == workshop.tensors(second.runID))
    _ = try workshop.orchestrator.train(recipe(workshop), in: workshop.store, retunes: true)
    #expect(seen().used == ["other"])
    _ = try workshop.train(recipe(workshop))
    #expect(seen() == (["other"], 0))
  }

  @Test func whatEvaluationUsesIsRememberedBeforeTheFirstEpochEnds() throws {
    let workshop = try workshop()
    choosing.withLock { $0.choosesByGraph = true }
    _ = try interrupted(workshop, after: 1, recipe(workshop))
    #expect(seen().timings > 0)
    _ = try workshop.train(recipe(workshop))
    #expect(seen().timings == 0)
  }

  @Test func aRunGoesOnWithItsOwnKernelsWhateverTheStoreRemembersSince() throws {
    let workshop = try workshop()
    let run = try interrupted(workshop, after: 5, recipe(workshop))
    #expect(seen().used == ["other"])
    choosing.withLock { $0.times["rule"] = 0.001 }
    _ = try workshop.orchestrator.train(recipe(workshop), in: workshop.store, retunes: true)
    #expect(seen().used == ["rule"])

    _ = try workshop.orchestrator.resume(run, in: workshop.store)
    #expect(seen() == (["other"], 0))
    _ = try workshop.orchestrator.resume(run, in: workshop.store, overriding: [("epochs", "4")])
    #expect(seen() == (["other"], 0), "resumed once more")
    let validation = try workshop.orchestrator.evaluate(
      run, in: workshop.store, split: .validation, backend: "choosing")
    #expect(validation.examples > 0)
    #expect(seen() == (["other"], 0))
    let model = try workshop.orchestrator.load(run, in: workshop.store, backend: "choosing")
    _ = try model.predict([])
    let weights = try workshop.orchestrator.weights(of: run, in: workshop.store)
    #expect(!weights.isEmpty)
    _ = seen()
    _ = try workshop.train(recipe(workshop))
    #expect(seen() == (["rule"], 0), "what a resumption used changes nothing that is remembered")
  }

  @Test func aRunThatGoesOnWithOtherThreadsChoosesAnew() throws {
    let workshop = try workshop()
    let run = try interrupted(workshop, after: 5, recipe(workshop))
    _ = seen()
    choosing.withLock { $0.times["rule"] = 0.001 }
    _ = try workshop.orchestrator.resume(run, in: workshop.store, overriding: [("threads", "2")])
    #expect(seen().used == ["rule"])
    _ = try workshop.orchestrator.resume(run, in: workshop.store, overriding: [("epochs", "5")])
    #expect(seen() == (["rule"], 0))
  }

  @Test func anExactRunHasNoChoice() throws {
    let workshop = try workshop()
    _ = try workshop.train(recipe(workshop))
    _ = seen()
    let run = try workshop.train(recipe(workshop) { $0.exact = true })
    #expect(seen() == (["rule"], 0))
    let stored = try workshop.store.run(matching: run.runID)
    #expect(stored.recipeYAML.contains("exact: true\n"))
    _ = try workshop.orchestrator.evaluate(stored, in: workshop.store, split: .validation, backend: "choosing")
    #expect(seen() == (["rule"], 0))
  }

  @Test func benchmarksAndPlansShareTheMemory() throws {
    let workshop = try workshop()
    _ = try workshop.orchestrator.plan(recipe(workshop), in: workshop.store)
    #expect(seen().timings > 0)
    _ = try workshop.orchestrator.benchmark(recipe(workshop), steps: 1, in: workshop.store)
    #expect(seen().timings == 0)
    _ = try workshop.orchestrator.benchmark(recipe(workshop), steps: 1)
    #expect(seen().timings > 0, "without a store nothing is remembered")
    _ = try workshop.orchestrator.plan(recipe(workshop), in: workshop.store, retunes: true)
    #expect(seen().timings > 0)
    let reader = try ExperimentStore(path: workshop.store.path, access: .readOnly)
    _ = try workshop.orchestrator.plan(recipe(workshop) { $0.threads = 2 }, in: reader)
    #expect(seen().timings > 0, "a store that cannot be written is read")
  }
}
