public import Registry
public import Tensors

/// A random change of a training image that leaves its label true.
///
/// Laws: the size is kept; values stay in 0…255; the same stream gives the same image.
public protocol Augmentation: Component {
  /// The changed image, in the size of `image`, whose memory it may take over.
  func callAsFunction(_ image: consuming Image, stream: inout RandomStream) -> Image
}

extension Kind where Part == any Augmentation {
  public static var augmentation: Self {
    Kind("augmentation", example: "random-crop(4), horizontal-flip", template: .augmentation)
  }
}

extension Registry {
  public mutating func register(_ part: (some Augmentation).Type) { add(part, as: .augmentation) }
}
