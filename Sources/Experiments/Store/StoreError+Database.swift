import Foundation
import GRDB

extension StoreError {
  /// What an error of SQLite means for who uses the store; a `StoreError` stays what it is.
  init(_ error: any Error, path: String) {
    if let error = error as? StoreError {
      self = error
      return
    }
    guard let error = error as? DatabaseError else {
      self.init(.failed(reason: "\(error)"), path: path, cause: error)
      return
    }
    let code: Code =
      switch error.resultCode {
      case .SQLITE_NOTADB: .notADatabase
      case .SQLITE_FULL: .diskFull
      case .SQLITE_IOERR where isFull(path): .diskFull
      case .SQLITE_IOERR:
        fileSizeLimit.map { .sizeLimit(bytes: $0) } ?? .failed(reason: error.message ?? "an I/O error")
      case .SQLITE_READONLY: .readOnly(reason: "SQLite found it read-only")
      case .SQLITE_CANTOPEN, .SQLITE_PERM, .SQLITE_AUTH: .cannotOpen(reason: "permission was denied")
      case .SQLITE_BUSY, .SQLITE_LOCKED: .busy(seconds: Connections.busyTimeout)
      case .SQLITE_CORRUPT: .damaged
      case .SQLITE_MISUSE: .closed
      default: .failed(reason: error.message ?? "SQLite error \(error.resultCode.rawValue)")
      }
    self.init(code, path: path, cause: error)
  }
}

/// Whether the file system that holds the path has no room; SQLite reports some of these as plain I/O errors.
private func isFull(_ path: String) -> Bool {
  let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
  let attributes = try? FileManager.default.attributesOfFileSystem(forPath: folder)
  guard let free = attributes?[.systemFreeSize] as? NSNumber else { return false }
  return free.int64Value < 1 << 20
}

/// The largest file that this process may write; nil where nothing limits it.
private var fileSizeLimit: Int? {
  var limit = rlimit()
  #if os(Linux)
    let found = getrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
  #else
    let found = getrlimit(RLIMIT_FSIZE, &limit)
  #endif
  return found == 0 ? Int(exactly: limit.rlim_cur) : nil
}
