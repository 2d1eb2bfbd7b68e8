import Experiments
import Foundation
import GRDB
import Testing

/// What a store says of files that it cannot use, and that it leaves them as they are.
@Suite struct OpeningTests {
  @Test(arguments: ["not a database", String(repeating: "not a database at all; ", count: 500)])
  func garbageIsRefusedAndLeftAlone(_ text: String) throws {
    let scratch = try Scratch()
    try Data(text.utf8).write(to: URL(fileURLWithPath: scratch.path))
    for access in [ExperimentStore.Access.readWrite, .readOnly] {
      let error = storeError("\(access)") { _ = try scratch.store(access) }
      #expect(error?.code == .notADatabase, "\(access)")
      #expect(
        error?.description
          == "store \(scratch.path): this file is not an SQLite database; it was left as it is; "
          + "name another path with --store or $FLEDGE_STORE")
      #expect(error?.cause != nil)
    }
    #expect(try Data(contentsOf: URL(fileURLWithPath: scratch.path)) == Data(text.utf8))
  }

  @Test func anotherProgramsDatabaseIsRefusedAndLeftAlone() throws {
    let scratch = try Scratch()
    try scratch.tamper("CREATE TABLE songs (title TEXT)")
    let before = try Data(contentsOf: URL(fileURLWithPath: scratch.path))
    for access in [ExperimentStore.Access.readWrite, .readOnly] {
      #expect(storeError { _ = try scratch.store(access) }?.code == .foreignDatabase, "\(access)")
    }
    #expect(try Data(contentsOf: URL(fileURLWithPath: scratch.path)) == before)
  }

  @Test func aNewerStoreIsRefusedByTheNameOfItsMigration() throws {
    let scratch = try Scratch()
    try scratch.store().close()
    try scratch.tamper("INSERT INTO grdb_migrations VALUES ('900-time-travel')")
    for access in [ExperimentStore.Access.readWrite, .readOnly] {
      let error = storeError { _ = try scratch.store(access) }
      #expect(error?.code == .newerVersion(migration: "900-time-travel"), "\(access)")
      #expect(
        error?.message
          == "a newer Fledge wrote it (it has the migration '900-time-travel'); update Fledge to open it")
    }
  }

  @Test func anOlderStoreIsBroughtUpToDateEvenByAReader() throws {
    let scratch = try Scratch()
    let store = try scratch.store()
    try store.begin(NewRun(name: "kept", recipeYAML: "a: 1")).finish(.completed)
    try store.close()
    let migrations = try scratch.figure("SELECT count(*) FROM grdb_migrations")
    try scratch.tamper(
      """
      DROP TABLE trials; DROP TABLE findings; DROP TABLE plans;
      DELETE FROM grdb_migrations WHERE identifier IN ('3-trials-findings-plans', '7-plans-by-rule');
      """)
    #expect(try scratch.store(.readOnly).run(matching: "kept").recipeYAML == "a: 1")
    #expect(try scratch.figure("SELECT count(*) FROM grdb_migrations") == migrations)
    #expect(try scratch.figure("SELECT count(*) FROM trials") == 0)
  }

  @Test func aStoreWithoutNotesGetsThem() throws {
    let scratch = try Scratch()
    let store = try scratch.store()
    try store.begin(NewRun(name: "kept", recipeYAML: "a: 1")).finish(.completed)
    try store.close()
    try scratch.tamper(
      "ALTER TABLE runs DROP COLUMN note; DELETE FROM grdb_migrations WHERE identifier = '8-notes'")
    #expect(try scratch.store(.readOnly).run(matching: "kept").note == nil)
    #expect(try scratch.store().setNote("new", ofRun: "kept").note == "new")
  }

  @Test func anEmptyFileBecomesAStore() throws {
    let scratch = try Scratch()
    try Data().write(to: URL(fileURLWithPath: scratch.path))
    #expect(try scratch.store(.readOnly).runs().isEmpty)
  }

  @Test func whatCannotBeAStoreIsSaid() throws {
    let scratch = try Scratch()
    #expect(storeError { _ = try scratch.store(.readOnly) }?.code == .missing)
    #expect(!FileManager.default.fileExists(atPath: scratch.path + ".lock"), "a reader makes no lock file")
    let folder = storeError { _ = try ExperimentStore(path: scratch.folder, access: .readWrite) }
    #expect(folder?.code == .cannotOpen(reason: "it is a folder"))
    let nowhere = storeError { _ = try ExperimentStore(path: scratch.folder + "/no/s", access: .readWrite) }
    #expect(
      nowhere?.code == .cannotOpen(reason: "the folder \(scratch.folder)/no does not exist; make it first"))
    #expect(
      storeError { _ = try ExperimentStore(path: "", access: .readWrite) }?.code
        == .cannotOpen(reason: "the path is empty"))
  }

  @Test(arguments: ["a store?#% ü.sqlite", "file:x.sqlite", ":memory:"])
  func namesThatSQLiteWouldReadOtherwiseAreFiles(_ name: String) throws {
    let scratch = try Scratch()
    let path = "\(scratch.folder)/\(name)"
    try ExperimentStore(path: path, access: .readWrite).close()
    #expect(FileManager.default.fileExists(atPath: path))
    #expect(try ExperimentStore(path: path, access: .readOnly).runs().isEmpty)
  }

  @Test func aReaderCannotWriteAndAClosedStoreDoesNothing() throws {
    let scratch = try Scratch()
    let store = try scratch.store()
    try store.close()
    try store.close()
    #expect(storeError { _ = try store.runs() }?.code == .closed)
    #expect(storeError { _ = try store.begin(NewRun(recipeYAML: "")) }?.code == .closed)
    let reader = try scratch.store(.readOnly)
    let error = storeError { _ = try reader.begin(NewRun(recipeYAML: "")) }
    #expect(error?.code == .readOnly(reason: "it was opened for reading"))
  }

  @Test func aFullDiskLosesNothing() throws {
    let scratch = try Scratch()
    let store = try ExperimentStore(path: scratch.path, access: .readWrite, largestBytes: 1 << 20)
    let recorder = try store.begin(NewRun(name: "r", recipeYAML: ""))
    try recorder.record([MetricPoint(name: "loss", step: 1, epoch: 1, value: 1)])
    try recorder.saveCheckpoint(checkpoint(1, [tensor("w", randomWeights(10_000, seed: 1))]))
    try recorder.flush()
    try recorder.record([MetricPoint(name: "loss", step: 2, epoch: 1, value: 2)])
    try recorder.saveCheckpoint(checkpoint(2, [tensor("w", randomWeights(400_000, seed: 2))]))
    let error = storeError { try recorder.flush() }
    #expect(error?.code == .diskFull)
    #expect(
      error?.description
        == "store \(scratch.path): the disk is full; what was committed before is safe; free some space, "
        + "then resume the run")
    try recorder.finish(.failed, stopReason: "disk full")
    #expect(try store.metrics(ofRun: "r", name: "loss").map(\.step) == [1, 2])
    #expect(try store.loadCheckpoint(.last, ofRun: "r").step == 1)
    try store.close()
    #expect(try scratch.figure("SELECT count(*) FROM blobs") == 2)
    let larger = try scratch.store()
    let resumed = try larger.resume(run: "r", after: 1)
    try resumed.saveCheckpoint(checkpoint(2, [tensor("w", randomWeights(400_000, seed: 2))]))
    try resumed.finish(.completed)
    #expect(try larger.loadCheckpoint(.last, ofRun: "r").step == 2)
  }

  #if os(Linux)
    /// Every write to the device /dev/full fails as on a disk without room; only root may make such a device.
    @Test(.enabled(if: getuid() == 0, "only root can put a device in the place of the log"))
    func aLogThatCannotGrowIsAFullDisk() throws {
      let scratch = try Scratch()
      let store = try scratch.store()
      try store.begin(NewRun(name: "before", recipeYAML: "")).finish(.completed)
      try store.close()
      guard mknod(scratch.path + "-wal", S_IFCHR | 0o666, 0x107) == 0 else { return }
      let full = try scratch.store()
      let error = storeError { _ = try full.begin(NewRun(name: "after", recipeYAML: "")) }
      #expect(error?.code == .diskFull)
      try? full.close()
      unlink(scratch.path + "-wal")
      #expect(try scratch.store(.readOnly).runs().map(\.name) == ["before"])
    }
  #endif

  @Test func aLockThatIsNeverFreedIsReported() throws {
    let scratch = try Scratch()
    let store = try ExperimentStore(path: scratch.path, access: .readWrite, lockTimeout: .milliseconds(1))
    let other = open(scratch.path + ".lock", O_RDONLY)
    defer { _ = Foundation.close(other) }
    #expect(flock(other, LOCK_EX) == 0)
    let error = storeError { _ = try store.begin(NewRun(recipeYAML: "")) }
    #expect(error?.code == .busy(seconds: 0.001))
    #expect(try store.runs().isEmpty, "readers do not wait")
    #expect(flock(other, LOCK_UN) == 0)
    _ = try store.begin(NewRun(recipeYAML: ""))
  }
}
