import CKernels
import TestSupport
import Testing

@Suite struct PoolingTests {
  /// Planes with distinct numbers, with many ties, with NaN, and with −∞ alone.
  static func planes(_ count: Int) -> [[Float]] {
    let x = numbers(count)
    return [
      x, x.map { ($0 * 2).rounded() }, x.enumerated().map { $0 % 5 == 3 ? .nan : $1 },
      x.map { $0 < 0.5 ? -.infinity : .nan }, x.map { _ in -.infinity },
    ]
  }

  /// The first greatest among the pixels, a NaN above all.
  static func greatest(_ pixels: [Int?], of x: [Float]) -> Int? {
    let inside = pixels.compactMap { $0 }
    return inside.first { x[$0].isNaN }
      ?? inside.reduce(nil) { best, pixel in
        guard let best else { return pixel }
        return x[pixel] > x[best] ? pixel : best
      }
  }

  @Test(arguments: fledge_window.samples) func maximum(_ window: fledge_window) {
    for (number, x) in Self.planes(window.inputs).enumerated() {
      var out = [Float](repeating: 7, count: window.outputs + 1)
      fledge_max_pool(&out, x, window)
      let wanted = window.pixels.map { Self.greatest($0, of: x).map { x[$0] } ?? -.infinity } + [7]
      #expect(identical(out, wanted), "plane \(number): \(out), not \(wanted)")
    }
  }

  @Test func aTileOfRowsHasTheBitsOfTheWhole() {
    let whole = fledge_window((8, 24), kernel: (2, 2), stride: (2, 2))
    let tile = fledge_window((8, 24), kernel: (2, 2), stride: (2, 2), padding: (-4, 0), output: (2, 12))
    let planes = Self.planes(whole.inputs) + [[Float](repeating: -0.0, count: whole.inputs)]
    for (number, x) in planes.enumerated() {
      for (name, pool) in [("maximum", fledge_max_pool), ("average", fledge_average_pool)] {
        var all = [Float](repeating: 7, count: whole.outputs), some = [Float](repeating: 7, count: tile.outputs)
        pool(&all, x, whole)
        pool(&some, x, tile)
        #expect(identical(some, Array(all[2 * 12..<4 * 12])), "\(name) of plane \(number)")
      }
    }
  }

  @Test(arguments: fledge_window.samples) func maximumGradient(_ window: fledge_window) {
    let dy = numbers(window.outputs, seed: 3).map { ($0 * 100).rounded() }
    for (number, x) in Self.planes(window.inputs).enumerated() {
      var dx = [Float](repeating: 7, count: window.inputs + 1)
      var wanted = [Float](repeating: 0, count: window.inputs) + [7]
      fledge_max_pool_gradient(&dx, dy, x, window)
      for (output, pixels) in window.pixels.enumerated() {
        if let pixel = Self.greatest(pixels, of: x) { wanted[pixel] += dy[output] }
      }
      #expect(dx == wanted, "plane \(number)")
    }
  }

  @Test(arguments: fledge_window.samples) func average(_ window: fledge_window) {
    let x = numbers(window.inputs)
    var out = [Float](repeating: 7, count: window.outputs + 1)
    fledge_average_pool(&out, x, window)
    for (output, pixels) in window.pixels.enumerated() {
      let wanted = pixels.reduce(0.0) { $0 + ($1.map { Double(x[$0]) } ?? 0) } / Double(window.area)
      #expect(abs(Double(out[output]) - wanted) < 1e-6, "output \(output)")
    }
    #expect(out.last == 7, "wrote past the output")
  }

  @Test(arguments: fledge_window.samples) func averageGradient(_ window: fledge_window) {
    let dy = numbers(window.outputs, seed: 3)
    var dx = [Float](repeating: 7, count: window.inputs + 1)
    fledge_average_pool_gradient(&dx, dy, window)
    var wanted = [Double](repeating: 0, count: window.inputs) + [7]
    for (output, pixels) in window.pixels.enumerated() {
      for pixel in pixels.compactMap({ $0 }) { wanted[pixel] += Double(dy[output]) / Double(window.area) }
    }
    expectClose(dx, wanted, within: 1e-5)
  }

  /// Sixteen planes as one block, pixel by pixel.
  private static func blocked(_ planes: [[Float]]) -> [Float] {
    planes[0].indices.flatMap { pixel in planes.map { $0[pixel] } }
  }

  @Test(arguments: fledge_window.samples) func blocksAgreeWithPlanes(_ window: fledge_window) {
    var images = Self.planes(window.inputs)
    while images.count < 16 { images.append(numbers(window.inputs, seed: UInt64(images.count))) }
    images = Array(images.prefix(16))
    let gradients = (0..<16).map { numbers(window.outputs, seed: UInt64($0 + 50)) }
    func planes(_ count: Int, _ compute: (_ plane: Int, inout [Float]) -> Void) -> [Float] {
      Self.blocked(
        (0..<16).map { plane in
          var out = [Float](repeating: 7, count: count)
          compute(plane, &out)
          return out
        })
    }
    func block(_ count: Int, _ compute: (inout [Float]) -> Void) -> [Float] {
      var out = [Float](repeating: 7, count: 16 * count)
      compute(&out)
      return out
    }
    let (x, dy) = (Self.blocked(images), Self.blocked(gradients))
    guard window.inputs > 0, window.outputs > 0 else { return }
    #expect(
      identical(
        block(window.outputs) { fledge_max_pool_16(&$0, x, window) },
        planes(window.outputs) { fledge_max_pool(&$1, images[$0], window) }))
    #expect(
      identical(
        block(window.inputs) { fledge_max_pool_gradient_16(&$0, dy, x, window) },
        planes(window.inputs) { fledge_max_pool_gradient(&$1, gradients[$0], images[$0], window) }))
    for (found, wanted) in [
      (
        block(window.outputs) { fledge_average_pool_16(&$0, x, window) },
        planes(window.outputs) { fledge_average_pool(&$1, images[$0], window) }
      ),
      (
        block(window.inputs) { fledge_average_pool_gradient_16(&$0, dy, window) },
        planes(window.inputs) { fledge_average_pool_gradient(&$1, gradients[$0], window) }
      ),
    ] {
      #expect(found.count == wanted.count && !found.isEmpty)
      #expect(zip(found, wanted).allSatisfy { abs($0 - $1) < 1e-5 || $0.isNaN && $1.isNaN || $0 == $1 })
    }
  }
}
