import Foundation

/// A tensor's bytes, in the memory in which they came: none is copied until somebody asks for an array of them.
enum TensorBytes: Sendable, Hashable, ContiguousBytes {
  case bytes([UInt8])
  /// Float32 numbers of a machine that keeps them little-endian.
  case numbers([Float])

  var count: Int {
    switch self {
    case .bytes(let bytes): bytes.count
    case .numbers(let numbers): numbers.count * MemoryLayout<Float>.size
    }
  }

  var array: [UInt8] {
    switch self {
    case .bytes(let bytes): bytes
    case .numbers: withUnsafeBytes { Array($0) }
    }
  }

  func withUnsafeBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
    switch self {
    case .bytes(let bytes): try bytes.withUnsafeBytes(body)
    case .numbers(let numbers): try numbers.withUnsafeBytes(body)
    }
  }

  static func == (left: TensorBytes, right: TensorBytes) -> Bool {
    left.withUnsafeBytes { left in right.withUnsafeBytes { right in left.elementsEqual(right) } }
  }

  func hash(into hasher: inout Hasher) {
    withUnsafeBytes { hasher.combine(bytes: $0) }
  }
}
