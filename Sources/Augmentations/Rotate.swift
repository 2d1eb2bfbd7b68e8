import Foundation
import Registry
public import Tensors

/// Values between pixels are interpolated linearly.
public struct Rotate: Augmentation {
  public static let name = "rotate"
  public static let summary = "the image turned around its centre by a random angle, black where nothing comes to lie"
  public static let formula = "y(p) = x(R⁻¹·p), R a rotation by an angle uniform in −degrees … degrees"
  public static let reference = "Simard et al. 2003, Best practices for convolutional neural networks"

  @Parameter("largest angle", in: 0...180) public var degrees = 15.0
  @Parameter("how often, as a part of all images", in: 0...1) public var probability = 1.0

  public init() {}

  public func callAsFunction(_ image: consuming Image, _ context: inout AugmentationContext) -> Image {
    guard context.stream.happens(probability) else { return image }
    let angle = context.stream.uniform(-degrees, degrees) * .pi / 180
    let (cosine, sine) = (cos(angle), sin(angle))
    let centre = (row: Double(image.height - 1) / 2, column: Double(image.width - 1) / 2)
    image.resample { row, column in
      let (down, right) = (row - centre.row, column - centre.column)
      return (centre.row + cosine * down - sine * right, centre.column + sine * down + cosine * right)
    }
    return image
  }
}

extension Image {
  /// Gives every pixel the value between the four pixels around a place; black lies outside.
  fileprivate mutating func resample(_ place: (_ row: Double, _ column: Double) -> (row: Double, column: Double)) {
    let (height, width, size) = (height, width, height * width)
    let (framed, framedWidth) = (framed(), width + 2)
    framed.withUnsafeBufferPointer { framed in
      pixels.withUnsafeMutableBufferPointer { pixels in
        for row in 0..<height {
          for column in 0..<width {
            let source = place(Double(row), Double(column))
            let (top, left) = (Self.floor(source.row), Self.floor(source.column))
            let (down, right) = (Float(source.row - Double(top)), Float(source.column - Double(left)))
            let isNear = top >= -1 && top < height && left >= -1 && left < width
            var corner = isNear ? (top + 1) * framedWidth + left + 1 : 0
            for pixel in stride(from: row * width + column, to: pixels.count, by: size) {
              let upper = (1 - right) * framed[corner] + right * framed[corner + 1]
              let lower = (1 - right) * framed[corner + framedWidth] + right * framed[corner + framedWidth + 1]
              pixels[pixel] = isNear ? min(255, (1 - down) * upper + down * lower) : 0
              corner += (height + 2) * framedWidth
            }
          }
        }
      }
    }
  }

  /// The pixels with a black one around them on all sides.
  private func framed() -> [Float] {
    var framed = Array(repeating: Float(0), count: channels * (height + 2) * (width + 2))
    for channel in 0..<channels {
      for row in 0..<height {
        let (source, target) = ((channel * height + row) * width, (channel * (height + 2) + row + 1) * (width + 2) + 1)
        framed.replaceSubrange(target..<target + width, with: pixels[source..<source + width])
      }
    }
    return framed
  }

  /// `rounded(.down)` would be a call into the C library.
  private static func floor(_ value: Double) -> Int {
    let truncated = Int(value)
    return Double(truncated) > value ? truncated - 1 : truncated
  }
}
