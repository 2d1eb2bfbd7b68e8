import CZlib
import Foundation

extension BlobCodec {
  private static let streamSize = Int32(MemoryLayout<z_stream>.size)

  /// Deflates plane after plane into one stream, each by the method that suits it.
  static func deflate(_ bytes: [UInt8], planes: Int) throws -> [UInt8] {
    var stream = z_stream()
    var method = Method(bytes.prefix(bytes.count / planes), ofPlanes: planes)
    // The largest memory level: fewer, longer blocks.
    var status = deflateInit2_(&stream, method.level, Z_DEFLATED, 15, 9, method.strategy, ZLIB_VERSION, streamSize)
    guard status == Z_OK else { throw Failure.deflate(status) }
    defer { deflateEnd(&stream) }
    // Every change of method ends a block; 64 bytes a plane is more than that can take.
    let capacity = Int(deflateBound(&stream, UInt(bytes.count))) + 64 * planes + bytes.count / 1000
    let planeBytes = bytes.count / planes
    return try [UInt8](unsafeUninitializedCapacity: capacity) { output, initialized in
      stream.next_out = output.baseAddress
      stream.avail_out = UInt32(capacity)
      try bytes.withUnsafeBufferPointer { input in
        for plane in 0..<planes {
          let isLast = plane == planes - 1
          let range = plane * planeBytes..<(isLast ? bytes.count : (plane + 1) * planeBytes)
          let next = Method(bytes[range], ofPlanes: planes)
          if next != method {
            status = deflateParams(&stream, next.level, next.strategy)
            guard status == Z_OK else { throw Failure.deflate(status) }
            method = next
          }
          stream.next_in = UnsafeMutablePointer(mutating: input.baseAddress.map { $0 + range.lowerBound })
          stream.avail_in = UInt32(range.count)
          status = CZlib.deflate(&stream, isLast ? Z_FINISH : Z_NO_FLUSH)
          guard status == (isLast ? Z_STREAM_END : Z_OK) || (range.isEmpty && status == Z_BUF_ERROR) else {
            throw Failure.deflate(status)
          }
        }
      }
      initialized = Int(stream.total_out)
    }
  }

  static func inflate(_ bytes: [UInt8], count: Int) throws -> [UInt8] {
    var stream = z_stream()
    var status = inflateInit_(&stream, ZLIB_VERSION, streamSize)
    guard status == Z_OK else { throw Failure.inflate(status) }
    defer { inflateEnd(&stream) }
    return try [UInt8](unsafeUninitializedCapacity: max(1, count)) { output, initialized in
      bytes.withUnsafeBufferPointer { input in
        stream.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
        stream.avail_in = UInt32(input.count)
        stream.next_out = output.baseAddress
        stream.avail_out = UInt32(output.count)
        status = CZlib.inflate(&stream, Z_FINISH)
      }
      guard status == Z_STREAM_END, Int(stream.total_out) == count else { throw Failure.inflate(status) }
      initialized = count
    }
  }

  /// How a plane is deflated.
  private struct Method: Equatable {
    let level: Int32
    let strategy: Int32

    /// Noise is stored; shuffled planes have runs but few longer matches, so looking for runs is enough (and fast).
    init(_ plane: ArraySlice<UInt8>, ofPlanes planes: Int) {
      if planes == 1 {
        level = 6
        strategy = Z_DEFAULT_STRATEGY
      } else if plane.count > 1024, entropy(plane) > 7.95 {
        level = 0
        strategy = Z_RLE
      } else {
        level = 1
        strategy = Z_RLE
      }
    }
  }

  /// Bits a byte (Shannon 1948), from every fourth run of 256 bytes.
  private static func entropy(_ bytes: ArraySlice<UInt8>) -> Double {
    var counts = [Int](repeating: 0, count: 256)
    var total = 0
    bytes.withUnsafeBufferPointer { bytes in
      for start in stride(from: 0, to: bytes.count, by: 1024) {
        let end = min(start + 256, bytes.count)
        for index in start..<end { counts[Int(bytes[index])] += 1 }
        total += end - start
      }
    }
    return counts.lazy.filter { $0 > 0 }.reduce(0) { sum, count in
      let share = Double(count) / Double(total)
      return sum - share * log2(share)
    }
  }
}
