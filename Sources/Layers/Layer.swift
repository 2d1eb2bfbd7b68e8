import Initializers
public import Registry
public import Tensors

/// A part of a model that may have parameters and running state, and may differ between training and inference.
///
/// Laws, each a check in `Conformance`: inputs that do not fit throw ``ModelError`` that names the remedy; the gradient is
/// that of the formula with respect to input and parameters; the same inputs, parameters and step give the same bits.
public protocol Layer: Transform {}

extension Kind where Part == any Transform {
  public static var layer: Self { Kind("layer", template: .layer) }
}

extension Registry {
  public mutating func register(_ part: (some Layer).Type) { add(part, as: .layer) }
}

extension Initializer {
  /// The part as a scope takes it.
  var initialization: Scope.Initialization { { shape, fan, stream in self(shape, fan, &stream) } }
}

extension Scope {
  /// Throws unless `x` is a batch of images.
  func checkImages(_ x: Value) throws(ModelError) {
    guard x.shape.rank == 4 else {
      let remedy = x.shape.rank == 2 ? "; add reshape(channels, height, width) before it" : ""
      throw error("expected 4 axes [batch, channels, height, width], got \(x.shape)\(remedy)")
    }
  }

  /// Throws unless a window fits into the images.
  func check(_ window: Window, fits x: Value) throws(ModelError) {
    let output = window.outputSize(height: x.shape[2], width: x.shape[3])
    guard output.height > 0, output.width > 0 else {
      throw error(
        "the window \(window) does not fit into images of \(x.shape[2])×\(x.shape[3]); "
          + "use a smaller window, more padding, or less pooling before it")
    }
  }
}

/// The greatest number that a size may be: products of three stay far from overflow.
let greatestSize = 1_048_576
/// The greatest extent of a window.
let greatestWindow = 4096
