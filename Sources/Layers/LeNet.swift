import Activations
public import Registry
public import Tensors

/// `[batch, channels, height, width]` → `[batch, classes]`; names its parts as the sequence does that it is.
///
/// The convolutions pad nothing, so that 28×28 images reach the dense layers as 64 channels of 12×12.
public struct LeNet: Layer {
  public static let name = "lenet"
  public static let summary =
    "conv 32, conv 64, max-pool, dropout ¼, dense 128, dropout ½, dense: a small network for digits"
  public static let reference = "after LeCun et al. 1998, Gradient-based learning; PyTorch's MNIST example"

  @Parameter("outputs", in: 1...greatestSize) public var classes = 10

  public init() {}

  public func callAsFunction(_ x: Value, in scope: Scope) throws(ModelError) -> Value {
    let parts: [any Transform] = [
      convolution(32), ReLU(), convolution(64), ReLU(), MaxPool(), Dropout(0.25),
      Flatten(), Dense(128), ReLU(), Dropout(0.5), Dense(classes),
    ]
    return try SequenceLayer(parts)(x, in: scope)
  }

  private func convolution(_ filters: Int) -> Conv {
    var layer = Conv(filters)
    layer.padding = .valid
    return layer
  }
}
