import Dispatch
import Experiments
import Foundation
import Synchronization
import Testing

/// Several processes and threads at one store, and processes that end in the middle.
///
/// Tests that run a part of themselves in another process hand it values, which needs Swift 6.3.
@Suite struct ProcessTests {
  #if compiler(>=6.3)
    /// Trains as fast as it can until a timer of the kernel ends the process, wherever it is then.
    @Test(arguments: [3, 11, 23, 41, 67, 97, 131, 173, 229, 307])
    func aProcessEndedAtAnyInstantLeavesACleanStore(_ milliseconds: Int) async throws {
      let scratch = try Scratch()
      let path = scratch.path
      try scratch.store().close()
      await #expect(processExitsWith: .signal(SIGALRM)) { [path = path as String, milliseconds = milliseconds as Int] in
        var timer = itimerval(
          it_interval: timeval(tv_sec: 0, tv_usec: 0), it_value: timeval(tv_sec: 0, tv_usec: milliseconds * 1000))
        signal(SIGALRM, SIG_DFL)
        #if os(Linux)
          setitimer(__itimer_which_t(0), &timer, nil)
        #else
          setitimer(0, &timer, nil)
        #endif
        let store = try ExperimentStore(path: path, access: .readWrite)
        let recorder = try store.begin(NewRun(name: "killed", recipeYAML: ""))
        for step in 1... {
          try recorder.record([MetricPoint(name: "loss", step: step, epoch: 1, value: Double(step))])
          let weights = tensor("w", [Float](repeating: Float(step), count: 100_000))
          try recorder.saveCheckpoint(checkpoint(step, [weights], isBest: step % 7 == 1))
        }
      }
      #expect(try scratch.store(.readOnly).runs().allSatisfy { $0.status == .interrupted })
      let store = try scratch.store()
      guard let run = try store.runs().first else { return }
      #expect(run.status == .interrupted)
      let checkpoints = try store.checkpoints(ofRun: run.id)
      for info in checkpoints {
        let loaded = try store.loadCheckpoint(.step(info.step), ofRun: run.id)
        #expect(loaded.tensors == [tensor("w", [Float](repeating: Float(info.step), count: 100_000))])
        #expect(try store.metrics(ofRun: run.id, name: "loss").count >= info.step, "points and checkpoint go together")
      }
      if let last = checkpoints.last {
        let resumed = try store.resume(run: run.id, after: last.step)
        try resumed.saveCheckpoint(checkpoint(last.step + 1, [tensor("w", [1])]))
        try resumed.finish(.completed)
      }
      try store.close()
      #expect(try scratch.figure("SELECT count(*) FROM pragma_integrity_check WHERE integrity_check <> 'ok'") == 0)
      #expect(try scratch.figure("SELECT count(*) FROM pragma_foreign_key_check") == 0)
      let orphans = """
        SELECT count(*) FROM blobs WHERE number NOT IN (SELECT blob FROM tensors UNION SELECT state FROM checkpoints)
        """
      #expect(try scratch.figure(orphans) == 0)
    }

    @Test func processesThatWriteAtOnceTakeTurns() async throws {
      let scratch = try Scratch()
      let path = scratch.path
      try await withThrowingTaskGroup(of: Void.self) { group in
        for writer in 0..<3 {
          group.addTask {
            await #expect(processExitsWith: .success) { [path = path as String, writer = writer as Int] in
              let store = try ExperimentStore(path: path, access: .readWrite)
              for index in 0..<5 {
                let recorder = try store.begin(NewRun(name: "\(writer)-\(index)", recipeYAML: ""))
                for step in 1...8 {
                  try recorder.record([MetricPoint(name: "loss", step: step, epoch: 1, value: Double(step))])
                  // The same tensor in all: each process may be the one that deletes or inserts it.
                  try recorder.saveCheckpoint(
                    checkpoint(step, [tensor("shared", [Float(step)]), tensor("own", [Float(writer * 10 + index)])]))
                }
                try recorder.finish(.completed)
                if index == 2 { try store.delete(run: recorder.run.id) }
              }
              try store.close()
            }
          }
        }
        try await group.waitForAll()
      }
      let store = try scratch.store()
      let runs = try store.runs()
      #expect(runs.count == 12)
      for run in runs {
        #expect(run.status == .completed)
        #expect(try store.metrics(ofRun: run.id, name: "loss").count == 8)
        #expect(try store.loadCheckpoint(.last, ofRun: run.id).tensors.first == tensor("shared", [8]))
      }
      try store.close()
      #expect(try scratch.figure("SELECT count(*) FROM pragma_integrity_check WHERE integrity_check <> 'ok'") == 0)
    }
  #endif

  @Test func threadsAndStoresOfOneProcessTakeTurns() throws {
    let scratch = try Scratch()
    let stores = [try scratch.store(), try scratch.store()]
    let failures = Mutex<[String]>([])
    DispatchQueue.concurrentPerform(iterations: 8) { index in
      do {
        let recorder = try stores[index % 2].begin(NewRun(name: "\(index)", recipeYAML: ""))
        for step in 1...10 {
          try recorder.record([MetricPoint(name: "loss", step: step, epoch: 1, value: 1)])
          try recorder.flush()
          _ = try stores[(index + 1) % 2].runs()
        }
        try recorder.finish(.completed)
      } catch {
        failures.withLock { $0.append("\(index): \(error)") }
      }
    }
    #expect(failures.withLock { $0 } == [])
    #expect(try stores[0].list(RunQuery(where: "count(loss) = 10 and status = completed")).rows.count == 8)
  }

  #if compiler(>=6.3)
    /// SQLite's connections and locks are its process's own. The child is ended by a timer should it wait for them.
    @Test func aStoreIsRefusedInAForkedChild() async throws {
      let scratch = try Scratch()
      let path = scratch.path
      try scratch.store().close()
      await #expect(processExitsWith: .exitCode(7)) { [path = path as String] in
        let store = try ExperimentStore(path: path, access: .readWrite)
        // Swift hides fork, since little may be done in the child; this child only asks and ends.
        let symbol = try #require(dlsym(nil, "fork"))
        let fork = unsafeBitCast(symbol, to: (@convention(c) () -> pid_t).self)
        let child = fork()
        if child == 0 {
          alarm(10)
          do {
            _ = try store.runs()
            _exit(1)
          } catch let error as StoreError {
            if case .crossedFork = error.code { _exit(7) }
          } catch {}
          _exit(2)
        }
        var status: Int32 = 0
        waitpid(child, &status, 0)
        // The code of a child that ended by itself.
        exit(status & 0x7F == 0 ? status >> 8 & 0xFF : 3)
      }
    }
  #endif

  @Test func theMessageOfAForkedStoreSaysWhatToDo() throws {
    #expect(
      StoreError(.crossedFork, path: "s").description
        == "store s: it was opened before this process forked; open it again in the child")
  }

  #if compiler(>=6.3)
    /// Another user's files; root, who may write everything, becomes nobody in a process of its own first.
    @Test(arguments: ["file", "folder"])
    func aStoreThatMayNotBeWrittenCanBeRead(_ protected: String) async throws {
      let scratch = try Scratch()
      let path = scratch.path
      let store = try scratch.store()
      try store.begin(NewRun(name: "r", recipeYAML: "")).finish(.completed)
      try store.close()
      chmod(scratch.folder, protected == "folder" ? 0o555 : 0o777)
      chmod(path, protected == "file" ? 0o444 : 0o666)
      defer { chmod(scratch.folder, 0o777) }
      await #expect(processExitsWith: .success) { [path = path as String, protected = protected as String] in
        if getuid() == 0 { #expect(setuid(65534) == 0) }
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
        let reason =
          protected == "file"
          ? "this user may not write the file"
          : "this user may not write in the folder \(folder), where SQLite keeps its log"
        let error = storeError { _ = try ExperimentStore(path: path, access: .readWrite) }
        #expect(error?.code == .readOnly(reason: reason))
        let names = try ExperimentStore(path: path, access: .readOnly).runs().map(\.name)
        #expect(names == ["r"])
      }
    }

    @Test func aStoreThatMayNotBeReadSaysSo() async throws {
      let scratch = try Scratch()
      let path = scratch.path
      try scratch.store().close()
      chmod(scratch.folder, 0o777)
      chmod(path, 0o000)
      await #expect(processExitsWith: .success) { [path = path as String] in
        if getuid() == 0 { #expect(setuid(65534) == 0) }
        for access in [ExperimentStore.Access.readWrite, .readOnly] {
          let error = storeError { _ = try ExperimentStore(path: path, access: access) }
          #expect(error?.message == "it cannot be opened: this user may not read the file")
        }
      }
    }
  #endif
}
