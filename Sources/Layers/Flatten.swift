import Registry
public import Tensors

/// `[batch, …]` → `[batch, features]`.
public struct Flatten: Layer {
  public static let name = "flatten"
  public static let summary = "all numbers of an example in one row"
  public static let reference = "PyTorch's Flatten"

  public init() {}

  public func callAsFunction(_ x: Value, in scope: Scope) throws(ModelError) -> Value {
    guard x.shape.rank > 0 else { throw scope.error("expected a batch [batch, …], got a scalar") }
    return x.flattened()
  }
}
