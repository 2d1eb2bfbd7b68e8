import Foundation
import GRDB

extension BlobTable {
  /// A blob as it lies in the store, not yet inflated or believed.
  struct Stored: Sendable {
    let hash: [UInt8]
    let elementSize: Int
    let chunkBytes: Int
    let rawBytes: Int
    let chunks: [Data]
    /// SQLite could not read the rows.
    let isDamaged: Bool

    var hexadecimalHash: String {
      hash.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
  }

  static func stored(_ number: Int64, _ database: Database) throws -> Stored {
    let row = try Row.fetchOne(
      database, sql: "SELECT hash, element_size, chunk_bytes, raw_bytes FROM blobs WHERE number = ?",
      arguments: [number])
    guard let row else {
      return Stored(hash: [], elementSize: 1, chunkBytes: 1, rawBytes: 0, chunks: [], isDamaged: true)
    }
    var chunks: [Data] = []
    var isDamaged = false
    do {
      let rows = try Data.fetchCursor(
        database, sql: "SELECT data FROM blob_chunks WHERE blob = ? ORDER BY position", arguments: [number])
      while let data = try rows.next() { chunks.append(data) }
    } catch let error as DatabaseError where error.resultCode == .SQLITE_CORRUPT {
      isDamaged = true
    }
    let hash: Data = try row.value("hash")
    return try Stored(
      hash: [UInt8](hash), elementSize: row.value("element_size"), chunkBytes: row.value("chunk_bytes"),
      rawBytes: row.value("raw_bytes"), chunks: chunks, isDamaged: isDamaged)
  }

  /// The bytes of each blob, inflated and hashed on all cores; nil for a blob that is not what was saved.
  static func decode(_ blobs: [Stored]) throws -> [[UInt8]?] {
    let pieces = blobs.enumerated().flatMap { index, blob in
      blob.chunks.indices.map { (blob: index, chunk: $0) }
    }
    let decoded = try parallelMap(pieces.count) { index -> [UInt8]? in
      let blob = blobs[pieces[index].blob]
      let chunk = pieces[index].chunk
      // Sizes that no blob was ever written with are not believed either.
      guard (1...BlobCodec.chunkBytes).contains(blob.chunkBytes) else { return nil }
      let rawCount = min(blob.chunkBytes, blob.rawBytes - chunk * blob.chunkBytes)
      guard rawCount > 0, BlobCodec.shuffleSize(blob.elementSize, of: rawCount) == blob.elementSize else { return nil }
      return try? BlobCodec.decode(blob.chunks[chunk], rawCount: rawCount, elementSize: blob.elementSize)
    }
    var parts = [[[UInt8]?]](repeating: [], count: blobs.count)
    for (piece, bytes) in zip(pieces, decoded) { parts[piece.blob].append(bytes) }
    let joinable = parts
    return try parallelMap(blobs.count) { index -> [UInt8]? in
      let blob = blobs[index]
      let whole = joinable[index].compactMap(\.self)
      guard !blob.isDamaged, whole.count == joinable[index].count else { return nil }
      let bytes = whole.count == 1 ? whole[0] : Array(whole.joined())
      return try bytes.count == blob.rawBytes && SHA256.digest(of: bytes) == blob.hash ? bytes : nil
    }
  }
}
