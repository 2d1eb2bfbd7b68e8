/// One image in host memory, `[channels, height, width]`, as augmentations see it; values 0 to 255.
public struct Image: Sendable, Equatable {
  public let channels: Int
  public let height: Int
  public let width: Int
  /// `channels × height × width` values, row-major.
  public var pixels: [Float]

  public init(channels: Int, height: Int, width: Int, pixels: [Float]) {
    self.channels = channels
    self.height = height
    self.width = width
    self.pixels = pixels
  }

  /// The value of a pixel that is known to exist.
  public subscript(channel: Int, row: Int, column: Int) -> Float {
    get { pixels[(channel * height + row) * width + column] }
    set { pixels[(channel * height + row) * width + column] = newValue }
  }
}
