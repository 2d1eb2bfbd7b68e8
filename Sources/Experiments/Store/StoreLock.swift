import Foundation
import Synchronization

/// The one lock under which all processes write, checkpoint, open and migrate a store: flock on a side file.
///
/// SQLite before 3.51.3 can corrupt a WAL database when two connections write or checkpoint at the same moment. The
/// kernel lets go of the lock when its process dies, however it dies.
final class StoreLock: Sendable {
  private let path: String
  private let timeout: Duration
  private let descriptor: Mutex<Int32>

  /// - Throws: `StoreError` when the side file can be neither made nor read.
  init(storePath: String, timeout: Duration) throws {
    path = storePath
    self.timeout = timeout
    let descriptor = open(storePath + ".lock", O_RDONLY | O_CREAT | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else {
      let reason = "the lock file \(storePath).lock cannot be made (\(String(cString: strerror(errno))))"
      throw StoreError(errno == ENOSPC ? .diskFull : .readOnly(reason: reason), path: storePath)
    }
    self.descriptor = Mutex(descriptor)
  }

  deinit {
    descriptor.withLock { _ = Foundation.close($0) }
  }

  /// Runs the body while no other thread or process is in it. Not re-entrant.
  func withLock<Result>(_ body: () throws -> Result) throws -> Result {
    // The mutex separates the threads of this process: they share the descriptor, which flock does not count twice.
    try descriptor.withLock { descriptor in
      try acquire(descriptor)
      defer { _ = flock(descriptor, LOCK_UN) }
      return try body()
    }
  }

  private func acquire(_ descriptor: Int32) throws {
    let clock = ContinuousClock()
    let deadline = clock.now + timeout
    var pause: UInt32 = 200
    while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
      guard errno == EWOULDBLOCK || errno == EINTR else {
        throw StoreError(.failed(reason: "flock failed: \(String(cString: strerror(errno)))"), path: path)
      }
      guard clock.now < deadline else {
        throw StoreError(.busy(seconds: timeout / .seconds(1)), path: path)
      }
      usleep(pause)
      pause = min(pause * 2, 5_000)
    }
  }
}
