import Experiments
import Orchestrator
import Testing

/// Groups of runs, trained by the one trainer.
@Suite struct GroupTests {
  private struct Crash: Error {}

  /// Dropout, batch statistics and momentum: what a resumed run must find again. Four steps an epoch, twelve a run.
  private func recipe(_ workshop: Workshop, _ name: String) -> Recipe {
    workshop.recipe {
      $0.model = "dense(8), batch-norm, relu, dropout(0.3), dense(3)"
      $0.optimizer = "sgd(0.05, momentum: 0.9)"
      $0.seed = 5
      $0.name = name
    }
  }

  /// Calls the body at a step of one of the group's runs.
  private func observer(ofRun run: Int, at step: Int, _ body: @escaping () throws -> Void) -> Watcher {
    var runs = 0
    return Watcher { event in
      switch event {
      case .started: runs += 1
      case .stepped(let report) where runs == run && report.step == step: try body()
      default: break
      }
      return .goOn
    }
  }

  private func expectWhole(_ name: String, _ workshop: Workshop, _ comment: String) throws {
    #expect(try workshop.store.group(matching: name).state == .completed, "\(comment)")
    for position in 1...3 {
      let (run, whole) = ("\(name)#\(position)", "whole#\(position)")
      #expect(try workshop.store.run(matching: run).status == .completed, "\(comment): \(run)")
      #expect(try workshop.tensors(run) == workshop.tensors(whole), "\(comment): \(run)")
      #expect(try workshop.points(run) == workshop.points(whole), "\(comment): \(run)")
    }
  }

  @Test func everyRunIsWhatItWouldBeByItself() throws {
    let workshop = try Workshop()
    var starts: [MemberStart] = []
    let group = try workshop.orchestrator.train(
      recipe(workshop, "whole"), repeats: 3, in: workshop.store, announce: { starts.append($0) })
    #expect(group.state == .completed && group.kind == .repeats && group.name == "whole" && group.done == 3)
    #expect(group.members.map(\.runName) == ["whole#1", "whole#2", "whole#3"])
    #expect(group.members.map(\.values) == [["seed": "5"], ["seed": "6"], ["seed": "7"]])
    #expect(starts.map(\.position) == [1, 2, 3] && starts.map(\.values) == group.members.map(\.values))
    #expect(starts.allSatisfy { $0.count == 3 && $0.group == "whole" })
    #expect(try group.planned.map(\.recipe.seed) == [5, 6, 7])
    for (index, seed) in [5, 6, 7].enumerated() {
      var alone = recipe(workshop, "alone-\(seed)")
      alone.seed = UInt64(seed)
      let run = try workshop.train(alone).runID
      #expect(try workshop.tensors(run) == workshop.tensors("whole#\(index + 1)"), "seed \(seed)")
      #expect(try workshop.points(run) == workshop.points("whole#\(index + 1)"), "seed \(seed)")
    }
    #expect(try workshop.tensors("whole#1") != workshop.tensors("whole#2"))
    let text = message { _ = try workshop.orchestrator.resume(group, in: workshop.store) }
    #expect(text.contains("group 'whole' is complete: all of its 3 runs are done"), "\(text)")
  }

  @Test(arguments: [(1, 1), (1, 12), (2, 5), (3, 4), (3, 11)])
  func interruptedAndResumedItEndsAsIfItHadNotBeen(run: Int, step: Int) throws {
    let workshop = try Workshop()
    _ = try workshop.orchestrator.train(recipe(workshop, "whole"), repeats: 3, in: workshop.store)
    let interruption = Interruption()
    let broken = try workshop.orchestrator.train(
      recipe(workshop, "cut"), repeats: 3, in: workshop.store,
      observers: [observer(ofRun: run, at: step) { interruption.request() }], interruption: interruption)
    // At its last step, a run is done all the same, and the next does not begin.
    let isLast = run == 3 && step == 12
    #expect(broken.state == (isLast ? .completed : .interrupted), "run \(run), step \(step)")
    #expect(broken.members.count == run && broken.done == (step == 12 ? run : run - 1), "run \(run), step \(step)")
    let resumed = try workshop.orchestrator.resume(broken, in: workshop.store)
    #expect(resumed.state == .completed && resumed.reason == nil)
    try expectWhole("cut", workshop, "run \(run), step \(step)")
  }

  @Test func afterAFaultItGoesOnWithTheRunThatFailed() throws {
    let workshop = try Workshop()
    _ = try workshop.orchestrator.train(recipe(workshop, "whole"), repeats: 3, in: workshop.store)
    #expect(throws: Crash.self) {
      _ = try workshop.orchestrator.train(
        recipe(workshop, "cut"), repeats: 3, in: workshop.store,
        observers: [observer(ofRun: 2, at: 6) { throw Crash() }])
    }
    let failed = try workshop.store.group(matching: "cut")
    #expect(
      failed.state == .failed && failed.reason == "Crash()" && failed.members.map(\.status) == [.completed, .failed])
    #expect(throws: Crash.self) {
      _ = try workshop.orchestrator.resume(
        failed, in: workshop.store, observers: [observer(ofRun: 1, at: 11) { throw Crash() }])
    }
    _ = try workshop.orchestrator.resume(workshop.store.group(matching: "cut"), in: workshop.store)
    try expectWhole("cut", workshop, "after two faults")
  }

  @Test func whatDoesNotFitIsSaidBeforeThereIsAGroup() throws {
    let workshop = try Workshop()
    var wrong = recipe(workshop, "wrong")
    wrong.model = "dense(8), rellu"
    let text = message { _ = try workshop.orchestrator.train(wrong, repeats: 3, in: workshop.store) }
    #expect(text.contains("did you mean 'relu'?"), "\(text)")
    #expect(try workshop.store.groups().isEmpty && workshop.store.runs().isEmpty)
  }

  @Test func aRequestBeforeTheFirstStepLeavesAGroupThatStartsOver() throws {
    let workshop = try Workshop()
    _ = try workshop.orchestrator.train(recipe(workshop, "whole"), repeats: 3, in: workshop.store)
    let interruption = Interruption()
    interruption.request()
    let broken = try workshop.orchestrator.train(
      recipe(workshop, "cut"), repeats: 3, in: workshop.store, interruption: interruption)
    #expect(broken.state == .interrupted && broken.members.map(\.steps) == [0])
    _ = try workshop.orchestrator.resume(broken, in: workshop.store)
    try expectWhole("cut", workshop, "before the first step")
  }

  @Test func aPlanThatCannotBeReadIsSaid() throws {
    let workshop = try Workshop()
    for (name, kind, plan, expected) in [
      ("stages", GroupKind.stages, "{}", "is of the kind 'stages', which this Fledge cannot train"),
      ("broken", .repeats, #"{"seeds":[1]}"#, "the plan of group 'broken' cannot be read"),
    ] {
      let new = NewGroup(name: name, kind: kind, plan: plan)
      try workshop.store.begin(NewRun(recipeYAML: ""), as: NewMember(of: .new(new), position: 1, values: [:]))
        .finish(.interrupted)
      try workshop.store.finish(group: new.id, .interrupted)
      let text = message {
        _ = try workshop.orchestrator.resume(workshop.store.group(matching: name), in: workshop.store)
      }
      #expect(text.contains(expected), "\(text)")
    }
  }

  @Test func seedsGoUpByOne() throws {
    let workshop = try Workshop()
    var last = recipe(workshop, "")
    last.seed = .max
    last.epochs = 1
    let group = try workshop.orchestrator.train(last, repeats: 2, in: workshop.store)
    #expect(group.members.map(\.values) == [["seed": "18446744073709551615"], ["seed": "0"]])
    #expect(group.name == group.id && group.members.map(\.runName) == ["\(group.id)#1", "\(group.id)#2"])
    #expect(try workshop.store.runs(RunQuery(where: "seed = 18446744073709551615")).map(\.member) == [1])
  }
}
