import Foundation
import GRDB

extension ExperimentStore {
  /// Finds what SQLite would report in words that help nobody.
  static func inspect(_ path: String, _ access: Access) throws {
    guard !path.isEmpty else { throw StoreError(.cannotOpen(reason: "the path is empty"), path: path) }
    let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
    var isFolder: ObjCBool = false
    let exists = FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
    guard !isFolder.boolValue else { throw StoreError(.cannotOpen(reason: "it is a folder"), path: path) }
    if exists {
      guard isRegularFile(path) else {
        throw StoreError(.cannotOpen(reason: "it is a device or pipe; name a file"), path: path)
      }
      guard Foundation.access(path, R_OK) == 0 else {
        throw StoreError(.cannotOpen(reason: "this user may not read the file"), path: path)
      }
    } else if access == .readOnly {
      throw StoreError(.missing, path: path)
    } else if !FileManager.default.fileExists(atPath: folder) {
      throw StoreError(.cannotOpen(reason: "the folder \(folder) does not exist; make it first"), path: path)
    }
    guard access == .readWrite else { return }
    guard !exists || Foundation.access(path, W_OK) == 0 else {
      throw StoreError(.readOnly(reason: "this user may not write the file"), path: path)
    }
    // A reader of a store that was read-only leaves them with the same mode.
    for file in [path + "-wal", path + "-shm"] where Foundation.access(file, F_OK) == 0 {
      guard Foundation.access(file, W_OK) == 0 else {
        throw StoreError(.readOnly(reason: "this user may not write the file \(file) beside it"), path: path)
      }
    }
    guard Foundation.access(folder, W_OK) == 0 else {
      let reason = "this user may not write in the folder \(folder), where SQLite keeps its log"
      throw StoreError(.readOnly(reason: reason), path: path)
    }
  }

  /// A connection for reading, after a store of an older Fledge (or one that was never finished) is brought up to date.
  static func openReader(_ path: String, _ location: String, _ lockTimeout: Duration) throws -> DatabaseQueue {
    let queue = try Connections.reader(location)
    let missing: String
    switch try queue.read(Migrations.state) {
    case .current: return queue
    case .foreign: throw StoreError(.foreignDatabase, path: path)
    case .newer(let migration): throw StoreError(.newerVersion(migration: migration), path: path)
    case .older(let name): missing = name
    case .empty: missing = Migrations.all.first?.name ?? ""
    }
    try queue.close()
    do {
      try ExperimentStore(path: path, access: .readWrite, lockTimeout: lockTimeout).close()
    } catch {
      throw StoreError(.olderVersion(migration: missing), path: path, cause: error)
    }
    return try Connections.reader(location)
  }
}
