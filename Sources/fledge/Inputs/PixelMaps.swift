import Tensors

/// The images of a binary PGM or PPM file, one or several after another, `[channels, height, width]`, values 0 to 255.
struct PixelMaps {
  private(set) var images: [Tensor] = []
  private let contents: [UInt8]
  private let path: String
  private var position = 0

  /// Throws `CommandError` that names the place.
  init(_ contents: [UInt8], _ path: String) throws(CommandError) {
    self.contents = contents
    self.path = path
    while position < contents.count {
      images.append(try readImage())
      while position < contents.count, isSpace(contents[position]) { position += 1 }
    }
  }

  private mutating func readImage() throws(CommandError) -> Tensor {
    let magic = String(decoding: contents[position..<min(position + 2, contents.count)], as: UTF8.self)
    guard let channels = ["P5": 1, "P6": 3][magic] else {
      throw CommandError("\(path), byte \(position): expected a binary PGM (P5) or PPM (P6) image")
    }
    position += 2
    let width = try readNumber("width", 1...65_536)
    let height = try readNumber("height", 1...65_536)
    let greatest = try readNumber("greatest value", 1...255)
    guard position < contents.count, isSpace(contents[position]) else {
      throw CommandError("\(path), byte \(position): expected a space after the header")
    }
    position += 1
    let area = width * height
    guard contents.count - position >= area * channels else {
      throw CommandError(
        "\(path): an image of \(width)×\(height) needs \(area * channels) bytes, there are \(contents.count - position)"
      )
    }
    var pixels = [Float](repeating: 0, count: area * channels)
    let scale = 255 / Float(greatest)
    for channel in 0..<channels {
      for pixel in 0..<area {
        pixels[channel * area + pixel] = Float(contents[position + pixel * channels + channel]) * scale
      }
    }
    position += area * channels
    guard let image = Tensor([channels, height, width], .float32(pixels)) else {
      throw CommandError("\(path): an image has no pixels")
    }
    return image
  }

  /// The next number of the header, after spaces and comments.
  private mutating func readNumber(_ title: String, _ range: ClosedRange<Int>) throws(CommandError) -> Int {
    while position < contents.count {
      if contents[position] == UInt8(ascii: "#") {
        while position < contents.count, contents[position] != 10 { position += 1 }
      } else if isSpace(contents[position]) {
        position += 1
      } else {
        break
      }
    }
    let start = position
    while position < contents.count, (48...57).contains(contents[position]), position - start < 10 { position += 1 }
    let text = String(decoding: contents[start..<position], as: UTF8.self)
    guard let number = Int(text), range.contains(number) else {
      throw CommandError(
        "\(path), byte \(start): the \(title) must be \(range.lowerBound) to \(range.upperBound), found '\(text)'")
    }
    return number
  }

  private func isSpace(_ byte: UInt8) -> Bool { byte == 32 || (9...13).contains(byte) }
}
