import Experiments
import Orchestrator
import Testing

@Suite struct ForkingTests {
  private func trained(_ workshop: Workshop, _ change: (inout Recipe) -> Void = { _ in }) throws -> RunRecord {
    let recipe = workshop.recipe {
      $0.name = "first"
      $0.tags = ["good"]
      $0.epochs = 2
      change(&$0)
    }
    return try workshop.store.run(matching: workshop.train(recipe).runID)
  }

  @Test func aForkWithoutAChangeTrainsAsTheRunWouldHave() throws {
    let workshop = try Workshop()
    let run = try trained(workshop)
    let whole = try workshop.train(workshop.recipe { $0.epochs = 4 })
    let fork = try workshop.orchestrator.fork(run, in: workshop.store, overriding: [("epochs", "4")])
    #expect(try workshop.tensors(fork.runID) == workshop.tensors(whole.runID))
    let record = try workshop.store.run(matching: fork.runID)
    #expect(record.origin == RunOrigin(run: run.id, step: 8))
    #expect(record.name == nil && record.tags == ["good"])
    #expect(try workshop.store.metrics(ofRun: fork.runID, name: "train.loss").map(\.step) == Array(9...16))
    #expect(try workshop.store.runs(RunQuery(where: "origin = \(run.id)")).map(\.id) == [fork.runID])
    // The first run is as it was.
    #expect(try workshop.store.run(matching: run.id) == run)
    #expect(try workshop.store.changes(ofRun: fork.runID).isEmpty)
  }

  @Test func whatAResumptionRefusesAForkDoes() throws {
    let workshop = try Workshop()
    let run = try trained(workshop)
    for (changes, steps) in [
      ([("batch", "5")], 27), ([("optimizer", "sgd(0.01, momentum: 0.9)")], 12), ([("seed", "99")], 12),
      ([("dataset", "csv('flowers.csv', label: kind, separator: comma)")], 12),
      ([("validation", "0"), ("monitor", "train.loss")], 12),
      ([("shuffle", "false"), ("name", "second")], 12), ([("model", "dense(8), tanh, dense(3)")], 12),
    ] {
      let fork = try workshop.orchestrator.fork(run, in: workshop.store, overriding: changes + [("epochs", "3")])
      #expect(fork.status == .completed && fork.epochs == 3 && fork.steps == steps, "\(changes): \(fork)")
      #expect(fork.name == (changes.contains { $0.0 == "name" } ? "second" : nil))
    }
  }

  @Test func whatDoesNotFitIsSaid() throws {
    let workshop = try Workshop()
    let run = try trained(workshop) { $0.checkpointEvery = 3 }
    let count = try workshop.store.runs().count
    for (changes, expected) in [
      (
        [("model", "dense(9), relu, dense(3)"), ("epochs", "3")], "'0.weight' has shape [8, 4], the model's has [9, 4]"
      ),
      ([], "has done all of its 2 epochs"),
      ([("epochs", "3"), ("optimizer.speed", "1")], "adam has no parameter 'speed'"),
    ] {
      let text = message { _ = try workshop.orchestrator.fork(run, in: workshop.store, overriding: changes) }
      #expect(text.contains(expected), "\(text)")
    }
    let text = message {
      _ = try workshop.orchestrator.fork(run, in: workshop.store, from: .step(6), overriding: [("batch", "5")])
    }
    #expect(text.contains("step 6 is within one"), "\(text)")
    #expect(try workshop.store.runs().count == count)
  }

  @Test func aForkIsResumedFromItsOwnCheckpoint() throws {
    let workshop = try Workshop()
    let run = try trained(workshop)
    let whole = try workshop.orchestrator.fork(
      run, in: workshop.store, overriding: [("epochs", "3"), ("optimizer", "sgd(0.01)")])
    let interruption = Interruption()
    interruption.request()
    let broken = try workshop.orchestrator.fork(
      run, in: workshop.store, overriding: [("epochs", "3"), ("optimizer", "sgd(0.01)")], interruption: interruption)
    #expect(broken.status == .interrupted && broken.steps == 8)
    try workshop.store.delete(run: run.id)
    let record = try workshop.store.run(matching: broken.runID)
    _ = try workshop.orchestrator.resume(record, in: workshop.store)
    #expect(try workshop.tensors(broken.runID) == workshop.tensors(whole.runID))
  }
}
