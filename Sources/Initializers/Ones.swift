import Registry
public import Tensors

public struct Ones: Initializer {
  public static let name = "ones"
  public static let summary = "every number 1"
  public static let reference = "Ioffe & Szegedy 2015, Batch normalization (for scales)"

  public init() {}

  public func callAsFunction(_ shape: Shape, _ fan: Fan, _ stream: inout RandomStream) -> Tensor {
    Tensor(shape) { _ in 1 }
  }
}
