import CKernels
import Testing

@Suite struct LayoutTests {
  @Test(arguments: [(0, 5), (5, 0), (1, 1), (1, 40), (7, 9), (8, 8), (16, 24), (33, 65), (64, 64), (70, 130)])
  func transpose(rows: Int, columns: Int) {
    let xStride = columns + 3, outStride = rows + 2
    let x = numbers(rows * xStride + 1)
    var out = [Float](repeating: 7, count: columns * outStride + 1), wanted = out
    fledge_transpose(&out, outStride, x, xStride, rows, columns)
    for r in 0..<rows { for c in 0..<columns { wanted[c * outStride + r] = x[r * xStride + c] } }
    #expect(out == wanted)
  }

  @Test(arguments: [-7, -2, -1, 0, 1, 2, 3, 16]) func copyStrided(stride: Int) {
    for count in oddCounts {
      let x = numbers(16 * 130)
      let start = stride < 0 ? 7 * 129 : 0
      var out = [Float](repeating: 7, count: count + 1)
      x.withUnsafeBufferPointer {
        if let base = $0.baseAddress { fledge_copy_strided(&out, base + start, stride, count) }
      }
      #expect(out == (0..<count).map { x[start + $0 * stride] } + [7], "\(count)")
    }
  }

  @Test(arguments: [1, -2, 0, 3]) func narrowNumbersWiden(stride: Int) {
    for count in oddCounts {
      let x = (0..<3 * 130).map { UInt16(truncatingIfNeeded: $0 &* 40503) }
      let start = stride < 0 ? 2 * 129 : 0
      var out = [Float](repeating: 7, count: count + 1)
      x.withUnsafeBufferPointer {
        if let base = $0.baseAddress { fledge_widen(&out, base + start, stride, count) }
      }
      let wanted = (0..<count).map { Float(bitPattern: UInt32(x[start + $0 * stride]) << 16) } + [7]
      #expect(identical(out, wanted), "\(count)")
    }
  }

  @Test func narrowingRoundsToNearestEven() {
    let cases: [(Float, UInt32)] = [
      (1, 0x3F80), (1 + 0x1p-8, 0x3F80), (1 + 0x1.8p-8, 0x3F81), (1 + 0x1.8p-7, 0x3F82), (-0.0, 0x8000),
      (.infinity, 0x7F80), (.greatestFiniteMagnitude, 0x7F80), (.leastNonzeroMagnitude, 0),
    ]
    for count in oddCounts where count > 0 {
      let x = (0..<count).map { cases[$0 % cases.count].0 }
      var out = [UInt16](repeating: 7, count: count + 1)
      fledge_narrow(&out, x, count)
      #expect(out == (0..<count).map { UInt16(cases[$0 % cases.count].1) } + [7], "\(count)")
    }
    var notANumber: UInt16 = 0
    fledge_narrow(&notANumber, [Float(bitPattern: 0x7F80_0001)], 1)
    #expect(Float(bitPattern: UInt32(notANumber) << 16).isNaN)
  }

  @Test(arguments: [1, 2, 3, 4, 8, 12]) func shuffles(size: Int) {
    for count in oddCounts {
      let x = (0..<count * size + 1).map { UInt8(truncatingIfNeeded: $0 &* 167 &+ $0 / 256) }
      var shuffled = [UInt8](repeating: 7, count: x.count), back = x
      fledge_byte_shuffle(&shuffled, x, count, size)
      let planes: [UInt8] = (0..<size).flatMap { k in (0..<count).map { element in x[element * size + k] } }
      #expect(shuffled == planes + [7], "\(count)")
      for at in 0..<count * size { back[at] = 0 }
      fledge_byte_unshuffle(&back, shuffled, count, size)
      #expect(back == x, "\(count) there and back")
    }
  }
}
