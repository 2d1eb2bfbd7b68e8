import Foundation
import GRDB

/// How connections to a store are opened.
enum Connections {
  static let busyTimeout = 10.0
  /// Of a page of a new store.
  private static let pageBytes = 16_384

  /// A connection that may write; to be opened under the store's lock, because switching to WAL writes.
  static func writer(_ path: String, called name: String, largestBytes: Int?) throws -> DatabaseQueue {
    var configuration = shared()
    configuration.prepareDatabase { database in
      // Before anything is written: a file that is not ours stays as it is.
      if case .empty = try Migrations.requireKnown(database, path: name) {
        // Both before the first table. Checkpoints are megabytes: fewer, larger pages take less work.
        try database.execute(sql: "PRAGMA page_size = \(pageBytes)")
        // So that deleting runs can give space back.
        try database.execute(sql: "PRAGMA auto_vacuum = INCREMENTAL")
      }
      try database.execute(sql: "PRAGMA journal_mode = WAL")
      try database.execute(sql: "PRAGMA synchronous = NORMAL")
      try database.execute(sql: "PRAGMA wal_autocheckpoint = 0")
      try database.execute(sql: "PRAGMA mmap_size = 0")
      try database.execute(sql: "PRAGMA cache_size = -16384")
      if let largestBytes {
        let pageBytes = try Int.fetchOne(database, sql: "PRAGMA page_size") ?? 4096
        try database.execute(sql: "PRAGMA max_page_count = \(max(1, largestBytes / pageBytes))")
      }
      // Debian's SQLite overwrites what is deleted: as many bytes again for each checkpoint dropped.
      try database.execute(sql: "PRAGMA secure_delete = OFF")
    }
    return try DatabaseQueue(path: path, configuration: configuration)
  }

  /// A connection that never writes, checkpoints or locks.
  static func reader(_ path: String) throws -> DatabaseQueue {
    var configuration = shared()
    configuration.readonly = true
    configuration.prepareDatabase { database in
      try database.execute(sql: "PRAGMA mmap_size = 0")
      // A listing of thousands of runs visits the same pages over and over; the default is 2 MB.
      try database.execute(sql: "PRAGMA cache_size = -65536")
    }
    do {
      return try DatabaseQueue(path: path, configuration: configuration)
    } catch let error as DatabaseError
      where [.SQLITE_CANTOPEN, .SQLITE_READONLY].contains(error.resultCode) && fileSize(path + "-wal") == 0
    {
      // In a folder that cannot be written, the files of the WAL cannot be made; with none there, nobody writes.
      var allowed = CharacterSet.urlPathAllowed
      allowed.remove(charactersIn: "?#%")
      let escaped = path.addingPercentEncoding(withAllowedCharacters: allowed) ?? path
      return try DatabaseQueue(path: "file:\(escaped)?immutable=1", configuration: configuration)
    }
  }

  private static func shared() -> Configuration {
    var configuration = Configuration()
    configuration.foreignKeysEnabled = true
    configuration.busyMode = .timeout(busyTimeout)
    configuration.label = "fledge.store"
    configuration.prepareDatabase { $0.add(function: QueryPattern.function) }
    return configuration
  }
}

/// Whether a path, or what its links lead to, is a file with bytes of its own.
func isRegularFile(_ path: String) -> Bool {
  var status = stat()
  return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
}

/// Bytes of a file; 0 for one that is not there.
func fileSize(_ path: String) -> Int {
  var status = stat()
  return stat(path, &status) == 0 ? Int(status.st_size) : 0
}
