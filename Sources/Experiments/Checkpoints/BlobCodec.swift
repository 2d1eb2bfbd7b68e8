import CKernels
import CZlib
import Foundation

/// Tensors as they lie in the store: byte-shuffled, then one zlib stream a chunk.
///
/// The sign and exponent bytes of weights are few and compress; the low bytes of the mantissa are noise. Shuffling puts
/// bytes of one significance together (as HDF5's shuffle filter and Blosc do); what they are decides how they are written.
enum BlobCodec {
  static let chunkBytes = 1 << 20

  enum Failure: Error {
    case deflate(Int32)
    case inflate(Int32)
  }

  /// Raw bytes a chunk: whole elements.
  static func chunkBytes(elementSize: Int) -> Int {
    max(1, chunkBytes / elementSize) * elementSize
  }

  /// The element size to shuffle by: 1, which is no shuffling, where the bytes are not whole elements.
  static func shuffleSize(_ elementSize: Int, of count: Int) -> Int {
    (1...64).contains(elementSize) && count % elementSize == 0 ? elementSize : 1
  }

  /// One chunk, compressed.
  static func encode(_ bytes: UnsafeBufferPointer<UInt8>, elementSize: Int) throws -> Data {
    guard elementSize > 1, let source = bytes.baseAddress else { return try deflate(bytes, planes: 1) }
    return try withUnsafeTemporaryAllocation(of: UInt8.self, capacity: bytes.count) { shuffled in
      fledge_byte_shuffle(shuffled.baseAddress.unsafelyUnwrapped, source, bytes.count / elementSize, elementSize)
      return try deflate(UnsafeBufferPointer(shuffled), planes: elementSize)
    }
  }

  /// The raw bytes of a chunk that has so many.
  static func decode(_ chunk: Data, rawCount: Int, elementSize: Int) throws -> [UInt8] {
    let shuffled = try inflate(chunk, count: rawCount)
    return [UInt8](unsafeUninitializedCapacity: rawCount) { output, initialized in
      if let target = output.baseAddress {
        fledge_byte_unshuffle(target, shuffled, rawCount / elementSize, elementSize)
        initialized = rawCount / elementSize * elementSize
      }
    }
  }
}
