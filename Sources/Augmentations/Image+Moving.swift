import Tensors

/// Pixels moved within the image's own memory.
extension Image {
  /// Left and right exchanged.
  mutating func mirrorColumns() {
    let (rows, width) = (channels * height, width)
    withPixels { pixels in
      for row in 0..<rows { Self.reverse(pixels + row * width, count: width) }
    }
  }

  /// Top and bottom exchanged.
  mutating func mirrorRows() {
    let (channels, height, width) = (channels, height, width)
    withPixels { pixels in
      for channel in 0..<channels {
        let plane = pixels + channel * height * width
        for row in 0..<height / 2 {
          let (upper, lower) = (plane + row * width, plane + (height - 1 - row) * width)
          for column in 0..<width { (upper[column], lower[column]) = (lower[column], upper[column]) }
        }
      }
    }
  }

  /// Gives every pixel the value of the one so many rows below and columns right of it; black where there is none.
  mutating func shift(rows: Int, columns: Int) {
    let (channels, height, width) = (channels, height, width)
    withPixels { pixels in
      let count = channels * height * width
      let offset = rows * width + columns
      // One move for all rows of all channels. What thereby comes from a neighbouring row or channel is black.
      if abs(offset) < count {
        (pixels + max(0, -offset)).update(from: pixels + max(0, offset), count: count - abs(offset))
      }
      let blackRows = Self.outside(rows, height)
      let blackColumns = Self.outside(columns, width)
      for channel in 0..<channels {
        let plane = pixels + channel * height * width
        (plane + blackRows.lowerBound * width).update(repeating: 0, count: blackRows.count * width)
        guard !blackColumns.isEmpty else { continue }
        for row in 0..<height {
          (plane + row * width + blackColumns.lowerBound).update(repeating: 0, count: blackColumns.count)
        }
      }
    }
  }

  /// Of `count` places, those for which the one `shift` further is outside.
  private static func outside(_ shift: Int, _ count: Int) -> Range<Int> {
    shift < 0 ? 0..<min(count, -shift) : max(0, count - shift)..<count
  }

  /// Four at a time from both ends, which the compiler does not see by itself.
  private static func reverse(_ values: UnsafeMutablePointer<Float>, count: Int) {
    typealias Four = SIMD4<Float>
    let bytes = UnsafeMutableRawPointer(values)
    let size = MemoryLayout<Float>.stride
    var (low, high) = (0, count)
    while high - low >= 2 * Four.scalarCount {
      high -= Four.scalarCount
      let left = bytes.loadUnaligned(fromByteOffset: low * size, as: Four.self)
      let right = bytes.loadUnaligned(fromByteOffset: high * size, as: Four.self)
      bytes.storeBytes(of: Four(right.w, right.z, right.y, right.x), toByteOffset: low * size, as: Four.self)
      bytes.storeBytes(of: Four(left.w, left.z, left.y, left.x), toByteOffset: high * size, as: Four.self)
      low += Four.scalarCount
    }
    while high - low >= 2 {
      high -= 1
      (values[low], values[high]) = (values[high], values[low])
      low += 1
    }
  }

  /// Calls `body` with the memory of the pixels, if these are as many as the size says and not none.
  private mutating func withPixels(_ body: (UnsafeMutablePointer<Float>) -> Void) {
    let count = channels * height * width
    pixels.withUnsafeMutableBufferPointer { pixels in
      guard pixels.count == count, count > 0, let base = pixels.baseAddress else { return }
      body(base)
    }
  }
}
