import Tensors

/// Mean and variance of every feature, from examples that come one after another (Welford 1962), in Double.
struct Moments {
  private(set) var count = 0
  private(set) var mean: [Double]
  private var squares: [Double]

  /// The moments of `inputs`; nil if there are none. Throws what their source throws.
  init?(of inputs: TrainingInputs) throws {
    mean = Array(repeating: 0, count: inputs.shape.elementCount)
    squares = mean
    try inputs.forEach { add($0) }
    if count == 0 { return nil }
  }

  private mutating func add(_ values: [Float]) {
    count += 1
    let share = 1 / Double(count)
    values.withUnsafeBufferPointer { values in
      mean.withUnsafeMutableBufferPointer { mean in
        squares.withUnsafeMutableBufferPointer { squares in
          for index in 0..<min(values.count, mean.count) {
            let value = Double(values[index])
            let difference = value - mean[index]
            mean[index] += difference * share
            squares[index] += difference * (value - mean[index])
          }
        }
      }
    }
  }

  /// The standard deviation of the population; 1 for features that are constant, so that one may divide by it.
  var deviation: [Double] {
    squares.map { sum in
      let deviation = (sum / Double(count)).squareRoot()
      return deviation > Self.leastDeviation ? deviation : 1
    }
  }

  /// Below it, 1/deviation is not far from what Float32 cannot hold.
  private static let leastDeviation = 1e-30

  /// The moments of groups of neighbouring features taken together (Chan et al. 1979).
  func pooled(groups: Int) -> (mean: [Double], deviation: [Double]) {
    let size = mean.count / max(1, groups)
    var means: [Double] = []
    var deviations: [Double] = []
    for group in 0..<groups {
      let features = group * size..<(group + 1) * size
      let groupMean = mean[features].reduce(0, +) / Double(max(1, size))
      let variance = features.reduce(0.0) { sum, feature -> Double in
        let offset = mean[feature] - groupMean
        let square: Double = squares[feature] / Double(count) + offset * offset
        return sum + square / Double(size)
      }
      // Equal features whose mean is not exact in Double differ from it by rounding alone.
      let rounding = 0x1p-50 * abs(groupMean)
      means.append(groupMean)
      deviations.append(variance.squareRoot() > max(rounding, Self.leastDeviation) ? variance.squareRoot() : 1)
    }
    return (means, deviations)
  }
}
