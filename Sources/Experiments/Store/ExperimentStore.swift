import Foundation
import GRDB
import Synchronization

/// One SQLite file that holds every run: its recipe, metrics and checkpoints.
///
/// Any number of threads and processes may share the file. Writers take turns under one advisory lock (see `StoreLock`);
/// readers never wait for it. A store must not be carried across a fork: it refuses to work in the child.
public final class ExperimentStore: Sendable {
  public enum Access: Sendable {
    case readWrite
    /// Never writes, except to bring a store of an older Fledge up to date.
    case readOnly
  }

  public let path: String
  public let access: Access
  private let queue: DatabaseQueue
  private let lock: StoreLock?
  private let processID = getpid()
  private let isClosed = Mutex(false)

  /// About how many bytes lie in the WAL that are not in the main file yet.
  private let unfoldedBytes: Mutex<Int>

  /// The WAL is folded into the main file when more than this has been written to it.
  private static let largestLog = 32 << 20
  /// Pages that a transaction without checkpoint changes, in bytes.
  private static let smallWrite = 128 << 10

  /// Opens the store, making and migrating it first when it may be written.
  ///
  /// A writer marks as interrupted every run whose process no longer lives.
  ///
  /// - Parameters:
  ///   - path: of the SQLite file; `<path>.lock`, `<path>-wal` and `<path>-shm` lie beside it.
  ///   - access: whether it may be written.
  ///   - largestBytes: of the file; a write that would need more throws `diskFull`.
  ///   - lockTimeout: how long a write waits for the writers of other processes.
  /// - Throws: `StoreError`.
  public init(
    path: String, access: Access, largestBytes: Int? = nil, lockTimeout: Duration = .seconds(60)
  ) throws {
    self.path = path
    self.access = access
    try Self.inspect(path, access)
    // A leading "./" keeps SQLite from reading ":memory:" or "file:" into a name.
    let location = path.hasPrefix("/") ? path : "./\(path)"
    do {
      switch access {
      case .readWrite:
        let lock = try StoreLock(storePath: path, timeout: lockTimeout)
        queue = try lock.withLock {
          let queue = try Connections.writer(location, called: path, largestBytes: largestBytes)
          try Migrations.bringUpToDate(queue)
          try queue.writeWithoutTransaction(Liveness.markInterrupted)
          return queue
        }
        self.lock = lock
        unfoldedBytes = Mutex(fileSize(path + "-wal"))
      case .readOnly:
        queue = try Self.openReader(path, location, lockTimeout)
        lock = nil
        unfoldedBytes = Mutex(0)
      }
    } catch {
      throw StoreError(error, path: path)
    }
  }

  deinit {
    try? close()
  }

  /// Folds the WAL into the file and lets go of it; everything committed is safe without it, too.
  public func close() throws {
    let wasClosed = isClosed.withLock { isClosed in
      defer { isClosed = true }
      return isClosed
    }
    guard !wasClosed, getpid() == processID else { return }
    guard let lock else { return try queue.close() }
    // The last connection to close checkpoints by itself: under the lock, too.
    try lock.withLock {
      _ = try? queue.writeWithoutTransaction { try $0.checkpoint(.truncate) }
      try queue.close()
    }
  }

  /// Reads in one consistent snapshot, without the lock.
  func read<Result>(_ body: (Database) throws -> Result) throws -> Result {
    do {
      try requireUsable()
      return try queue.read(body)
    } catch {
      throw StoreError(error, path: path)
    }
  }

  /// Writes in one BEGIN IMMEDIATE transaction under the lock; an error undoes all of it.
  ///
  /// `blobBytes`: how many bytes of blobs it writes.
  func write<Result>(blobBytes: Int = 0, _ body: (Database) throws -> Result) throws -> Result {
    do {
      try requireUsable()
      guard let lock else {
        throw StoreError(.readOnly(reason: "it was opened for reading"), path: path)
      }
      return try lock.withLock {
        try queue.writeWithoutTransaction { database in
          var result: Result?
          try database.inTransaction(.immediate) {
            result = try body(database)
            return .commit
          }
          foldLargeLog(database, grownBy: blobBytes + Self.smallWrite)
          guard let result else { throw StoreError(.failed(reason: "the transaction gave nothing back"), path: path) }
          return result
        }
      }
    } catch {
      throw StoreError(error, path: path)
    }
  }

  /// Folds a large WAL, which is then written from its start again: cutting it off would have the system throw away the
  /// memory that holds it and find new memory and disk for the next.
  private func foldLargeLog(_ database: Database, grownBy bytes: Int) {
    unfoldedBytes.withLock { unfolded in
      unfolded += bytes
      guard unfolded > Self.largestLog else { return }
      // The transaction is committed; when this fails, the next write meets the same fault and reports it.
      let frames = try? database.checkpoint(.passive)
      // A reader may need what is in it: then it is tried again when half as much has come.
      let isFolded = frames.map { $0.walFrameCount == $0.checkpointedFrameCount } ?? false
      unfolded = isFolded ? 0 : Self.largestLog / 2
    }
  }

  private func requireUsable() throws {
    guard getpid() == processID else { throw StoreError(.crossedFork, path: path) }
    guard !isClosed.withLock({ $0 }) else { throw StoreError(.closed, path: path) }
  }
}
