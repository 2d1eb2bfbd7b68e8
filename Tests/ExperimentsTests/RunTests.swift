import Experiments
import Foundation
import Testing

/// Runs: kept whole, found by what a user types, edited and deleted.
@Suite struct RunTests {
  private func newRun(_ name: String?, tags: [String] = []) -> NewRun {
    NewRun(
      name: name, tags: tags, recipeYAML: "model: mlp\n",
      components: [
        ComponentArgument(kind: "optimizer", path: "optimizer", part: "adam", argument: "rate", value: "1e-3"),
        ComponentArgument(kind: "dataset", path: "dataset", part: "shapes"),
      ],
      seed: .max, versions: ["fledge": "0.1", "swift": "6.3"], gitRevision: "abc", threads: 2, backend: "cpu")
  }

  @Test func everythingThatWasGivenComesBack() throws {
    let scratch = try Scratch()
    let store = try scratch.store()
    let recorder = try store.begin(newRun("first", tags: ["b", "a", "a"]))
    let run = try store.run(matching: recorder.run.id)
    #expect(run == recorder.run)
    #expect(run.name == "first")
    #expect(run.tags == ["a", "b"])
    #expect(run.status == .running)
    #expect(run.recipeYAML == "model: mlp\n")
    #expect(run.seed == .max)
    #expect(run.versions == ["fledge": "0.1", "swift": "6.3"])
    #expect(run.host == ProcessIdentity.current().host)
    #expect(run.gitRevision == "abc")
    #expect(run.threads == 2)
    #expect(run.backend == "cpu")
    #expect(run.owner == .current())
    #expect(abs(run.created.timeIntervalSinceNow) < 3600)
    #expect(try store.components(ofRun: "first") == newRun(nil).components)

    try recorder.finish(.stopped, stopReason: "no better for 5 epochs", steps: 90, epochs: 3)
    let finished = try store.run(matching: "first")
    #expect(finished.status == .stopped)
    #expect(finished.stopReason == "no better for 5 epochs")
    #expect(finished.totalSteps == 90)
    #expect(finished.epochs == 3)
    #expect(finished.finished != nil)
    #expect(finished.wallTimeSeconds > 0)
    #expect(finished.peakMemoryBytes > 1 << 20)
  }

  @Test func identifiersSortByTimeAndDiffer() {
    var generator = SystemRandomNumberGenerator()
    let times = [0, 1_735_689_600, 1_767_225_600, 1_767_225_601, 2_800_000_000].map(Date.init(timeIntervalSince1970:))
    let made = times.map { RunIdentifier.make(at: $0, using: &generator) }
    #expect(made.dropFirst() == made.dropFirst().sorted()[...])
    #expect(made.allSatisfy { $0.wholeMatch(of: /[0-9a-hjkmnp-tv-z]{10}/) != nil }, "\(made)")
    let same = (0..<100).map { _ in RunIdentifier.make(at: times[2], using: &generator) }
    #expect(Set(same).count > 95)
    #expect(Set(same.map { $0.prefix(6) }).count == 1)
  }

  @Test func aRunIsFoundByIdPrefixNameAndLast() throws {
    let scratch = try Scratch()
    let store = try scratch.store()
    let older = try store.begin(newRun("mlp")).run
    let newer = try store.begin(newRun("mlp")).run
    let unnamed = try store.begin(newRun(nil)).run
    #expect(try store.run(matching: older.id).id == older.id)
    #expect(try store.run(matching: "mlp").id == newer.id)
    #expect(try store.run(matching: "last").id == unnamed.id)
    let others = [older.id, newer.id]
    let shortest = try #require(
      (1...10).map { String(unnamed.id.prefix($0)) }.first { prefix in !others.contains { $0.hasPrefix(prefix) } })
    #expect(try store.run(matching: shortest).id == unnamed.id)
  }

  @Test func anUnknownOrAmbiguousRunIsExplained() throws {
    let scratch = try Scratch()
    let store = try scratch.store()
    #expect(
      storeError { _ = try store.run(matching: "last") }?.message
        == "there is no run 'last'; the store has no runs yet")
    let first = try store.begin(newRun("baseline")).run
    let second = try store.begin(newRun("wide")).run
    #expect(
      storeError { _ = try store.run(matching: "basline") }?.message
        == "there is no run 'basline'; did you mean 'baseline'?")
    #expect(
      storeError { _ = try store.run(matching: "unheard-of") }?.message
        == "there is no run 'unheard-of'; the newest are \(second.id), \(first.id)")
    #expect(storeError { _ = try store.run(matching: "") }?.message.hasPrefix("there is no run ''") == true)
    let shared = String(zip(first.id, second.id).prefix { $0 == $1 }.map(\.0))
    let ids = [first.id, second.id].sorted()
    try #require(!shared.isEmpty)
    #expect(
      storeError { _ = try store.run(matching: shared) }?.message
        == "several runs begin with '\(shared)': \(ids[0]), \(ids[1]); give more of the id")
    #expect(storeError { _ = try store.run(matching: "' OR 1=1 --") }?.code != nil)
  }

  @Test func namesAndTagsCanBeChanged() throws {
    let scratch = try Scratch()
    let store = try scratch.store()
    let id = try store.begin(newRun("a", tags: ["x"])).run.id
    try store.rename(run: "a", to: "b")
    try store.setTags(["y", "z"], ofRun: "b")
    #expect(try store.run(matching: id).name == "b")
    #expect(try store.run(matching: id).tags == ["y", "z"])
    try store.rename(run: id, to: nil)
    #expect(try store.run(matching: id).name == nil)
    #expect(
      storeError { try store.rename(run: id, to: "last") }?.message
        == "'last' cannot name a run: it stands for the newest run")
    #expect(storeError { _ = try store.begin(newRun("")) }?.code == .invalidName("", reason: "it is empty"))
    #expect(storeError { try store.setTags([""], ofRun: id) }?.message == "a tag cannot be empty")
  }

  @Test func tagsAndNotesAreKeptBesideTheRun() throws {
    let scratch = try Scratch()
    let store = try scratch.store()
    let id = try store.begin(newRun("a", tags: ["x", "y"])).run.id
    #expect(try store.tag(run: "a", adding: ["z", "y"], removing: ["x"]).tags == ["y", "z"])
    #expect(
      storeError { try store.tag(run: "a", adding: ["w"], removing: ["qqq"]) }?.message
        == "run \(id) has no tag 'qqq'; it has y, z")
    #expect(try store.run(matching: "a").tags == ["y", "z"], "all or nothing")
    #expect(storeError { try store.tag(run: "a", adding: [""]) }?.message == "a tag cannot be empty")
    #expect(try store.run(matching: "a").note == nil)
    #expect(try store.setNote("why?", ofRun: "a").note == "why?")
    try store.close()
    let reader = try scratch.store(.readOnly)
    #expect(try reader.runs(RunQuery(where: "note = 'why?'")).map(\.note) == ["why?"])
    #expect(try reader.list(RunQuery(columns: ["note"])).rows == [[.text("why?")]])
    #expect(try scratch.store().setNote(nil, ofRun: id).note == nil)
  }

  @Test func whatAQueryFindsIsDeletedButGroupsAndWhatIsTrained() throws {
    let scratch = try Scratch()
    let store = try scratch.store()
    for name in ["done", "other", "done"] { try store.begin(newRun(name)).finish(.completed) }
    let active = try store.begin(newRun("done"))
    let group = NewGroup(name: "base", kind: .repeats, plan: "{}")
    try store.begin(newRun("base#1"), as: NewMember(of: .new(group), position: 1, values: [:])).finish(.completed)
    let query = RunQuery(where: "name != other")
    let planned = try store.deletion(of: query)
    #expect(planned.runs.map(\.run.name) == ["base#1", "done", "done", "done"])
    #expect(planned.runs.map(\.fate) == [.keptForGroup("base"), .keptAsActive, .deleted, .deleted])
    #expect(try store.runs().count == 5, "nothing is deleted by asking")
    #expect(try store.delete(query).deleted == planned.deleted)
    #expect(try store.runs().map(\.name) == ["base#1", "done", "other"])
    #expect(try store.delete(query, evenIfActive: true).deleted.map(\.id) == [active.run.id])
    #expect(try store.delete(RunQuery(where: "name = done")).runs.isEmpty)
    let refused = storeError { _ = try store.delete(RunQuery(where: "nam = a")) }
    #expect(refused?.message.contains("did you mean 'name'?") == true)
  }

  @Test func deletingARunLeavesNothingOfItAndTheOthersWhole() throws {
    let scratch = try Scratch()
    let store = try scratch.store()
    let shared = tensor("shared", randomWeights(1000, seed: 1))
    for name in ["keep", "drop"] {
      let recorder = try store.begin(newRun(name, tags: ["t"]))
      try recorder.record([MetricPoint(name: "loss", step: 1, epoch: 1, value: 1)])
      try recorder.saveCheckpoint(
        checkpoint(1, [shared, tensor("own", randomWeights(50_000, seed: name == "keep" ? 2 : 3))]))
      try recorder.flush()
      if name == "drop" {
        let error = storeError { try store.delete(run: "drop") }
        #expect(
          error?.code
            == .activeRun(
              id: recorder.run.id, process: Int(ProcessInfo.processInfo.processIdentifier),
              host: ProcessIdentity.current().host))
      }
      try recorder.finish(.completed)
    }
    try store.delete(run: "drop")
    #expect(try store.runs().map(\.name) == ["keep"])
    #expect(try store.loadCheckpoint(.last, ofRun: "keep").tensors.first == shared)
    try store.close()
    let tables = ["runs", "run_recipes", "run_tags", "metrics", "metric_summaries", "checkpoints"]
    for table in tables { #expect(try scratch.figure("SELECT count(*) FROM \(table)") == 1, "\(table)") }
    #expect(try scratch.figure("SELECT count(*) FROM run_components") == 2)
    #expect(try scratch.figure("SELECT count(*) FROM blobs") == 3)
    #expect(try scratch.figure("SELECT count(*) FROM blob_chunks") == 3)
    #expect(try scratch.figure("PRAGMA freelist_count") == 0, "the space is given back")
    #expect(try scratch.figure("SELECT count(*) FROM pragma_foreign_key_check") == 0)
  }

  @Test func aRunWhoseProcessEndedIsInterrupted() throws {
    let scratch = try Scratch()
    let store = try scratch.store()
    var run = newRun("killed")
    run.owner = deadProcess()
    _ = try store.begin(run)
    _ = try store.begin(newRun("alive"))
    run = newRun("elsewhere")
    run.owner = ProcessIdentity(host: "another-host", bootID: "x", processID: 1, startTime: 1)
    _ = try store.begin(run)
    let statuses: [String?: RunStatus] = ["killed": .interrupted, "alive": .running, "elsewhere": .running]
    func check(_ store: ExperimentStore, _ comment: Comment) throws {
      for run in try store.runs() { #expect(run.status == statuses[run.name], "\(run.name ?? "") \(comment)") }
      #expect(
        try store.list(RunQuery(where: "status = interrupted", columns: ["name", "reason"])).rows
          == [[.text("killed"), .text("its process ended without finishing it")]], comment)
    }
    try check(store, "same store")
    try check(scratch.store(.readOnly), "reader")
    try store.close()
    #expect(try scratch.figure("SELECT count(*) FROM runs WHERE status = 'interrupted'") == 0)
    try check(scratch.store(), "writer")
    #expect(try scratch.figure("SELECT count(*) FROM runs WHERE status = 'interrupted'") == 1)
  }

  @Test func processesAreToldApart() {
    let current = ProcessIdentity.current()
    #expect(!current.hasEnded(seenFrom: current))
    let recycled = ProcessIdentity(
      host: current.host, bootID: current.bootID, processID: current.processID, startTime: current.startTime + 1)
    #expect(recycled.hasEnded(seenFrom: current))
    #expect(deadProcess().hasEnded(seenFrom: current))
    let gone = ProcessIdentity(host: current.host, bootID: current.bootID, processID: 0x7FFF_FFF0, startTime: 1)
    #expect(gone.hasEnded(seenFrom: current))
  }
}
