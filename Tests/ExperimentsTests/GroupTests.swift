import Experiments
import Foundation
import Registry
import Testing

/// Groups: runs that belong together, with names of their own.
@Suite struct GroupTests {
  private func group(_ name: String? = "base", kind: GroupKind = .repeats, owner: ProcessIdentity = .current())
    -> NewGroup
  {
    NewGroup(name: name, kind: kind, plan: #"{"count":3}"#, owner: owner)
  }

  @discardableResult
  private func begin(
    _ store: ExperimentStore, _ group: NewMember.Group, named name: String, at position: Int,
    values: [String: String] = [:], seed: UInt64 = 0, owner: ProcessIdentity = .current()
  ) throws -> RunRecorder {
    let run = NewRun(
      name: NewMember.name(inGroup: name, position: position), recipeYAML: "seed: \(seed)\n", seed: seed, owner: owner)
    return try store.begin(run, as: NewMember(of: group, position: position, values: values))
  }

  /// A group of two runs that are done, with seeds 7 and 8.
  private func pair(_ store: ExperimentStore, _ name: String = "base") throws -> NewGroup {
    let new = group(name)
    for position in 1...2 {
      let seed = UInt64(6 + position)
      try begin(
        store, position == 1 ? .new(new) : .known(new.id), named: name, at: position,
        values: ["seed": String(seed), "fold": "\(position)"], seed: seed
      ).finish(.completed)
    }
    return new
  }

  @Test func everythingThatWasGivenComesBack() throws {
    let scratch = try Scratch()
    let store = try scratch.store()
    let new = group()
    let first = try begin(store, .new(new), named: "base", at: 1, values: ["seed": "7"], seed: 7)
    let second = try begin(store, .known(new.id), named: "base", at: 2, values: ["seed": "8"], seed: 8)
    try first.finish(.stopped, stopReason: "no better", steps: 9, epochs: 3)
    let found = try store.group(matching: "base")
    #expect(found.id == new.id && found.name == "base" && found.kind == .repeats && found.plan == new.plan)
    #expect(found.state == .running && found.reason == nil && found.finished == nil && found.owner == .current())
    #expect(found.members.map(\.position) == [1, 2] && found.members.map(\.runName) == ["base#1", "base#2"])
    #expect(found.members.map(\.status) == [.stopped, .running] && found.done == 1)
    #expect(found.members.map(\.runID) == [first.run.id, second.run.id])
    #expect(found.members.map(\.values) == [["seed": "7"], ["seed": "8"]])
    #expect(found.members[0].steps == 9 && found.members[0].epochs == 3 && found.members[0].stopReason == "no better")
    #expect(try store.run(matching: "base#2").group == "base" && store.run(matching: "base#2").member == 2)
    #expect(second.run.group == "base" && second.run.member == 2)
    try store.finish(group: new.id, .failed, reason: "a fault")
    let ended = try store.group(matching: new.id)
    #expect(ended.state == .failed && ended.reason == "a fault" && ended.finished != nil)
    #expect(try store.groups() == [ended])
  }

  @Test func aGroupWithoutANameIsCalledByItsIdentifier() throws {
    let scratch = try Scratch()
    let store = try scratch.store()
    let new = group(nil)
    #expect(new.name == new.id && new.id.wholeMatch(of: /[0-9a-hjkmnp-tv-z]{10}/) != nil)
    try begin(store, .new(new), named: new.id, at: 1)
    #expect(try store.group(matching: new.id).name == new.id)
    #expect(try store.run(matching: "\(new.id)#1").group == new.id)
  }

  @Test func aGroupBeginsWithItsFirstRunOrNotAtAll() throws {
    let scratch = try Scratch()
    let store = try scratch.store()
    let new = group()
    var run = NewRun(name: "base#1", recipeYAML: "")
    run.tags = ["x"]
    run.components = [
      ComponentArgument(kind: "k", path: "k", part: "p"), ComponentArgument(kind: "k", path: "k", part: "p"),
    ]
    try begin(store, .new(new), named: "base", at: 1)
    #expect(throws: StoreError.self) {
      _ = try store.begin(run, as: NewMember(of: .known(new.id), position: 1, values: [:]))
    }
    #expect(try store.runs().count == 1, "the position was taken: nothing of the second is left")
    #expect(throws: StoreError.self) {
      _ = try store.begin(NewRun(recipeYAML: ""), as: NewMember(of: .new(group("other")), position: 0, values: [:]))
    }
    #expect(try store.groups().map(\.name) == ["base"] && store.runs().count == 1)
  }

  @Test func runsAndGroupsShareOneNamespace() throws {
    let scratch = try Scratch()
    let store = try scratch.store()
    let base = try pair(store)
    for name in ["alone", "alone", "odd#4"] { try store.begin(NewRun(name: name, recipeYAML: "")).finish(.completed) }
    for name in ["base", base.id, "base#3", "base#1", "base#x"] {
      let expected = StoreError.Code.nameOfGroup(name, group: "base")
      #expect(storeError(name) { _ = try store.begin(NewRun(name: name, recipeYAML: "")) }?.code == expected)
      #expect(storeError(name) { try store.rename(run: "alone", to: name) }?.code == expected)
    }
    let own = try begin(store, .known(base.id), named: "base", at: 3)
    #expect(own.run.name == "base#3", "its own members may be called so")
    try own.finish(.completed)
    #expect(
      storeError { try begin(store, .new(group("base")), named: "base", at: 1) }?.message
        == "the name 'base' is taken by group 'base'; choose another, or delete the group")
    #expect(
      storeError { try begin(store, .new(group("alone")), named: "alone", at: 1) }?.message
        == "the name 'alone' cannot be a group's: a run is called 'alone'; choose another")
    #expect(
      storeError { try begin(store, .new(group("odd")), named: "odd", at: 1) }?.code
        == .nameOfRun("odd", run: "odd#4"))
    #expect(
      storeError { try begin(store, .new(group("last")), named: "last", at: 1) }?.code
        == .invalidName("last", reason: "it stands for the newest run"))
    try store.begin(NewRun(name: "bas", recipeYAML: "")).finish(.completed)
    try store.begin(NewRun(name: "baseline#1", recipeYAML: "")).finish(.completed)
    #expect(try store.groups().map(\.name) == ["base"])
  }

  @Test func eitherIsFoundByWhatAUserTypes() throws {
    let scratch = try Scratch()
    let store = try scratch.store()
    let base = try pair(store)
    let run = try store.begin(NewRun(name: "alone", recipeYAML: "")).run
    #expect(try store.entry(matching: "alone") == .run(store.run(matching: run.id)))
    #expect(try store.entry(matching: "base") == .group(store.group(matching: base.id)))
    #expect(try store.entry(matching: "base#2") == .run(store.run(matching: "base#2")))
    #expect(try store.entry(matching: "last") == .run(store.run(matching: run.id)))
    let ids = try store.runs().map(\.id)
    let shortest = (1...10).map { String(base.id.prefix($0)) }.first { prefix in !ids.contains { $0.hasPrefix(prefix) }
    }
    #expect(try store.group(matching: #require(shortest)).name == "base")
    let ambiguous = storeError { _ = try store.entry(matching: String(base.id.prefix(1))) }
    #expect(ambiguous?.code == .ambiguousRun(String(base.id.prefix(1)), matches: (ids + [base.id]).sorted()))
    #expect(
      storeError { _ = try store.run(matching: "base") }?.message
        == "'base' is a group of runs; name one of them: base#1, base#2")
    #expect(
      storeError { _ = try store.group(matching: "alone") }?.message
        == "'alone' is a run by itself, not a group of runs")
    #expect(
      storeError { _ = try store.entry(matching: "bose") }?.message == "there is no run 'bose'; did you mean 'base'?")
  }

  @Test func aGroupWhoseProcessEndedIsInterruptedAndTakenUpByOne() throws {
    let scratch = try Scratch()
    let store = try scratch.store()
    let killed = group("killed", owner: deadProcess())
    try begin(store, .new(killed), named: "killed", at: 1, owner: deadProcess())
    let elsewhere = group(
      "elsewhere", owner: ProcessIdentity(host: "another-host", bootID: "x", processID: 1, startTime: 1))
    try begin(store, .new(elsewhere), named: "elsewhere", at: 1).finish(.completed)
    for store in [store, try scratch.store(.readOnly), try scratch.store()] {
      let found = try store.group(matching: "killed")
      #expect(found.state == .interrupted && found.reason == "its process ended without finishing it")
      #expect(found.members.map(\.status) == [.interrupted])
      #expect(try store.group(matching: "elsewhere").state == .running)
    }
    let taken = try store.resume(group: "killed")
    #expect(taken.state == .running && taken.owner == .current() && taken.reason == nil)
    let message = "is at work on group 'killed'; stop that process first"
    #expect(storeError { _ = try store.resume(group: "killed") }?.message.hasSuffix(message) == true)
    #expect(storeError { try store.delete(group: "killed") }?.message.hasSuffix(message) == true)
    let lost = storeError { try store.finish(group: killed.id, .completed, owner: deadProcess()) }
    #expect(lost?.code == .lostGroup(killed.id))
    #expect(try store.group(matching: "killed").state == .running)
    #expect(storeError { _ = try store.resume(group: "elsewhere") }?.code != nil)
    #expect(try store.resume(group: "elsewhere", evenIfActive: true).owner == .current())
  }

  @Test func aGroupIsDeletedAsOne() throws {
    let scratch = try Scratch()
    let store = try scratch.store()
    let shared = tensor("shared", randomWeights(1000, seed: 1))
    for name in ["keep", "drop"] {
      let new = group(name)
      for position in 1...2 {
        let recorder = try begin(
          store, position == 1 ? .new(new) : .known(new.id), named: name, at: position, values: ["seed": "1"])
        try recorder.saveCheckpoint(
          checkpoint(
            1,
            [
              shared,
              tensor(
                "own", randomWeights(50_000, seed: new.id.utf8.reduce(UInt64(position)) { $0 &* 31 &+ UInt64($1) })),
            ]))
        try recorder.finish(.completed)
      }
      try store.finish(group: new.id, .completed)
    }
    #expect(
      storeError { try store.delete(run: "drop#1", evenIfActive: true) }?.message.hasSuffix(
        "belongs to group 'drop', which is deleted as one: fledge delete drop") == true)
    try store.delete(group: "drop")
    #expect(try store.groups().map(\.name) == ["keep"])
    #expect(Set(try store.runs().map(\.name)) == ["keep#1", "keep#2"])
    #expect(try store.loadCheckpoint(.last, ofRun: "keep#1").tensors.first == shared)
    try store.begin(NewRun(name: "drop", recipeYAML: "")).finish(.completed)
    try store.close()
    let counts = ["run_groups": 1, "group_members": 2, "group_member_values": 2, "checkpoints": 2, "blobs": 4]
    for (table, count) in counts { #expect(try scratch.figure("SELECT count(*) FROM \(table)") == count, "\(table)") }
    #expect(try scratch.figure("PRAGMA freelist_count") == 0, "the space is given back")
    #expect(try scratch.figure("SELECT count(*) FROM pragma_foreign_key_check") == 0)
  }

  @Test(arguments: [
    ("group = base", ["base#1", "base#2"]), ("group = base and seed = 8", ["base#2"]),
    ("group ~ BA*", ["base#1", "base#2"]),
    ("member = 2", ["base#2", "other#2"]), ("group = other and fold >= 2", ["other#2"]),
    ("fold != 1", ["alone", "base#2", "other#2"]),
    ("not group = base", ["alone", "other#1", "other#2"]), ("group = base and member < 2", ["base#1"]),
    ("fold ~ 1", ["base#1", "other#1"]), ("group = nobody", []),
  ])
  func queriesTellMembersApart(_ condition: String, _ expected: [String]) throws {
    let scratch = try Scratch()
    let store = try scratch.store()
    for name in ["base", "other"] { _ = try pair(store, name) }
    try store.begin(NewRun(name: "alone", recipeYAML: "")).finish(.completed)
    let found = try store.runs(RunQuery(where: condition, sort: ["name"]))
    #expect(found.map(\.name) == expected, "\(condition)")
    #expect(
      found.allSatisfy {
        $0.group == ($0.name == "alone" ? nil : $0.name?.split(separator: "#").first.map(String.init))
      })
    let listing = try store.list(RunQuery(sort: ["group", "-member"], columns: ["group", "member", "fold", "seed"]))
    #expect(
      listing.rows == [
        [.text("base"), .integer(2), .number(2), .integer(8)], [.text("base"), .integer(1), .number(1), .integer(7)],
        [.text("other"), .integer(2), .number(2), .integer(8)], [.text("other"), .integer(1), .number(1), .integer(7)],
        [.none, .none, .none, .integer(0)],
      ])
    #expect(
      storeError { _ = try store.list(RunQuery(columns: ["flod"])) }?.message.contains("did you mean 'fold'?") == true)
  }

  @Test func figuresAreMeansOfTheLastWithTheirDeviation() throws {
    let scratch = try Scratch()
    let store = try scratch.store()
    let new = group()
    // Members 1 to 3 are done; the fourth, which failed, counts for nothing.
    for (position, accuracies) in [[0.5, 0.9], [0.7, 0.6], [0.2, 0.6], [1, 1]].enumerated() {
      let recorder = try begin(store, position == 0 ? .new(new) : .known(new.id), named: "base", at: position + 1)
      for (step, accuracy) in accuracies.enumerated() {
        try recorder.record([
          MetricPoint(name: "accuracy", step: step, epoch: 1, value: accuracy, direction: .higher),
          MetricPoint(name: "rate", step: step, epoch: 1, value: 0.25, direction: .neither),
          MetricPoint(name: "loss", step: step, epoch: 1, value: position == 1 ? .nan : accuracy, direction: .lower),
        ])
      }
      if position == 0 { try recorder.record([MetricPoint(name: "only", step: 1, epoch: 1, value: 3)]) }
      try recorder.finish(position == 3 ? .failed : position == 2 ? .stopped : .completed)
    }
    let figures = try store.figures(ofGroup: "base")
    #expect(figures.map(\.name) == ["accuracy", "loss", "only", "rate"])
    #expect(figures.map(\.count) == [3, 3, 1, 3])
    let accuracy = figures[0]
    #expect(abs(accuracy.mean - 0.7) < 1e-15)
    // Of 0.9, 0.6, 0.6 about 0.7: (0.04 + 0.01 + 0.01) / 2.
    #expect(abs((accuracy.standardDeviation ?? 0) - 0.03.squareRoot()) < 1e-15)
    #expect(accuracy.best == 0.9 && accuracy.bestMember == 1)
    #expect(figures[1].mean.isNaN && figures[1].standardDeviation?.isNaN == true)
    #expect(figures[1].best == 0.2 && figures[1].bestMember == 3)
    #expect(figures[2].mean == 3 && figures[2].standardDeviation == nil)
    #expect(figures[3].mean == 0.25 && figures[3].standardDeviation == 0)
    #expect(figures[3].best == nil && figures[3].bestMember == nil)
  }
}
