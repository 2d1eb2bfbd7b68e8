import Foundation
import GRDB

/// The blobs of the store: found by hash, stored once, deleted when nothing refers to them.
enum BlobTable {
  /// Bytes to be stored, with their hash.
  struct Content: Sendable {
    let bytes: TensorBytes
    let elementSize: Int
    let hash: [UInt8]

    init(_ bytes: TensorBytes, elementSize: Int) throws {
      self.bytes = bytes
      self.elementSize = BlobCodec.shuffleSize(elementSize, of: bytes.count)
      hash = try SHA256.digest(of: bytes)
    }
  }

  static func number(ofHash hash: [UInt8], _ database: Database) throws -> Int64? {
    let statement = try database.cachedStatement(sql: "SELECT number FROM blobs WHERE hash = ?")
    return try Int64.fetchOne(statement, arguments: [Data(hash)])
  }

  /// The chunks of every content, compressed in parallel, whichever tensor they are of.
  static func encode(_ contents: [Content]) throws -> [[Data]] {
    let pieces = contents.enumerated().flatMap { index, content in
      let size = BlobCodec.chunkBytes(elementSize: content.elementSize)
      return stride(from: 0, to: content.bytes.count, by: size).map {
        (content: index, range: $0..<min($0 + size, content.bytes.count))
      }
    }
    let encoded = try parallelMap(pieces.count) { index in
      let content = contents[pieces[index].content]
      return try content.bytes.withUnsafeBytes { bytes in
        let piece = UnsafeRawBufferPointer(rebasing: bytes[pieces[index].range])
        return try piece.withMemoryRebound(to: UInt8.self) {
          try BlobCodec.encode($0, elementSize: content.elementSize)
        }
      }
    }
    var chunks = [[Data]](repeating: [], count: contents.count)
    for (piece, chunk) in zip(pieces, encoded) { chunks[piece.content].append(chunk) }
    return chunks
  }

  static func insert(_ content: Content, chunks: [Data], _ database: Database) throws -> Int64 {
    try database.execute(
      sql: "INSERT INTO blobs (hash, element_size, chunk_bytes, raw_bytes, stored_bytes) VALUES (?, ?, ?, ?, ?)",
      arguments: [
        Data(content.hash), content.elementSize, BlobCodec.chunkBytes(elementSize: content.elementSize),
        content.bytes.count, chunks.reduce(0) { $0 + $1.count },
      ])
    let number = database.lastInsertedRowID
    let statement = try database.cachedStatement(
      sql: "INSERT INTO blob_chunks (blob, position, data) VALUES (?, ?, ?)")
    for (position, chunk) in chunks.enumerated() {
      try statement.execute(arguments: [number, position, chunk])
    }
    return number
  }

  /// The blobs of these checkpoints: their tensors' and their states'.
  static func blobs(ofCheckpoints checkpoints: [Int64], _ database: Database) throws -> Set<Int64> {
    var blobs: Set<Int64> = []
    for checkpoint in checkpoints {
      blobs.formUnion(
        try Int64.fetchSet(
          database,
          sql: """
            SELECT blob FROM tensors WHERE checkpoint = :checkpoint
            UNION SELECT state FROM checkpoints WHERE number = :checkpoint
            """,
          arguments: ["checkpoint": checkpoint]))
    }
    return blobs
  }

  static func blobs(ofRun run: Int64, _ database: Database) throws -> Set<Int64> {
    let checkpoints = try Int64.fetchAll(
      database, sql: "SELECT number FROM checkpoints WHERE run = ?", arguments: [run])
    return try blobs(ofCheckpoints: checkpoints, database)
  }

  /// Deletes those of the blobs to which no checkpoint refers any more.
  static func collect(_ blobs: Set<Int64>, _ database: Database) throws {
    let statement = try database.cachedStatement(
      sql: """
        DELETE FROM blobs WHERE number = :blob
          AND NOT EXISTS (SELECT 1 FROM tensors WHERE blob = :blob)
          AND NOT EXISTS (SELECT 1 FROM checkpoints WHERE state = :blob)
        """)
    for blob in blobs.sorted() { try statement.execute(arguments: ["blob": blob]) }
  }
}
