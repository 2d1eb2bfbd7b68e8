public import Registry
public import Tensors

/// A random change of a training image that leaves its label true.
///
/// Laws: the size is kept; values stay in 0…255; the same stream gives the same image.
public protocol Augmentation: Component {
  /// The changed image, in the size of `image`.
  func callAsFunction(_ image: Image, stream: inout RandomStream) -> Image
}

extension Kind where Part == any Augmentation {
  public static var augmentation: Self { Kind("augmentation") }
}

extension Registry {
  public mutating func register(_ part: (some Augmentation).Type) { add(part, as: .augmentation) }
}

extension Image {
  /// The image whose pixel at (row, column) is this one's at `source(row, column)`; black where that lies outside.
  func rearranged(_ source: (_ row: Int, _ column: Int) -> (row: Int, column: Int)) -> Image {
    var result = Image(
      channels: channels, height: height, width: width, pixels: Array(repeating: 0, count: pixels.count))
    for row in 0..<height {
      for column in 0..<width {
        let (fromRow, fromColumn) = source(row, column)
        guard (0..<height).contains(fromRow), (0..<width).contains(fromColumn) else { continue }
        for channel in 0..<channels { result[channel, row, column] = self[channel, fromRow, fromColumn] }
      }
    }
    return result
  }
}
