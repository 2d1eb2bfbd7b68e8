public import Tensors

/// What an augmentation knows besides the image: the epoch, and where its random numbers come from.
public struct AugmentationContext: Sendable {
  /// Epochs before this one.
  public let epoch: Int
  /// Numbers of this example in this epoch; the augmentations of a recipe draw from it in turn.
  public var stream: RandomStream
  /// Numbers of this example alone, the same in every epoch; each augmentation draws from a copy of its own.
  public let exampleStream: RandomStream

  public init(epoch: Int = 0, stream: RandomStream, exampleStream: RandomStream) {
    self.epoch = epoch
    self.stream = stream
    self.exampleStream = exampleStream
  }
}
