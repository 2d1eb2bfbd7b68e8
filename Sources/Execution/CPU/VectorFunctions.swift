import CKernels
import Tensors

/// The C functions of elementwise primitives, over a vector at a time.
typealias UnaryFunction =
  @convention(c) (UnsafeMutablePointer<Float>, UnsafePointer<Float>, Int) -> Void
typealias VectorVectorFunction =
  @convention(c) (UnsafeMutablePointer<Float>, UnsafePointer<Float>, UnsafePointer<Float>, Int) -> Void
typealias VectorScalarFunction =
  @convention(c) (UnsafeMutablePointer<Float>, UnsafePointer<Float>, Float, Int) -> Void
typealias ScalarVectorFunction =
  @convention(c) (UnsafeMutablePointer<Float>, Float, UnsafePointer<Float>, Int) -> Void
/// The second and the third operand each with a step, 1 or 0.
typealias MultiplyAddFunction =
  @convention(c) (
    UnsafeMutablePointer<Float>, UnsafePointer<Float>, UnsafePointer<Float>, Int32, UnsafePointer<Float>, Int32, Int
  ) -> Void
/// Rows, then elements of each.
typealias RowFunction =
  @convention(c) (UnsafeMutablePointer<Float>, UnsafePointer<Float>, UnsafePointer<Float>, Int, Int) -> Void

extension FusedLoop.MultiplyAdd {
  var function: MultiplyAddFunction {
    switch self {
    case .productPlus: fledge_multiply_add
    case .productMinus: fledge_multiply_subtract
    case .minusProduct: fledge_subtract_product
    }
  }
}

extension Operation.Unary {
  var function: UnaryFunction {
    switch self {
    case .negate: fledge_negate
    case .absolute: fledge_absolute
    case .sign: fledge_sign
    case .floor: fledge_floor
    case .squareRoot: fledge_square_root
    case .reciprocal: fledge_reciprocal
    case .exponential: fledge_exponential
    case .logarithm: fledge_logarithm
    case .exponentialMinusOne: fledge_expm1
    case .logarithmOnePlus: fledge_log1p
    case .tanh: fledge_tanh
    case .sigmoid: fledge_sigmoid
    case .errorFunction: fledge_erf
    case .sine: fledge_sine
    case .cosine: fledge_cosine
    }
  }
}

extension Operation.Binary {
  var vectorVector: VectorVectorFunction {
    switch self {
    case .add: fledge_add_vv
    case .subtract: fledge_subtract_vv
    case .multiply: fledge_multiply_vv
    case .divide: fledge_divide_vv
    case .maximum: fledge_maximum_vv
    case .minimum: fledge_minimum_vv
    case .power: fledge_power_vv
    case .less: fledge_less_vv
    case .equal: fledge_equal_vv
    }
  }

  var vectorScalar: VectorScalarFunction {
    switch self {
    case .add: fledge_add_vs
    case .subtract: fledge_subtract_vs
    case .multiply: fledge_multiply_vs
    case .divide: fledge_divide_vs
    case .maximum: fledge_maximum_vs
    case .minimum: fledge_minimum_vs
    case .power: fledge_power_vs
    case .less: fledge_less_vs
    case .equal: fledge_equal_vs
    }
  }

  var scalarVector: ScalarVectorFunction {
    switch self {
    case .add: fledge_add_sv
    case .subtract: fledge_subtract_sv
    case .multiply: fledge_multiply_sv
    case .divide: fledge_divide_sv
    case .maximum: fledge_maximum_sv
    case .minimum: fledge_minimum_sv
    case .power: fledge_power_sv
    case .less: fledge_less_sv
    case .equal: fledge_equal_sv
    }
  }

  /// The second operand is a row that repeats.
  var vectorRow: RowFunction {
    switch self {
    case .add: fledge_add_vr
    case .subtract: fledge_subtract_vr
    case .multiply: fledge_multiply_vr
    case .divide: fledge_divide_vr
    case .maximum: fledge_maximum_vr
    case .minimum: fledge_minimum_vr
    case .power: fledge_power_vr
    case .less: fledge_less_vr
    case .equal: fledge_equal_vr
    }
  }

  /// The first operand is a row that repeats.
  var rowVector: RowFunction {
    switch self {
    case .add: fledge_add_rv
    case .subtract: fledge_subtract_rv
    case .multiply: fledge_multiply_rv
    case .divide: fledge_divide_rv
    case .maximum: fledge_maximum_rv
    case .minimum: fledge_minimum_rv
    case .power: fledge_power_rv
    case .less: fledge_less_rv
    case .equal: fledge_equal_rv
    }
  }
}
