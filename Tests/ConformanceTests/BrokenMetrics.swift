import Registry
import Tensors
import TrainingMetrics

/// Each breaks one law.
struct Undefined: MeanMetric {
  static let name = "undefined"
  static let summary = "the difference over itself, without a look at equal numbers"
  static let reference = "none"
  var direction: MetricDirection { .higher }
  func callAsFunction(_ prediction: Value, _ target: Value) -> Value {
    guard prediction.shape == target.shape else {
      prediction.trace.report(ShapeError("metric undefined takes targets of the prediction's shape"))
      return prediction
    }
    let difference = (prediction - prediction).sum(over: [1])
    return (difference / difference).reshaped([prediction.shape[0]])
  }
}

/// The number of hits, by whatever weights and in whatever way a broken part counts them.
private func hits(_ prediction: Value, _ target: Value) -> Value { Accuracy()(prediction, target) }

struct Averages: SplitMetric {
  static let name = "averages"
  static let summary = "means of batches instead of sums"
  static let reference = "none"
  func sums(_ prediction: Value, _ target: Value, weights: Value) -> Value {
    let hits = hits(prediction, target)
    return (hits * weights.reshaped(hits.shape)).total() / weights.total()
  }
  func finish(_ sums: Tensor, _ context: SplitContext) -> SplitMeasurement { SplitMeasurement() }
}

struct Heedless: SplitMetric {
  static let name = "heedless"
  static let summary = "counts rows that only fill up"
  static let reference = "none"
  func sums(_ prediction: Value, _ target: Value, weights: Value) -> Value { hits(prediction, target).total() }
  func finish(_ sums: Tensor, _ context: SplitContext) -> SplitMeasurement { SplitMeasurement() }
}

struct Outspoken: SplitMetric {
  static let name = "outspoken"
  static let summary = "gives a figure that it does not declare"
  static let reference = "none"
  func sums(_ prediction: Value, _ target: Value, weights: Value) -> Value {
    (hits(prediction, target) * weights).total()
  }
  func finish(_ sums: Tensor, _ context: SplitContext) -> SplitMeasurement {
    SplitMeasurement(figures: ["share": sums.doubles[0] / Double(context.examples)])
  }
}

struct Hollow: SplitMetric {
  static let name = "hollow"
  static let summary = "a table of hits over the examples of a class, of which there may be none"
  static let reference = "none"
  func sums(_ prediction: Value, _ target: Value, weights: Value) -> Value {
    Indivisible().sums(prediction, target, weights: weights)
  }
  func finish(_ sums: Tensor, _ context: SplitContext) -> SplitMeasurement {
    let share = sums.doubles[0] / sums.doubles[1]
    return SplitMeasurement(tables: [
      MetricTable(
        name: "shares", rowAxis: "class", columnAxis: "share", rows: ["a"], columns: ["hits"], values: [share])
    ])
  }
}

struct Indivisible: SplitMetric {
  static let name = "indivisible"
  static let summary = "hits of a class over its examples, of which there may be none"
  static let reference = "none"
  var figures: [(name: String, direction: MetricDirection)] { [("", .higher)] }
  func sums(_ prediction: Value, _ target: Value, weights: Value) -> Value {
    let hits = hits(prediction, target) * weights
    let isFirst = target .== target.trace.constant(0).broadcast(to: target.shape)
    return (hits * isFirst).total().reshaped([1]).concatenated(
      with: [(isFirst * weights).total().reshaped([1])], axis: 0)
  }
  func finish(_ sums: Tensor, _ context: SplitContext) -> SplitMeasurement {
    SplitMeasurement(figures: ["": sums.doubles[0] / sums.doubles[1]])
  }
}
