public import Registry
public import Tensors

/// `[batch, …]` → `[batch, sizes…]`, row-major.
public struct Reshape: Layer {
  public static let name = "reshape"
  public static let summary = "the numbers of an example under other sizes"
  public static let reference = "PyTorch's Unflatten"

  @Parameter("sizes of an example, without the batch", each: 1..., example: [8]) public var sizes: [Int]

  public init() {}

  public func callAsFunction(_ x: Value, in scope: Scope) throws(ModelError) -> Value {
    guard x.shape.rank > 0 else { throw scope.error("expected a batch [batch, …], got a scalar") }
    let present = Shape(Array(x.shape.sizes.dropFirst())).elementCount
    let wanted = Shape(sizes).elementCount
    guard wanted == present else {
      throw scope.error(
        "cannot give the \(present) numbers of an example in \(x.shape) the sizes \(sizes), which hold \(wanted)")
    }
    return x.reshaped(Shape([x.shape[0]] + sizes))
  }
}
