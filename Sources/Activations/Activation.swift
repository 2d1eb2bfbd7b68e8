public import Registry
public import Tensors

/// A function of single numbers or along the channel axis, with nothing to learn: it is written as a formula alone.
///
/// What learns, draws random numbers, or changes the number of channels is a ``ScopedActivation``. Laws, each a check in
/// `Conformance`: the shape stays; the gradient is that of the formula; value and gradient of a finite number are finite.
public protocol Activation: Transform {
  /// The output, in the input's shape.
  func callAsFunction(_ x: Value) -> Value
}

extension Activation {
  public func callAsFunction(_ x: Value, in scope: Scope) throws(ModelError) -> Value { self(x) }
}

/// An activation that needs its place in the model: for parameters, for random numbers, or to tell training from inference.
///
/// It writes ``Transform``'s `callAsFunction(_:in:)` itself. Laws, each a check in `Conformance`: those of ``Activation``,
/// but that axis 1 may change its size where the part says so.
public protocol ScopedActivation: Transform {
  /// Whether the output may have another number of channels (of features, in rows). Default: false.
  static var changesChannels: Bool { get }
}

extension ScopedActivation {
  public static var changesChannels: Bool { false }
}

extension Kind where Part == any Transform {
  public static var activation: Self { Kind("activation", template: .activation) }
}

extension Registry {
  public mutating func register(_ part: (some Activation).Type) { add(part, as: .activation) }
  public mutating func register(_ part: (some ScopedActivation).Type) { add(part, as: .activation) }
}

extension Value {
  /// log(1 + eˣ) in a form that neither overflows nor has a kink: its gradient is exact everywhere, at zero too.
  func softplus() -> Value {
    let magnitude = absolute()
    return 0.5 * (self + magnitude) + (-magnitude).exponential().logarithmOnePlus()
  }

  /// The number brought into low…high.
  func clamped(_ low: Double, _ high: Double) -> Value { min(max(self, low), high) }

  /// The axis that softmax and its kin run along: channels of images, features of rows.
  var channelAxis: Int { shape.rank > 1 ? 1 : 0 }
}
