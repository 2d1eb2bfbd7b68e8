import CKernels
import Testing

@Suite struct Im2colTests {
  @Test(arguments: fledge_window.samples) func columns(_ window: fledge_window) {
    let channels = 3
    let image = numbers(channels * window.inputs)
    var out = [Float](repeating: 7, count: channels * window.area * window.outputs + 1)
    fledge_im2col(&out, image, channels, window)
    var wanted = [Float](repeating: 7, count: out.count)
    for channel in 0..<channels {
      for (output, pixels) in window.pixels.enumerated() {
        for (kernel, pixel) in pixels.enumerated() {
          wanted[(channel * window.area + kernel) * window.outputs + output] =
            pixel.map { image[channel * window.inputs + $0] } ?? 0
        }
      }
    }
    #expect(out == wanted)
  }

  /// ⟨im2col x, y⟩ = ⟨x, col2im y⟩, exactly where all are small whole numbers.
  @Test(arguments: fledge_window.samples) func col2imIsTheAdjoint(_ window: fledge_window) {
    let channels = 2
    let x = numbers(channels * window.inputs).map { ($0 * 8).rounded() }
    let y = numbers(channels * window.area * window.outputs, seed: 2).map { ($0 * 8).rounded() }
    var columns = [Float](repeating: 0, count: y.count + 1)
    fledge_im2col(&columns, x, channels, window)
    var image = [Float](repeating: 1, count: x.count + 1)
    fledge_col2im(&image, y, channels, window)
    let left = zip(columns, y).reduce(0.0) { $0 + Double($1.0 * $1.1) }
    let right = zip(image, x).reduce(0.0) { $0 + Double(($1.0 - 1) * $1.1) }
    #expect(left == right)
    #expect(image.last == 1, "wrote past the image")
  }
}
