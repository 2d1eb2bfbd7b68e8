import CKernels
import Testing

/// Winograd's transforms and products against the sums that they stand for.
@Suite struct WinogradTests {
  /// A convolution of 3×3 windows at stride 1, as sums in Float64.
  struct Case: CustomTestStringConvertible {
    let images: Int
    let inputs: Int
    let outputs: Int
    let height: Int
    let width: Int
    let padding: Int

    var outputHeight: Int { height + 2 * padding - 2 }
    var outputWidth: Int { width + 2 * padding - 2 }
    var rows: Int { (outputHeight + 3) / 4 }
    var columns: Int { (outputWidth + 3) / 4 }
    var tiles: Int { images * rows * columns }
    var testDescription: String { "\(images)×\(inputs)→\(outputs), \(height)×\(width), padding \(padding)" }

    func input(_ image: Int, _ channel: Int, _ row: Int, _ column: Int) -> Int? {
      guard (0..<height).contains(row), (0..<width).contains(column) else { return nil }
      return (((image * (inputs / 16) + channel / 16) * height + row) * width + column) * 16 + channel % 16
    }
    func output(_ image: Int, _ channel: Int, _ row: Int, _ column: Int) -> Int {
      (((image * (outputs / 16) + channel / 16) * outputHeight + row) * outputWidth + column) * 16 + channel % 16
    }
    func filter(_ output: Int, _ input: Int, _ row: Int, _ column: Int) -> Int {
      ((output * inputs + input) * 3 + row) * 3 + column
    }

    /// Each product of an input, a filter's tap and an output that the convolution knows, by their places.
    func forEachProduct(_ body: (_ input: Int, _ filter: Int, _ output: Int) -> Void) {
      for image in 0..<images {
        for (k, c) in (0..<outputs).flatMap({ k in (0..<inputs).map { (k, $0) } }) {
          for (row, column) in (0..<outputHeight).flatMap({ r in (0..<outputWidth).map { (r, $0) } }) {
            for tap in 0..<9 {
              guard let x = input(image, c, row + tap / 3 - padding, column + tap % 3 - padding) else { continue }
              body(x, filter(k, c, tap / 3, tap % 3), output(image, k, row, column))
            }
          }
        }
      }
    }

    func pixels(isNarrow: Int32) -> fledge_tiling {
      fledge_tiling(
        channels: inputs, height: height, width: width, rows: rows, columns: columns, padding_top: padding,
        padding_left: padding, is_narrow: isNarrow)
    }
    func results(isNarrow: Int32) -> fledge_tiling {
      fledge_tiling(
        channels: outputs, height: outputHeight, width: outputWidth, rows: rows, columns: columns, padding_top: 0,
        padding_left: 0, is_narrow: isNarrow)
    }
  }

  /// Every width of the products' panels; tiles at all borders; groups of tiles that are whole, ragged, odd in number.
  static let cases = [
    Case(images: 1, inputs: 16, outputs: 16, height: 4, width: 4, padding: 1),
    Case(images: 3, inputs: 32, outputs: 48, height: 9, width: 14, padding: 0),
    Case(images: 2, inputs: 16, outputs: 64, height: 17, width: 6, padding: 2),
    Case(images: 5, inputs: 48, outputs: 80, height: 7, width: 9, padding: 1),
    Case(images: 1, inputs: 80, outputs: 96, height: 3, width: 3, padding: 0),
    Case(images: 2, inputs: 16, outputs: 32, height: 5, width: 2, padding: 3),
  ]

  /// How points are kept in a product of images and filters, in a sum of gradients, and what that may cost.
  struct Points: CustomTestStringConvertible {
    let multiplied: fledge_points
    let summed: fledge_points
    let tolerance: Double
    var testDescription: String { multiplied == FLEDGE_POINTS_FLOAT32 ? "float32" : "bfloat16" }

    static let all = [
      Points(multiplied: FLEDGE_POINTS_FLOAT32, summed: FLEDGE_POINTS_FLOAT32, tolerance: 2e-6),
      Points(multiplied: FLEDGE_POINTS_CHANNEL_PAIRS, summed: FLEDGE_POINTS_TILE_PAIRS, tolerance: 2.5e-2),
    ].filter { $0.multiplied == FLEDGE_POINTS_FLOAT32 || fledge_winograd_is_fast($0.multiplied) != 0 }
  }

  /// The length of the difference, in lengths of what was expected.
  private func error(_ found: [Float], _ expected: [Double]) -> Double {
    func length(_ values: [Double]) -> Double { values.reduce(0) { $0 + $1 * $1 }.squareRoot() }
    return length(zip(found, expected).map { Double($0) - $1 }) / length(expected)
  }

  private func forEachGroup(_ tiles: Int, _ body: (_ first: Int, _ count: Int) -> Void) {
    for first in stride(from: 0, to: tiles, by: FLEDGE_WINOGRAD_TILES) {
      body(first, min(FLEDGE_WINOGRAD_TILES, tiles - first))
    }
  }

  @Test(arguments: cases, Points.all) func convolution(_ sizes: Case, _ points: Points) {
    let x = numbers(sizes.images * sizes.inputs * sizes.height * sizes.width)
    let w = numbers(sizes.outputs * sizes.inputs * 9, seed: 2)
    let count = sizes.images * sizes.outputs * sizes.outputHeight * sizes.outputWidth
    var expected = [Double](repeating: 0, count: count)
    sizes.forEachProduct { expected[$2] += Double(x[$0]) * Double(w[$1]) }
    let kind = points.multiplied
    let shape = fledge_filters(
      inputs: sizes.inputs, outputs: sizes.outputs, input_stride: 9, output_stride: 9 * sizes.inputs, is_turned: 0)
    var filters = [Float](repeating: .nan, count: fledge_winograd_filters_count(sizes.inputs, sizes.outputs, kind))
    var tiles = [Float](repeating: .nan, count: fledge_winograd_tiles_count(sizes.inputs, kind))
    var products = [Float](
      repeating: .nan, count: fledge_winograd_tiles_count(sizes.outputs, FLEDGE_POINTS_FLOAT32))
    var y = [Float](repeating: .nan, count: count)
    fledge_winograd_filters(&filters, kind, w, shape, 0, 16)
    fledge_winograd_filters(&filters, kind, w, shape, 16, sizes.inputs - 16)
    forEachGroup(sizes.tiles) { first, count in
      fledge_winograd_images(&tiles, kind, x, sizes.pixels(isNarrow: 0), first, count)
      fledge_winograd_multiply(&products, kind, tiles, filters, sizes.inputs, sizes.outputs, count)
      fledge_winograd_outputs(&y, products, fledge_epilogue(), sizes.results(isNarrow: 0), first, count)
    }
    #expect(error(y, expected) <= points.tolerance)
  }

  @Test(arguments: cases, Points.all) func filterGradient(_ sizes: Case, _ points: Points) {
    let x = numbers(sizes.images * sizes.inputs * sizes.height * sizes.width)
    let dy = numbers(sizes.images * sizes.outputs * sizes.outputHeight * sizes.outputWidth, seed: 2)
    var expected = [Double](repeating: 0, count: sizes.outputs * sizes.inputs * 9)
    sizes.forEachProduct { expected[$1] += Double(x[$0]) * Double(dy[$2]) }
    let kind = points.summed
    let partCount = fledge_winograd_filters_count(sizes.inputs, sizes.outputs, FLEDGE_POINTS_FLOAT32)
    // Two parts, as two threads make them: one of all tiles, one of none.
    var sums = [Float](repeating: 0, count: 2 * partCount)
    var tiles = [Float](repeating: .nan, count: fledge_winograd_tiles_count(sizes.inputs, kind))
    var gradients = [Float](repeating: .nan, count: fledge_winograd_tiles_count(sizes.outputs, kind))
    var dw = [Float](repeating: .nan, count: expected.count)
    forEachGroup(sizes.tiles) { first, count in
      fledge_winograd_images(&tiles, kind, x, sizes.pixels(isNarrow: 0), first, count)
      fledge_winograd_gradients(&gradients, kind, dy, sizes.results(isNarrow: 0), first, count)
      fledge_winograd_accumulate(&sums, kind, tiles, gradients, sizes.inputs, sizes.outputs, count)
    }
    fledge_winograd_filter_gradients(&dw, sums, 2, partCount, sizes.inputs, sizes.outputs, 0, sizes.inputs)
    #expect(error(dw, expected) <= points.tolerance)
  }

  @Test func imagesInBfloat16AreReadAndWrittenAsSuch() {
    let sizes = Self.cases[3]
    let count = sizes.images * sizes.inputs * sizes.height * sizes.width
    var x = numbers(count)
    var narrow = [UInt16](repeating: 0, count: count)
    fledge_narrow(&narrow, x, count)
    fledge_widen(&x, narrow, 1, count)
    let pointCount = fledge_winograd_tiles_count(sizes.inputs, FLEDGE_POINTS_FLOAT32)
    var (wide, read) = ([Float](repeating: 0, count: pointCount), [Float](repeating: 0, count: pointCount))
    fledge_winograd_images(&wide, FLEDGE_POINTS_FLOAT32, x, sizes.pixels(isNarrow: 0), 3, 24)
    fledge_winograd_images(&read, FLEDGE_POINTS_FLOAT32, narrow, sizes.pixels(isNarrow: 1), 3, 24)
    let isReadAsSuch = identical(read, wide)
    #expect(isReadAsSuch)

    let results = sizes.images * sizes.outputs * sizes.outputHeight * sizes.outputWidth
    let points = numbers(fledge_winograd_tiles_count(sizes.outputs, FLEDGE_POINTS_FLOAT32))
    var y = [Float](repeating: 0, count: results)
    var (written, expected) = ([UInt16](repeating: 0, count: results), [UInt16](repeating: 0, count: results))
    fledge_winograd_outputs(&y, points, fledge_epilogue(), sizes.results(isNarrow: 0), 2, 24)
    fledge_winograd_outputs(&written, points, fledge_epilogue(), sizes.results(isNarrow: 1), 2, 24)
    fledge_narrow(&expected, y, results)
    let isWrittenAsSuch = written == expected
    #expect(isWrittenAsSuch)
  }

  @Test(arguments: Points.all) func whatIsNoNumberSpoilsItsTileAndNoOther(_ points: Points) {
    let sizes = Case(images: 1, inputs: 16, outputs: 16, height: 8, width: 8, padding: 1)
    var x = numbers(16 * 64)
    x[sizes.input(0, 5, 0, 0) ?? 0] = .nan
    let kind = points.multiplied
    var tiles = [Float](repeating: 0, count: fledge_winograd_tiles_count(16, kind))
    var filters = [Float](repeating: 0, count: fledge_winograd_filters_count(16, 16, kind))
    var products = [Float](repeating: 0, count: fledge_winograd_tiles_count(16, FLEDGE_POINTS_FLOAT32))
    var y = [Float](repeating: 0, count: 16 * 64)
    let shape = fledge_filters(inputs: 16, outputs: 16, input_stride: 9, output_stride: 144, is_turned: 0)
    fledge_winograd_filters(&filters, kind, numbers(16 * 16 * 9), shape, 0, 16)
    fledge_winograd_images(&tiles, kind, x, sizes.pixels(isNarrow: 0), 0, 4)
    fledge_winograd_multiply(&products, kind, tiles, filters, 16, 16, 4)
    fledge_winograd_outputs(&y, products, fledge_epilogue(), sizes.results(isNarrow: 0), 0, 4)
    for row in 0..<8 {
      for column in 0..<8 {
        #expect(y[sizes.output(0, 0, row, column)].isNaN == (row < 4 && column < 4), "\(row), \(column)")
      }
    }
  }
}
