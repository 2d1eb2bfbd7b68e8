import Registry
public import Tensors

public struct HardSwish: Activation {
  public static let name = "hard-swish"
  public static let summary = "x·min(max(x + 3, 0), 6)/6"
  public static let reference = "Howard et al. 2019, Searching for MobileNetV3"

  public init() {}

  public func callAsFunction(_ x: Value) -> Value { x * ((x + 3).clamped(0, 6) / 6) }
}
