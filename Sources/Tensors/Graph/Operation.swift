/// The primitives: everything that a graph can say. Switched over exhaustively in shape inference, gradients, every backend
/// and the exporters, so that the compiler lists what a new primitive still owes.
///
/// Images are `[batch, channels, height, width]`. Operands of elementwise primitives have equal shapes: broadcasts are nodes of
/// their own. Not every primitive is legal at every stage of a graph: see ``Graph/Stage``.
public enum Operation: Sendable, Hashable {
  // MARK: Sources
  /// What the caller passes at each run.
  case input(Int)
  /// The persistent variable's value before the step.
  case variable(Int)
  /// A scalar.
  case constant(Double)
  /// Each element's index along an axis.
  case iota(axis: Int)
  /// Numbers in [0, 1), new at each step, a function of seed, stream, step and position alone.
  case random(stream: UInt64)

  // MARK: Elementwise
  case unary(Unary)
  case binary(Binary)
  /// Where the first operand is not zero the second, elsewhere the third.
  case select
  /// The operand, as a constant to differentiation.
  case detach
  /// (x − mean)/√(variance + ε) of operands x, mean, variance; the last two have size one along `axes` and must be x's own
  /// moments over them: the derivative counts on it, which makes it one expression.
  case normalize(axes: [Int], epsilon: Double)

  // MARK: Reductions: the reduced axes stay, at size one
  case reduce(Reduction, axes: [Int])
  /// The index of the first maximum.
  case argumentOfMaximum(axis: Int)

  // MARK: Layout
  case reshape
  case broadcast
  case transpose([Int])
  case slice(starts: [Int], strides: [Int])
  case pad(low: [Int], high: [Int])
  case concatenate(axis: Int)
  /// Rows of the first operand chosen by the second (`[n]` → `[n, …]`); an index out of range reads zeros.
  case gatherRows
  /// The transpose of `gatherRows`: adds rows of the first operand into zeros at the second's indices.
  case scatterRows

  // MARK: Contractions
  /// The product of two matrices, each transposed first if so said.
  case matmul(transposeFirst: Bool, transposeSecond: Bool)
  /// Cross-correlation of images with filters `[outputs, inputs / groups, height, width]`.
  case convolution(Window)
  /// Operands: the gradient of the convolution's output, filters.
  case convolutionInputGradient(Window)
  /// Operands: the gradient of the convolution's output, images.
  case convolutionFilterGradient(Window)

  // MARK: Pooling
  case maxPool(Window)
  /// Operands: the gradient of the pool's output, images; a window's gradient goes to its first maximum.
  case maxPoolGradient(Window)
  /// The mean over the whole window, padding counted as zeros.
  case averagePool(Window)
  case averagePoolGradient(Window)

  // MARK: Memory
  /// The operand in this node's ``Layout``; in the operand's own, a copy of it. In planned graphs alone.
  case relayout

  // MARK: Effects
  /// Makes the operand the variable's value after the step.
  case assign(Int)

  public enum Unary: String, Sendable, CaseIterable {
    case negate, absolute, sign, floor, squareRoot, reciprocal, exponential, logarithm, exponentialMinusOne
    case logarithmOnePlus, tanh, sigmoid, errorFunction, sine, cosine
  }

  public enum Binary: String, Sendable, CaseIterable {
    case add, subtract, multiply, divide, maximum, minimum, power
    /// 1 where the relation holds, else 0.
    case less, equal
  }

  public enum Reduction: String, Sendable, CaseIterable, BitwiseCopyable {
    case sum, maximum
  }
}

extension Operation {
  /// Whether this is the constant −0, which equals the constant 0 and is not the same.
  package var isNegativeZero: Bool {
    if case .constant(let number) = self { number == 0 && number.sign == .minus } else { false }
  }
}

/// The sliding window of a convolution or pool; pairs are (height, width).
public struct Window: Sendable, Hashable {
  public struct Pair: Sendable, Hashable {
    public var height: Int
    public var width: Int

    public init(_ height: Int, _ width: Int) {
      self.height = height
      self.width = width
    }

    public init(_ both: Int) { self.init(both, both) }
  }

  public var kernel: Pair
  public var stride: Pair
  /// Rows above and columns to the left, and as many below and to the right.
  public var padding: Pair
  public var dilation: Pair
  /// Channels are split into so many groups that do not see each other.
  public var groups: Int

  public init(
    kernel: Pair, stride: Pair = Pair(1), padding: Pair = Pair(0), dilation: Pair = Pair(1), groups: Int = 1
  ) {
    self.kernel = kernel
    self.stride = stride
    self.padding = padding
    self.dilation = dilation
    self.groups = groups
  }

  /// Windows that fit into an image; zero or less if none does, or if this is no window.
  public func outputSize(height: Int, width: Int) -> Pair {
    func count(_ size: Int, _ kernel: Int, _ stride: Int, _ padding: Int, _ dilation: Int) -> Int {
      guard kernel > 0, stride > 0, padding >= 0, dilation > 0 else { return 0 }
      let padded = saturatingSum(size, saturatingProduct(2, padding))
      let reach = saturatingProduct(dilation, kernel - 1)
      return padded <= reach ? 0 : (padded - reach - 1) / stride + 1
    }
    return Pair(
      count(height, kernel.height, stride.height, padding.height, dilation.height),
      count(width, kernel.width, stride.width, padding.width, dilation.width))
  }
}
