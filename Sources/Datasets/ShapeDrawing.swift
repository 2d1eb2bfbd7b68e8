import Foundation
import Tensors

/// One image of the dataset `shapes`: what is drawn where, how large, at which angle and in which colours.
struct ShapeDrawing {
  static let side = 32
  /// Points a pixel and direction that decide how much of the pixel is covered.
  private static let samples = 3
  /// The least sum of differences of the two colours' parts: below it shapes are hard to see.
  private static let leastContrast = 180.0

  private let kind: ShapeKind
  private let noise: Double
  private let radius: Double
  private let centre: (x: Double, y: Double)
  private let angle: Double
  private let foreground: [Double]
  private let background: [Double]

  /// Draws the lots.
  init(_ kind: ShapeKind, noise: Double, _ stream: inout RandomStream) {
    self.kind = kind
    self.noise = noise
    let side = Double(Self.side)
    radius = stream.uniform(0.25, 0.48) * side
    centre = (stream.uniform(radius, side - radius), stream.uniform(radius, side - radius))
    angle = stream.uniform(0, 2 * .pi)
    let ground = Self.colour(&stream)
    var colour = Self.colour(&stream)
    while zip(colour, ground).reduce(0, { $0 + abs($1.0 - $1.1) }) < Self.leastContrast {
      colour = Self.colour(&stream)
    }
    background = ground
    foreground = colour
  }

  /// Writes `[3, side, side]` bytes.
  func draw(into pixels: UnsafeMutableBufferPointer<UInt8>, _ stream: inout RandomStream) {
    let plane = Self.side * Self.side
    let (cosine, sine) = (cos(angle) / radius, sin(angle) / radius)
    for row in 0..<Self.side {
      for column in 0..<Self.side {
        let coverage = coverage(row: row, column: column, cosine, sine)
        var word = stream.next()
        for channel in 0..<3 {
          let offset = (Double(word & 0xFFFF) / 0x8000 - 1) * noise
          word >>= 16
          let value = background[channel] + coverage * (foreground[channel] - background[channel]) + offset
          pixels[channel * plane + row * Self.side + column] = UInt8(max(0, min(255, value)))
        }
      }
    }
  }

  private func coverage(row: Int, column: Int, _ cosine: Double, _ sine: Double) -> Double {
    let down = Double(row) + 0.5 - centre.y
    let right = Double(column) + 0.5 - centre.x
    if right * right + down * down > (radius + 1) * (radius + 1) { return 0 }
    var covered = 0
    for sample in 0..<Self.samples * Self.samples {
      let x = right + offset(sample % Self.samples)
      let y = down + offset(sample / Self.samples)
      if kind.covers(cosine * x + sine * y, cosine * y - sine * x) { covered += 1 }
    }
    return Double(covered) / Double(Self.samples * Self.samples)
  }

  private static func colour(_ stream: inout RandomStream) -> [Double] { (0..<3).map { _ in stream.uniform(0, 256) } }

  private func offset(_ sample: Int) -> Double { (Double(sample) + 0.5) / Double(Self.samples) - 0.5 }
}
