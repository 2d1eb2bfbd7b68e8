import Foundation
import GRDB

/// A checkpoint made ready for the transaction: hashed, and compressed where the store has no such bytes yet.
///
/// All of it happens before the lock is taken, so that other processes do not wait for compression.
struct PreparedCheckpoint: Sendable {
  let checkpoint: Checkpoint
  /// The tensors' bytes in order, then the state's.
  private let contents: [BlobTable.Content]
  private var chunks: [[UInt8]: [Data]] = [:]

  /// - Throws: `StoreError`.
  init(_ checkpoint: Checkpoint, store: ExperimentStore) throws {
    for tensor in checkpoint.tensors {
      let expected = StoredTensor.byteCount(shape: tensor.shape, elementSize: tensor.elementSize) ?? Int.max
      guard tensor.contents.count == expected else {
        throw StoreError(
          .invalidTensor(name: tensor.name, expectedBytes: expected, foundBytes: tensor.contents.count),
          path: store.path)
      }
    }
    self.checkpoint = checkpoint
    let tensors = checkpoint.tensors
    let state = checkpoint.state
    contents = try parallelMap(tensors.count + 1) { index in
      try index < tensors.count
        ? BlobTable.Content(tensors[index].contents, elementSize: tensors[index].elementSize)
        : BlobTable.Content(.bytes(state), elementSize: 1)
    }
    let all = contents
    let missing = try store.read { database in
      try all.filter { try BlobTable.number(ofHash: $0.hash, database) == nil }
    }
    try compress(missing)
  }

  private mutating func compress(_ contents: [BlobTable.Content]) throws {
    let unique = Dictionary(contents.map { ($0.hash, $0) }) { first, _ in first }.values.map(\.self)
    for (content, encoded) in zip(unique, try BlobTable.encode(unique)) { chunks[content.hash] = encoded }
  }

  /// Bytes that the store has yet to get.
  var storedBytes: Int { chunks.values.joined().reduce(0) { $0 + $1.count } }

  /// Writes it in the caller's transaction, in the place of one at the same step, and drops those that it supersedes.
  func write(run: Int64, keepsAll: Bool, _ database: Database) throws {
    let replaced = try Int64.fetchAll(
      database, sql: "SELECT number FROM checkpoints WHERE run = ? AND step = ?", arguments: [run, checkpoint.step])
    var orphans = try BlobTable.blobs(ofCheckpoints: replaced, database)
    try CheckpointTable.delete(replaced, database)
    let blobs = try contents.map { try self.blob($0, database) }
    if checkpoint.isBest {
      try database.execute(sql: "UPDATE checkpoints SET is_best = 0 WHERE run = ?", arguments: [run])
    }
    try database.execute(
      sql: """
        INSERT INTO checkpoints (run, step, epoch, created, score, is_best, state) VALUES (?, ?, ?, ?, ?, ?, ?)
        """,
      arguments: [
        run, checkpoint.step, checkpoint.epoch, Date().timeIntervalSince1970, checkpoint.score, checkpoint.isBest,
        blobs.last,
      ])
    try insertTensors(blobs, checkpoint: database.lastInsertedRowID, database)
    if !keepsAll {
      let superseded = try CheckpointTable.superseded(run, database)
      orphans.formUnion(try BlobTable.blobs(ofCheckpoints: superseded, database))
      try CheckpointTable.delete(superseded, database)
    }
    try BlobTable.collect(orphans, database)
  }

  private func insertTensors(_ blobs: [Int64], checkpoint number: Int64, _ database: Database) throws {
    let statement = try database.cachedStatement(
      sql: """
        INSERT INTO tensors (checkpoint, position, name, element_type, element_size, shape, blob)
        VALUES (?, ?, ?, ?, ?, ?, ?)
        """)
    for (position, (tensor, blob)) in zip(checkpoint.tensors, blobs).enumerated() {
      let shape = "[\(tensor.shape.map(String.init).joined(separator: ","))]"
      try statement.execute(arguments: [
        number, position, tensor.name, tensor.elementType, tensor.elementSize, shape, blob,
      ])
    }
  }

  /// The blob with this content; another process may have deleted the one that was there before the lock was taken.
  private func blob(_ content: BlobTable.Content, _ database: Database) throws -> Int64 {
    if let known = try BlobTable.number(ofHash: content.hash, database) { return known }
    let encoded = try chunks[content.hash] ?? BlobTable.encode([content]).first ?? []
    return try BlobTable.insert(content, chunks: encoded, database)
  }
}

/// The rows of checkpoints.
enum CheckpointTable {
  /// Every checkpoint of the run but the last, the one before it, to fall back on, and the best.
  static func superseded(_ run: Int64, _ database: Database) throws -> [Int64] {
    try Int64.fetchAll(
      database,
      sql: """
        SELECT number FROM checkpoints WHERE run = :run AND NOT is_best
          AND number NOT IN (SELECT number FROM checkpoints WHERE run = :run ORDER BY step DESC LIMIT 2)
        """,
      arguments: ["run": run])
  }

  static func delete(_ checkpoints: [Int64], _ database: Database) throws {
    for checkpoint in checkpoints {
      try database.execute(sql: "DELETE FROM checkpoints WHERE number = ?", arguments: [checkpoint])
    }
  }

  /// Deletes the checkpoints after a step, with the blobs that only they had; all of them without one.
  static func forget(_ run: Int64, after step: Int?, _ database: Database) throws {
    let later = try Int64.fetchAll(
      database, sql: "SELECT number FROM checkpoints WHERE run = ? AND step > ?",
      arguments: [run, step ?? Int.min])
    let orphans = try BlobTable.blobs(ofCheckpoints: later, database)
    try delete(later, database)
    try BlobTable.collect(orphans, database)
  }
}
