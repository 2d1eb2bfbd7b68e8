import Experiments
import Foundation
import GRDB
import Testing

/// A folder for one test, deleted with it.
final class Scratch: Sendable {
  let folder: String
  let path: String

  init() throws {
    folder = NSTemporaryDirectory() + "fledge-store-\(UUID().uuidString)"
    path = folder + "/store.sqlite"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  }

  deinit {
    try? FileManager.default.removeItem(atPath: folder)
  }

  func store(_ access: ExperimentStore.Access = .readWrite) throws -> ExperimentStore {
    try ExperimentStore(path: path, access: access)
  }

  /// Changes the closed store behind its back.
  func tamper(_ sql: String, _ arguments: StatementArguments = []) throws {
    let queue = try DatabaseQueue(path: path)
    try queue.write { try $0.execute(sql: sql, arguments: arguments) }
    try queue.close()
  }

  /// Writes the closed store anew, in pages of another size.
  func shrinkPages(to bytes: Int) throws {
    let queue = try DatabaseQueue(path: path)
    try queue.writeWithoutTransaction { database in
      try database.execute(sql: "PRAGMA journal_mode = DELETE")
      try database.execute(sql: "PRAGMA page_size = \(bytes)")
      try database.execute(sql: "VACUUM")
    }
    try queue.close()
  }

  func figure(_ sql: String) throws -> Int {
    let queue = try DatabaseQueue(path: path)
    defer { try? queue.close() }
    return try queue.read { try Int.fetchOne($0, sql: sql) ?? 0 }
  }

  var size: Int {
    let attributes = try? FileManager.default.attributesOfItem(atPath: path)
    return (attributes?[.size] as? NSNumber)?.intValue ?? 0
  }
}

/// The error of a store, or a recorded issue.
func storeError(
  _ comment: String = "", sourceLocation: SourceLocation = #_sourceLocation, _ body: () throws -> Void
) -> StoreError? {
  do {
    try body()
    Issue.record("nothing was thrown \(comment)", sourceLocation: sourceLocation)
  } catch let error as StoreError {
    return error
  } catch {
    Issue.record("not a StoreError: \(error) \(comment)", sourceLocation: sourceLocation)
  }
  return nil
}

/// Draws from a normal distribution as Float32, the same for the same seed.
func randomWeights(_ count: Int, seed: UInt64, scale: Float = 0.05) -> [Float] {
  var state = seed &* 0x9E37_79B9_7F4A_7C15 | 1
  func uniform() -> Float {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return Float(state >> 40) / Float(1 << 24)
  }
  return (0..<count).map { _ in
    scale * (-2 * Foundation.log(max(uniform(), 1e-7))).squareRoot() * Foundation.cos(2 * .pi * uniform())
  }
}

func tensor(_ name: String, _ values: [Float], shape: [Int]? = nil) -> StoredTensor {
  StoredTensor(
    name: name, elementType: "float32", elementSize: 4, shape: shape ?? [values.count],
    bytes: values.withUnsafeBytes { Array($0) })
}

func checkpoint(
  _ step: Int, _ tensors: [StoredTensor], epoch: Int = 1, isBest: Bool = false, score: Double? = nil
) -> Checkpoint {
  Checkpoint(
    step: step, epoch: epoch, tensors: tensors, state: Array("{\"step\":\(step)}".utf8), isBest: isBest, score: score)
}

/// A process that has ended: of this machine, before its last boot.
func deadProcess() -> ProcessIdentity {
  let current = ProcessIdentity.current()
  return ProcessIdentity(host: current.host, bootID: "an earlier boot", processID: 1, startTime: 1)
}
