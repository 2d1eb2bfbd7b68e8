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

  public func callAsFunction(_ image: Image, stream: inout RandomStream) -> Image {
    guard stream.happens(probability) else { return image }
    let angle = stream.uniform(-degrees, degrees) * .pi / 180
    let (cosine, sine) = (cos(angle), sin(angle))
    let centre = (row: Double(image.height - 1) / 2, column: Double(image.width - 1) / 2)
    var result = image
    for row in 0..<image.height {
      for column in 0..<image.width {
        let down = Double(row) - centre.row
        let right = Double(column) - centre.column
        image.interpolate(
          centre.row + cosine * down - sine * right, centre.column + sine * down + cosine * right,
          into: &result, row, column)
      }
    }
    return result
  }
}

extension Image {
  /// Gives a pixel of `result` the value between the four pixels around a place; black lies outside.
  fileprivate func interpolate(
    _ fromRow: Double, _ fromColumn: Double, into result: inout Image, _ row: Int, _ column: Int
  ) {
    let top = fromRow.rounded(.down)
    let left = fromColumn.rounded(.down)
    let (down, right) = (Float(fromRow - top), Float(fromColumn - left))
    func pixel(_ channel: Int, _ row: Int, _ column: Int) -> Float {
      row >= 0 && row < height && column >= 0 && column < width ? self[channel, row, column] : 0
    }
    let (first, start) = (Int(top), Int(left))
    for channel in 0..<channels {
      let upper = (1 - right) * pixel(channel, first, start) + right * pixel(channel, first, start + 1)
      let lower = (1 - right) * pixel(channel, first + 1, start) + right * pixel(channel, first + 1, start + 1)
      result[channel, row, column] = min(255, (1 - down) * upper + down * lower)
    }
  }
}
