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
    let shuffled = bytes.withUnsafeBufferPointer { shuffle($0, elementSize) }
    return try deflate(shuffled, planes: elementSize)
  }

  /// The raw bytes of a chunk that has so many.
  static func decode(_ chunk: [UInt8], rawCount: Int, elementSize: Int) throws -> [UInt8] {
    let shuffled = try inflate(chunk, count: rawCount)
    return shuffled.withUnsafeBufferPointer { unshuffle($0, elementSize) }
  }

  private static func shuffle(_ bytes: UnsafeBufferPointer<UInt8>, _ size: Int) -> [UInt8] {
    guard size > 1 else { return Array(bytes) }
    let count = bytes.count / size
    return [UInt8](unsafeUninitializedCapacity: bytes.count) { output, initialized in
      for plane in 0..<size {
        for element in 0..<count { output[plane * count + element] = bytes[element * size + plane] }
      }
      initialized = count * size
    }
  }

  private static func unshuffle(_ bytes: UnsafeBufferPointer<UInt8>, _ size: Int) -> [UInt8] {
    guard size > 1 else { return Array(bytes) }
    let count = bytes.count / size
    return [UInt8](unsafeUninitializedCapacity: bytes.count) { output, initialized in
      for plane in 0..<size {
        for element in 0..<count { output[element * size + plane] = bytes[plane * count + element] }
      }
      initialized = count * size
    }
  }
}
