import Activations
import Layers
import Losses
import Optimizers
import Registry
import Regularizers
import Tensors

/// Each breaks one law.
struct WrongGradient: Activation {
  static let name = "wrong-gradient"
  static let summary = "x², half of whose gradient is missing"
  static let reference = "none"
  func callAsFunction(_ x: Value) -> Value { x * x.detached() }
}

struct WrongShape: Activation {
  static let name = "wrong-shape"
  static let summary = "the sum of each example"
  static let reference = "none"
  func callAsFunction(_ x: Value) -> Value { x.sum(over: [1]) }
}

struct Halving: ScopedActivation {
  static let name = "halving"
  static let summary = "every other channel, without saying so"
  static let reference = "none"
  func callAsFunction(_ x: Value, in scope: Scope) throws(ModelError) -> Value {
    var (sizes, strides) = (x.shape, x.shape.sizes.map { _ in 1 })
    (sizes[1], strides[1]) = ((sizes[1] + 1) / 2, 2)
    return x.slice(from: strides.map { _ in 0 }, sizes: sizes, strides: strides)
  }
}

struct Overflowing: Activation {
  static let name = "overflowing"
  static let summary = "log(1 + e^x), written carelessly"
  static let reference = "none"
  func callAsFunction(_ x: Value) -> Value { (x.exponential() + 1).logarithm() }
}

struct Undocumented: Activation {
  static let name = "undocumented"
  static let summary = "scale·x"
  static let reference = "none"
  @Parameter("") var scale = 1.0
  func callAsFunction(_ x: Value) -> Value { scale * x }
}

struct BadDefault: Activation {
  static let name = "bad-default"
  static let summary = "scale·x"
  static let reference = "none"
  @Parameter("scale", in: 0...1) var scale = 2.0
  func callAsFunction(_ x: Value) -> Value { scale * x }
}

struct Contradictory: Activation {
  static let name = "contradictory"
  static let summary = "x between two bounds"
  static let reference = "none"
  static let example = "contradictory(low: -1)"
  @Parameter("lower bound") var low = 2.0
  @Parameter("upper bound") var high = 1.0
  func validate() throws {
    guard low <= high else { throw ArgumentError("low \(low) is above high \(high)", at: "low") }
  }
  func callAsFunction(_ x: Value) -> Value { min(max(x, low), high) }
}

struct BadExample: Activation {
  static let name = "bad-example"
  static let summary = "x"
  static let reference = "none"
  static let example = "bad-example(scale: 2)"
  func callAsFunction(_ x: Value) -> Value { x }
}

struct Fastidious: Layer {
  static let name = "fastidious"
  static let summary = "refuses everything"
  static let reference = "none"
  func callAsFunction(_ x: Value, in scope: Scope) throws(ModelError) -> Value { throw scope.error("not this") }
}

struct Careless: Layer {
  static let name = "careless"
  static let summary = "a matrix product without a look at the shape"
  static let reference = "none"
  func callAsFunction(_ x: Value, in scope: Scope) throws(ModelError) -> Value {
    x.matmul(scope.parameter("weight", [x.shape[1], 2]))
  }
}

struct TotalLoss: Loss {
  static let name = "total-loss"
  static let summary = "one number for the whole batch"
  static let reference = "none"
  func callAsFunction(_ prediction: Value, _ target: Value) -> Value { (prediction - target).squared().total() }
}

struct Overconfident: Loss {
  static let name = "overconfident"
  static let summary = "says that scores are probabilities"
  static let formula = "|z − y|"
  static let reference = "none"

  func callAsFunction(_ prediction: Value, _ target: Value) -> Value {
    (prediction - target).absolute().mean(over: [1]).reshaped([prediction.shape[0]])
  }

  func prediction(of output: Value, range: OutputRange?) -> Prediction { Prediction(output * 2, .probabilities) }
}

struct Boastful: Activation {
  static let name = "boastful"
  static let summary = "says that every number is a probability"
  static let reference = "none"

  func callAsFunction(_ x: Value) -> Value { 2 * x }
  var outputRange: OutputRange? { .unitInterval }
}

struct CarefulNot: Loss {
  static let name = "careful-not"
  static let summary = "the logarithm of a probability that may be zero"
  static let reference = "none"
  func callAsFunction(_ prediction: Value, _ target: Value) -> Value {
    (-target * prediction.sigmoid().logarithm()).mean(over: [1]).reshaped([prediction.shape[0]])
  }
}

struct BareNorm: Regularizer {
  static let name = "bare-norm"
  static let summary = "the norm, whose gradient at zero is 0/0"
  static let reference = "none"
  func callAsFunction(_ parameter: Value) -> Value { parameter.squared().total().squareRoot() }
}

struct Exhausted: Optimizer {
  static let name = "exhausted"
  static let summary = "the root of the steps that are left of five"
  static let reference = "none"
  @Parameter("learning rate", in: 0...) var rate = 0.1
  func callAsFunction(_ parameter: Value, gradient: Value, _ update: UpdateScope) -> Value {
    parameter - update.rate * (6 - update.step).squareRoot() * gradient
  }
}

struct FalseProphet: Loss {
  static let name = "false-prophet"
  static let summary = "an untrained value that is not so"
  static let reference = "none"
  func callAsFunction(_ prediction: Value, _ target: Value) -> Value {
    (prediction - target).squared().mean(over: [1]).reshaped([prediction.shape[0]])
  }
  func untrainedValue(classes: Int) -> Double? { 17 }
}

struct Ascending: Optimizer {
  static let name = "ascending"
  static let summary = "a step along the gradient"
  static let reference = "none"
  @Parameter("learning rate", in: 0...) var rate = 0.1
  func callAsFunction(_ parameter: Value, gradient: Value, _ update: UpdateScope) -> Value {
    parameter + update.rate * gradient
  }
}

struct Drifting: Optimizer {
  static let name = "drifting"
  static let summary = "moves without a gradient"
  static let reference = "none"
  @Parameter("learning rate", in: 0...) var rate = 0.1
  func callAsFunction(_ parameter: Value, gradient: Value, _ update: UpdateScope) -> Value {
    parameter * 0.99 - update.rate * gradient
  }
}

struct Secretive: Optimizer {
  static let name = "secretive"
  static let summary = "keeps a state that it does not declare"
  static let reference = "none"
  @Parameter("learning rate", in: 0...) var rate = 0.1
  func callAsFunction(_ parameter: Value, gradient: Value, _ update: UpdateScope) -> Value {
    let hidden = Variable(name: "hidden", shape: parameter.shape, role: .optimizerState)
    return parameter - update.rate * (gradient + parameter.trace.variable(hidden))
  }
}
