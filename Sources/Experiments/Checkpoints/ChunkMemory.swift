import Foundation
import Synchronization

/// Memory for chunks that goes from one checkpoint to the next: to have the system find it anew, page by page, takes
/// longer than to write it.
final class ChunkMemory: Sendable {
  /// Of a piece: more than deflate makes of a chunk (an eighth more at worst, and some bytes a block).
  static let pieceBytes = BlobCodec.chunkBytes + BlobCodec.chunkBytes / 4
  /// Pieces kept while nobody needs them; those of larger checkpoints go back to the system.
  private static let largestCount = 16
  /// Fewer bytes are copied: a checkpoint of hundreds of small tensors is not to hold as many pieces.
  private static let smallBytes = pieceBytes / 16

  /// The addresses of pieces that are free.
  private let free = Mutex<[UInt]>([])

  deinit {
    free.withLock { for address in $0 { UnsafeMutableRawPointer(bitPattern: address)?.deallocate() } }
  }

  /// Lends a piece, whose bytes are anything.
  func withPiece<Result>(_ body: (UnsafeMutablePointer<UInt8>) throws -> Result) rethrows -> Result {
    let piece = take()
    defer { giveBack(piece) }
    return try body(piece.assumingMemoryBound(to: UInt8.self))
  }

  /// The bytes at the start of a piece, as many as `body` says that it has written.
  func data(_ body: (UnsafeMutablePointer<UInt8>) throws -> Int) rethrows -> Data {
    let piece = take()
    var isHandedOn = false
    defer { if !isHandedOn { giveBack(piece) } }
    let count = try body(piece.assumingMemoryBound(to: UInt8.self))
    guard count >= Self.smallBytes else { return Data(bytes: piece, count: count) }
    isHandedOn = true
    return Data(bytesNoCopy: piece, count: count, deallocator: .custom { [self] piece, _ in giveBack(piece) })
  }

  private func take() -> UnsafeMutableRawPointer {
    free.withLock { $0.popLast() }.flatMap { UnsafeMutableRawPointer(bitPattern: $0) }
      ?? .allocate(byteCount: Self.pieceBytes, alignment: MemoryLayout<UInt64>.alignment)
  }

  private func giveBack(_ piece: UnsafeMutableRawPointer) {
    let isKept = free.withLock { free in
      guard free.count < Self.largestCount else { return false }
      free.append(UInt(bitPattern: piece))
      return true
    }
    if !isKept { piece.deallocate() }
  }
}
