import Foundation
import GRDB

extension ExperimentStore {
  /// The checkpoints of a run, by step.
  ///
  /// - Parameter run: an id, a unique prefix of one, a name, or `last`.
  /// - Returns: each without its tensors.
  /// - Throws: `StoreError`.
  public func checkpoints(ofRun run: String) throws -> [CheckpointInfo] {
    try read { database in
      let number = try self.number(matching: run, database)
      let rows = try Row.fetchAll(
        database,
        sql: """
          WITH parts AS (
            SELECT checkpoint, blob, 1 AS is_tensor FROM tensors
              WHERE checkpoint IN (SELECT number FROM checkpoints WHERE run = :run)
            UNION ALL SELECT number, state, 0 FROM checkpoints WHERE run = :run
          )
          SELECT c.step, c.epoch, c.created, c.score, c.is_best, sum(p.is_tensor) AS tensors,
            sum(b.raw_bytes) AS raw, sum(b.stored_bytes) AS stored
          FROM checkpoints c JOIN parts p ON p.checkpoint = c.number JOIN blobs b ON b.number = p.blob
          WHERE c.run = :run GROUP BY c.number ORDER BY c.step
          """,
        arguments: ["run": number])
      return try rows.map { row in
        try CheckpointInfo(
          step: row.value("step"), epoch: row.value("epoch"),
          created: Date(timeIntervalSince1970: row.value("created")), score: row.optional("score"),
          isBest: row.value("is_best"), tensorCount: row.value("tensors"), rawBytes: row.value("raw"),
          storedBytes: row.value("stored"))
      }
    }
  }

  /// A checkpoint with every byte verified against its hash.
  /// - Throws: `StoreError`; `corrupted` names the tensor and the newest other checkpoint that is intact.
  public func loadCheckpoint(_ selection: CheckpointSelection, ofRun run: String) throws -> Checkpoint {
    let (header, stored) = try read { database in
      let number = try self.number(matching: run, database)
      let header = try CheckpointHeader(selection, run: number, called: run, path: path, database)
      return (header, try header.blobs(database))
    }
    let contents = header.withoutMisfits(try BlobTable.decode(stored))
    if let damaged = contents.firstIndex(where: { $0 == nil }) {
      throw StoreError(
        .corrupted(
          .init(
            run: header.runID, tensor: damaged < header.tensors.count ? header.tensors[damaged].name : nil,
            step: header.step, hash: stored[damaged].hexadecimalHash, intactStep: try intactStep(besides: header))),
        path: path)
    }
    return header.checkpoint(contents.compactMap(\.self))
  }

  /// The state of a checkpoint, without its tensors; nil if it is damaged.
  /// - Throws: `StoreError`.
  public func loadState(_ selection: CheckpointSelection, ofRun run: String) throws -> [UInt8]? {
    let stored = try read { database in
      let number = try self.number(matching: run, database)
      return try CheckpointHeader(selection, run: number, called: run, path: path, database).state(database)
    }
    return try BlobTable.decode([stored])[0]
  }

  /// The newest other checkpoint that reads whole.
  private func intactStep(besides header: CheckpointHeader) throws -> Int? {
    let steps = try read { database in
      try Int.fetchAll(
        database, sql: "SELECT step FROM checkpoints WHERE run = ? AND step <> ? ORDER BY step DESC",
        arguments: [header.run, header.step])
    }
    return try steps.first { step in
      let (other, stored) = try read { database in
        let other = try CheckpointHeader(.step(step), run: header.run, called: header.runID, path: path, database)
        return (other, try other.blobs(database))
      }
      return try other.withoutMisfits(BlobTable.decode(stored)).allSatisfy { $0 != nil }
    }
  }
}

/// A checkpoint without the bytes.
private struct CheckpointHeader {
  let run: Int64
  let runID: String
  let step: Int
  private let epoch: Int
  private let score: Double?
  private let isBest: Bool
  private let stateBlob: Int64
  let tensors: [(name: String, elementType: String, elementSize: Int, shape: [Int], blob: Int64)]

  init(
    _ selection: CheckpointSelection, run: Int64, called name: String, path: String, _ database: Database
  ) throws {
    let (condition, order): (SQL, SQL) =
      switch selection {
      case .last: ("TRUE", "step DESC")
      case .best: ("is_best", "step DESC")
      case .step(let step): ("step = \(step)", "step")
      }
    let request: SQL = "SELECT * FROM checkpoints WHERE run = \(run) AND \(condition) ORDER BY \(order) LIMIT 1"
    guard let row = try SQLRequest<Row>(literal: request).fetchOne(database) else {
      let steps = try Int.fetchAll(
        database, sql: "SELECT step FROM checkpoints WHERE run = ? ORDER BY step", arguments: [run])
      throw StoreError(.unknownCheckpoint(run: name, wanted: "\(selection)", steps: steps), path: path)
    }
    self.run = run
    runID = try String.fetchOne(database, sql: "SELECT id FROM runs WHERE number = ?", arguments: [run]) ?? name
    step = try row.value("step")
    epoch = try row.value("epoch")
    score = try row.optional("score")
    isBest = try row.value("is_best")
    stateBlob = try row.value("state")
    let number: Int64 = try row.value("number")
    let rows = try Row.fetchAll(
      database, sql: "SELECT * FROM tensors WHERE checkpoint = ? ORDER BY position", arguments: [number])
    tensors = try rows.map { row in
      let shape: String = try row.value("shape")
      return try (
        row.value("name"), row.value("element_type"), row.value("element_size"),
        JSONDecoder().decode([Int].self, from: Data(shape.utf8)), row.value("blob")
      )
    }
  }

  func state(_ database: Database) throws -> BlobTable.Stored { try BlobTable.stored(stateBlob, database) }

  /// The tensors' blobs in order, then the state's.
  func blobs(_ database: Database) throws -> [BlobTable.Stored] {
    try tensors.map { try BlobTable.stored($0.blob, database) } + [state(database)]
  }

  /// Without the bytes of tensors that are not as many as their shapes say.
  func withoutMisfits(_ contents: [[UInt8]?]) -> [[UInt8]?] {
    contents.enumerated().map { index, bytes in
      guard index < tensors.count else { return bytes }
      let tensor = tensors[index]
      let expected = StoredTensor.byteCount(shape: tensor.shape, elementSize: tensor.elementSize)
      return bytes?.count == expected ? bytes : nil
    }
  }

  func checkpoint(_ contents: [[UInt8]]) -> Checkpoint {
    Checkpoint(
      step: step, epoch: epoch,
      tensors: zip(tensors, contents).map { tensor, bytes in
        StoredTensor(
          name: tensor.name, elementType: tensor.elementType, elementSize: tensor.elementSize, shape: tensor.shape,
          bytes: bytes)
      },
      state: contents.last ?? [], isBest: isBest, score: score)
  }
}
