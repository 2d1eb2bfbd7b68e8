import CZlib
import Foundation

extension BlobCodec {
  private static let streamSize = Int32(MemoryLayout<z_stream>.size)
  /// What zlib takes by itself; more makes no chunk smaller.
  private static let memoryLevel: Int32 = 8

  /// Deflates plane after plane into one stream, each by the method that suits it.
  static func deflate(_ bytes: UnsafeBufferPointer<UInt8>, planes: Int) throws -> Data {
    var stream = z_stream()
    let status = deflateInit2_(
      &stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, MAX_WBITS, memoryLevel, Z_DEFAULT_STRATEGY, ZLIB_VERSION, streamSize)
    guard status == Z_OK else { throw Failure.deflate(status) }
    defer { deflateEnd(&stream) }
    // An eighth more at worst, and some bytes a block.
    var output = [UInt8](repeating: 0, count: bytes.count + bytes.count / 4 + 1024)
    try output.withUnsafeMutableBufferPointer { output in
      stream.next_out = output.baseAddress
      stream.avail_out = UInt32(output.count)
      try write(bytes, planes: planes, to: &stream)
    }
    return Data(output[..<Int(stream.total_out)])
  }

  private static func write(
    _ bytes: UnsafeBufferPointer<UInt8>, planes: Int, to stream: inout z_stream
  ) throws {
    let planeBytes = bytes.count / planes
    for plane in 0..<planes {
      let content = UnsafeBufferPointer(rebasing: bytes[plane * planeBytes..<(plane + 1) * planeBytes])
      if planes > 1 {
        let kind = PlaneKind(content)
        let status = deflateParams(&stream, kind.level, kind.strategy)
        guard status == Z_OK else { throw Failure.deflate(status) }
      }
      stream.next_in = UnsafeMutablePointer(mutating: content.baseAddress)
      stream.avail_in = UInt32(content.count)
      let isLast = plane == planes - 1
      let status = CZlib.deflate(&stream, isLast ? Z_FINISH : Z_NO_FLUSH)
      guard status == (isLast ? Z_STREAM_END : Z_OK), stream.avail_in == 0 else { throw Failure.deflate(status) }
    }
  }

  static func inflate(_ bytes: Data, count: Int) throws -> [UInt8] {
    var stream = z_stream()
    var status = inflateInit_(&stream, ZLIB_VERSION, streamSize)
    guard status == Z_OK else { throw Failure.inflate(status) }
    defer { inflateEnd(&stream) }
    return try [UInt8](unsafeUninitializedCapacity: max(1, count)) { output, initialized in
      bytes.withUnsafeBytes { input in
        stream.next_in = UnsafeMutablePointer(mutating: input.baseAddress?.assumingMemoryBound(to: UInt8.self))
        stream.avail_in = UInt32(input.count)
        stream.next_out = output.baseAddress
        stream.avail_out = UInt32(output.count)
        status = CZlib.inflate(&stream, Z_FINISH)
      }
      guard status == Z_STREAM_END, Int(stream.total_out) == count else { throw Failure.inflate(status) }
      initialized = count
    }
  }
}
