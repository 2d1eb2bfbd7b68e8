public import Registry
public import Tensors

/// The first values of a weight.
///
/// Laws, each a check in `Conformance`: the shape is kept; every number is finite; the same stream gives the same bits.
public protocol Initializer: Component {
  /// A tensor of `shape`. `fan` is how many inputs and outputs the weight connects.
  func callAsFunction(_ shape: Shape, _ fan: Fan, _ stream: inout RandomStream) -> Tensor
}

extension Kind where Part == any Initializer {
  public static var initializer: Self {
    Kind("initializer", standard: "he-normal", example: "he-normal", template: .initializer)
  }
}

extension Registry {
  public mutating func register(_ part: (some Initializer).Type) { add(part, as: .initializer) }
}

extension Parameter where Value == any Initializer {
  public init(wrappedValue: Value, _ help: String) {
    self.init(wrappedValue: wrappedValue, help, kind: .initializer) { $0 }
  }
}

extension Parameter where Value == (any Initializer)? {
  public init(wrappedValue: Value, _ help: String) {
    self.init(wrappedValue: wrappedValue, help, kind: .initializer) { $0 }
  }
}
