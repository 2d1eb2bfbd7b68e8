public import Registry
import Tensors

/// Which side of a weight a spread is kept on: `in` that of activations going forward, `out` that of gradients going back.
public enum FanSide: String, ParameterChoice {
  case `in`, out

  /// 2/((1 + slope²)·fan) (He et al. 2015, equations 10, 14 and 15).
  func variance(_ fan: Fan, slope: Double) -> Double {
    2 / ((1 + slope * slope) * Double(max(1, self == .in ? fan.input : fan.output)))
  }
}
