public import Foundation

/// A tensor as bytes: the store does not look inside.
public struct StoredTensor: Sendable, Hashable {
  /// Its path in the model or optimizer: `3.conv.weight`.
  public let name: String
  /// `float32`, `int64` …: kept as it is.
  public let elementType: String
  /// Bytes of an element; the planes of byte-shuffling.
  public let elementSize: Int
  public let shape: [Int]
  let contents: TensorBytes

  /// Little-endian, row-major; as many as the shape says.
  public var bytes: [UInt8] { contents.array }

  public init(name: String, elementType: String, elementSize: Int, shape: [Int], bytes: [UInt8]) {
    self.name = name
    self.elementType = elementType
    self.elementSize = elementSize
    self.shape = shape
    contents = .bytes(bytes)
  }

  /// Float32 numbers, row-major, which are not copied where memory is little-endian.
  public init(name: String, shape: [Int], numbers: [Float]) {
    self.name = name
    elementType = "float32"
    elementSize = MemoryLayout<Float>.size
    self.shape = shape
    #if _endian(little)
      contents = .numbers(numbers)
    #else
      contents = .bytes(
        numbers.flatMap { number in (0..<4).map { UInt8(truncatingIfNeeded: number.bitPattern >> (8 * $0)) } })
    #endif
  }

  /// Bytes by shape and element size; nil where no memory could hold them.
  static func byteCount(shape: [Int], elementSize: Int) -> Int? {
    var count = elementSize
    for extent in shape {
      let (product, overflows) = count.multipliedReportingOverflow(by: extent)
      guard !overflows, extent >= 0 else { return nil }
      count = product
    }
    return count
  }
}

/// All that the next step of a run depends on.
public struct Checkpoint: Sendable, Hashable {
  /// Steps done.
  public let step: Int
  public let epoch: Int
  public let tensors: [StoredTensor]
  /// What the trainer makes of it: position in the epoch, scheduler, early stopping.
  public let state: [UInt8]
  /// Whether it is the best of the run so far; the one that was is no longer.
  public let isBest: Bool
  /// The figure by which it is the best.
  public let score: Double?

  public init(
    step: Int, epoch: Int, tensors: [StoredTensor], state: [UInt8], isBest: Bool = false, score: Double? = nil
  ) {
    self.step = step
    self.epoch = epoch
    self.tensors = tensors
    self.state = state
    self.isBest = isBest
    self.score = score
  }
}

/// Which checkpoint of a run.
public enum CheckpointSelection: Sendable, Hashable, CustomStringConvertible {
  case last
  case best
  case step(Int)

  public var description: String {
    switch self {
    case .last: "last"
    case .best: "best"
    case .step(let step): "step-\(step)"
    }
  }
}

/// What a listing shows of a checkpoint.
public struct CheckpointInfo: Sendable, Hashable, Codable {
  public let step: Int
  public let epoch: Int
  public let created: Date
  public let score: Double?
  public let isBest: Bool
  public let tensorCount: Int
  /// Bytes of the tensors and the state.
  public let rawBytes: Int
  /// Bytes that they take in the store; those shared with other checkpoints count in each.
  public let storedBytes: Int
}
