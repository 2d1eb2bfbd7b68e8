import Registry
public import Tensors

public struct Sigmoid: Activation {
  public static let name = "sigmoid"
  public static let summary = "1/(1 + e^−x): between 0 and 1, gradient at most 1/4"
  public static let reference = "Rumelhart, Hinton, Williams 1986, Learning representations by back-propagating errors"

  public init() {}

  public func callAsFunction(_ x: Value) -> Value { x.sigmoid() }
  public var outputRange: OutputRange? { .unitInterval }
}
