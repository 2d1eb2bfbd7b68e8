import CKernels
import CZlib
import Crypto

/// Tensors as they lie in the store: byte-shuffled, then one zlib stream a chunk.
///
/// The sign and exponent bytes of weights repeat and compress; the low bytes of the mantissa are noise. Shuffling puts
/// bytes of one significance together (as HDF5's shuffle filter and Blosc do), and noise is stored instead of searched.
enum BlobCodec {
  static let chunkBytes = 1 << 20

  enum Failure: Error {
    case deflate(Int32)
    case inflate(Int32)
  }

  static func hash(_ bytes: [UInt8]) -> [UInt8] {
    Array(SHA256.hash(data: bytes))
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
  static func encode(_ bytes: ArraySlice<UInt8>, elementSize: Int) throws -> [UInt8] {
    let shuffled = bytes.withUnsafeBufferPointer { moved($0, elementSize, by: fledge_byte_shuffle) }
    return try deflate(shuffled, planes: elementSize)
  }

  /// The raw bytes of a chunk that has so many.
  static func decode(_ chunk: [UInt8], rawCount: Int, elementSize: Int) throws -> [UInt8] {
    let shuffled = try inflate(chunk, count: rawCount)
    return shuffled.withUnsafeBufferPointer { moved($0, elementSize, by: fledge_byte_unshuffle) }
  }

  /// Bytes of one significance together, or apart again.
  private static func moved(
    _ bytes: UnsafeBufferPointer<UInt8>, _ size: Int,
    by kernel: (UnsafeMutablePointer<UInt8>, UnsafePointer<UInt8>, Int, Int) -> Void
  ) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: bytes.count) { output, initialized in
      if let target = output.baseAddress, let source = bytes.baseAddress {
        kernel(target, source, bytes.count / size, size)
        initialized = bytes.count / size * size
      }
    }
  }
}
