import Dispatch
import Foundation
import GRDB
import Synchronization

/// Records one run while it trains, on a queue of its own: the training thread does not wait for the disk.
///
/// What goes wrong there is thrown by the next call. Points that could not be written are kept and tried again.
public final class RunRecorder: Sendable {
  /// The run as it was when recording began.
  public let run: RunRecord
  private let store: ExperimentStore
  private let keepsAllCheckpoints: Bool
  private let queue = DispatchQueue(label: "fledge.recorder")
  /// Two checkpoints at most are in memory: one being written and one waiting.
  private let places = DispatchSemaphore(value: 2)
  private let pending = Mutex(Pending())
  private let began = ContinuousClock().now

  private struct Pending {
    var figures = Figures()
    var flushed = ContinuousClock().now
    var isFlushing = false
    var failure: (any Error)?
  }

  /// What waits to be written.
  private struct Figures {
    var points: [MetricPoint] = []
    var tables: [StoredTable] = []

    var isEmpty: Bool { points.isEmpty && tables.isEmpty }
  }

  /// Points are written when so many have gathered, or so long after the last were.
  private static let batch = 8192
  private static let interval = Duration.seconds(1)

  init(run: RunRecord, store: ExperimentStore, keepsAllCheckpoints: Bool) {
    self.run = run
    self.store = store
    self.keepsAllCheckpoints = keepsAllCheckpoints
  }

  /// Takes points and tables; they are in the store within about a second, or with the next checkpoint.
  /// - Throws: `StoreError` of earlier work in the background; what is given is taken all the same.
  public func record(_ points: [MetricPoint], tables: [StoredTable] = []) throws {
    let isDue = pending.withLock { pending in
      pending.figures.points += points
      pending.figures.tables += tables
      guard !pending.isFlushing else { return false }
      let isDue =
        pending.figures.points.count >= Self.batch || ContinuousClock().now - pending.flushed >= Self.interval
      if isDue { pending.isFlushing = true }
      return isDue
    }
    if isDue { enqueue { try self.write(nil) } }
    try throwFailure()
  }

  /// Takes the checkpoint; it is written in one transaction with all points recorded so far.
  ///
  /// Waits only when two earlier checkpoints are still being written.
  /// - Throws: `StoreError` of earlier work in the background.
  public func saveCheckpoint(_ checkpoint: Checkpoint) throws {
    try throwFailure()
    places.wait()
    enqueue {
      defer { self.places.signal() }
      try self.write(PreparedCheckpoint(checkpoint, store: self.store))
    }
  }

  /// Waits until all that was recorded is in the store.
  /// - Throws: `StoreError`.
  public func flush() throws {
    enqueue { try self.write(nil) }
    queue.sync {}
    try throwFailure()
  }

  /// Writes what is left and how the run ended.
  ///
  /// - Parameters:
  ///   - status: how it ended.
  ///   - stopReason: why it ended early.
  ///   - steps: done in all; nil where the last point or checkpoint says it.
  ///   - epochs: done in all; nil where the last checkpoint says it.
  /// - Throws: `StoreError`; the status is written even when earlier work failed.
  public func finish(
    _ status: RunStatus, stopReason: String? = nil, steps: Int? = nil, epochs: Int? = nil
  ) throws {
    queue.sync {
      attempt { try self.write(nil) }
      attempt {
        try self.store.write { database in
          let number = try self.number(database)
          try self.updateProgress(number, database)
          try database.execute(
            sql: """
              UPDATE runs SET status = ?, stop_reason = ?, finished = ?, steps = coalesce(?, steps),
                epochs = coalesce(?, epochs) WHERE number = ?
              """,
            arguments: [status.rawValue, stopReason, Date().timeIntervalSince1970, steps, epochs, number])
        }
      }
    }
    try throwFailure()
  }

  private func throwFailure() throws {
    let failure = pending.withLock { pending in
      defer { pending.failure = nil }
      return pending.failure
    }
    if let failure { throw failure }
  }

  private func enqueue(_ work: @escaping @Sendable () throws -> Void) {
    queue.async { self.attempt(work) }
  }

  /// Keeps the first error for the next call.
  private func attempt(_ work: () throws -> Void) {
    do {
      try work()
    } catch {
      pending.withLock { $0.failure = $0.failure ?? error }
    }
  }

  /// On the queue: all figures that wait, and the checkpoint, in one transaction.
  private func write(_ checkpoint: PreparedCheckpoint?) throws {
    let figures = pending.withLock { pending in
      defer {
        pending.figures = Figures()
        pending.isFlushing = true
      }
      return pending.figures
    }
    do {
      if !figures.isEmpty || checkpoint != nil { try commit(figures, checkpoint) }
    } catch {
      pending.withLock { pending in
        pending.figures.points = figures.points + pending.figures.points
        pending.figures.tables = figures.tables + pending.figures.tables
        pending.isFlushing = false
        pending.flushed = ContinuousClock().now
      }
      throw error
    }
    pending.withLock { pending in
      pending.isFlushing = false
      pending.flushed = ContinuousClock().now
    }
  }

  private func commit(_ figures: Figures, _ checkpoint: PreparedCheckpoint?) throws {
    try store.write(blobBytes: checkpoint?.storedBytes ?? 0) { database in
      let number = try self.number(database)
      try MetricWriter(run: number, database: database).write(figures.points)
      try TableRows(run: number, database: database).write(figures.tables)
      try checkpoint?.write(run: number, keepsAll: keepsAllCheckpoints, database)
      let step = max(figures.points.lazy.map(\.step).max() ?? 0, checkpoint?.checkpoint.step ?? 0)
      try database.execute(
        sql: "UPDATE runs SET steps = max(steps, ?), epochs = max(epochs, ?) WHERE number = ?",
        arguments: [step, checkpoint?.checkpoint.epoch ?? 0, number])
      try self.updateProgress(number, database)
    }
  }

  private func updateProgress(_ number: Int64, _ database: Database) throws {
    let elapsed = (ContinuousClock().now - began) / .seconds(1)
    try database.execute(
      sql: "UPDATE runs SET wall_time = ?, peak_memory = max(peak_memory, ?) WHERE number = ?",
      arguments: [run.wallTimeSeconds + elapsed, peakMemoryBytes(), number])
  }

  /// The run, as long as it is ours.
  private func number(_ database: Database) throws -> Int64 {
    let number = try Int64.fetchOne(
      database,
      sql: """
        SELECT number FROM runs WHERE id = ? AND owner_host = ? AND owner_boot = ? AND owner_process = ?
          AND owner_start = ?
        """,
      arguments: [run.id, run.owner.host, run.owner.bootID, run.owner.processID, run.owner.startTime])
    guard let number else { throw StoreError(.lostRun(id: run.id), path: store.path) }
    return number
  }
}

/// The most memory that this process has held at once.
package func peakMemoryBytes() -> Int {
  var usage = rusage()
  #if os(Linux)
    let unit = 1024
    guard getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage) == 0 else { return 0 }
  #else
    let unit = 1
    guard getrusage(RUSAGE_SELF, &usage) == 0 else { return 0 }
  #endif
  return usage.ru_maxrss * unit
}
