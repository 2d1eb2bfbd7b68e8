/// Files of the IDX format and their compressed form, made by hand.
enum IDXBytes {
  static func images(_ count: Int, side: Int = 28, magic: UInt32 = 0x803) -> [UInt8] {
    bigEndian(magic) + bigEndian(UInt32(count)) + bigEndian(UInt32(side)) + bigEndian(UInt32(side))
      + (0..<count * side * side).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ $0 / 256) }
  }

  static func labels(_ labels: [UInt8], magic: UInt32 = 0x801) -> [UInt8] {
    bigEndian(magic) + bigEndian(UInt32(labels.count)) + labels
  }

  /// A gzip file of stored blocks (RFC 1951, 1952).
  static func gzip(_ bytes: [UInt8]) -> [UInt8] {
    var result: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3]
    var start = 0
    repeat {
      let block = bytes[start..<min(start + 65535, bytes.count)]
      start = block.endIndex
      let size = UInt16(block.count)
      result += [start == bytes.count ? 1 : 0] + littleEndian(size) + littleEndian(~size) + block
    } while start < bytes.count
    return result + littleEndian(checksum(bytes)) + littleEndian(UInt32(bytes.count))
  }

  private static func checksum(_ bytes: [UInt8]) -> UInt32 {
    var sum = UInt32.max
    for byte in bytes {
      sum ^= UInt32(byte)
      for _ in 0..<8 { sum = sum % 2 == 1 ? (sum >> 1) ^ 0xEDB8_8320 : sum >> 1 }
    }
    return ~sum
  }

  private static func bigEndian(_ value: UInt32) -> [UInt8] { littleEndian(value).reversed() }

  private static func littleEndian(_ value: some FixedWidthInteger) -> [UInt8] {
    (0..<value.bitWidth / 8).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
  }
}
