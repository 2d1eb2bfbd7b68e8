import CZlib
import Foundation

/// What the bytes of a plane are like, by a sample: which says how zlib is to write them.
enum PlaneKind {
  /// No code is shorter than the bytes: they are stored.
  case noise
  /// Most bytes equal the one before, or are too few to tell.
  case runs
  /// Some bytes occur more often than others, in no order that would help: they get a Huffman code and no search.
  case uneven

  private static let sampleBytes = 512
  /// All of a small plane, a thirty-second of a large one.
  private static let sampleStrides = 512...16_384
  private static let samples = 16
  private static let fewBytes = 1024
  /// Bits a byte beyond which coding gains too little for its time.
  private static let entropyOfNoise = 7.5

  init(_ plane: UnsafeBufferPointer<UInt8>) {
    guard plane.count >= Self.fewBytes else {
      self = .runs
      return
    }
    var counts = [Int](repeating: 0, count: 256)
    var total = 0
    var repeats = 0
    let step = min(max(plane.count / Self.samples, Self.sampleStrides.lowerBound), Self.sampleStrides.upperBound)
    for start in stride(from: 0, to: plane.count, by: step) {
      let sample = UnsafeBufferPointer(rebasing: plane[start..<min(start + Self.sampleBytes, plane.count)])
      var last: UInt8?
      for byte in sample {
        counts[Int(byte)] += 1
        repeats += byte == last ? 1 : 0
        last = byte
      }
      total += sample.count
    }
    if 2 * repeats > total {
      self = .runs
    } else {
      self = Self.entropy(counts, total) > Self.entropyOfNoise ? .noise : .uneven
    }
  }

  var level: Int32 {
    switch self {
    case .noise: Z_NO_COMPRESSION
    case .runs, .uneven: Z_BEST_SPEED
    }
  }

  var strategy: Int32 {
    switch self {
    case .noise, .uneven: Z_HUFFMAN_ONLY
    case .runs: Z_RLE
    }
  }

  /// Bits a byte (Shannon 1948).
  private static func entropy(_ counts: [Int], _ total: Int) -> Double {
    counts.lazy.filter { $0 > 0 }.reduce(0) { sum, count in
      let share = Double(count) / Double(total)
      return sum - share * log2(share)
    }
  }
}
