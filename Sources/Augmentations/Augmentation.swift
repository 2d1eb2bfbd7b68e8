public import Registry
public import Tensors

/// A random change of a training image that leaves its label true.
///
/// Laws: the size is kept; values stay in 0…255; the same context gives the same image, whatever thread asks.
public protocol Augmentation: Component {
  /// The changed image, in the size of `image`, whose memory it may take over.
  ///
  /// All random numbers come from `context`.
  func callAsFunction(_ image: consuming Image, _ context: inout AugmentationContext) -> Image
}

extension Kind where Part == any Augmentation {
  public static var augmentation: Self {
    Kind("augmentation", example: "random-crop(4), horizontal-flip", template: .augmentation)
  }
}

extension Registry {
  public mutating func register(_ part: (some Augmentation).Type) { add(part, as: .augmentation) }
}
