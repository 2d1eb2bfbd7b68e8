import Registry
public import Tensors

/// Scores `[batch, classes]`, class indices `[batch]` → `[batch]`.
public struct Hinge: Loss {
  public static let name = "hinge"
  public static let summary = "how far wrong classes come within the margin of the true one: the multi-class SVM"
  public static let formula = "Σ over j ≠ y of max(0, zⱼ − z_y + margin), each term squared if so said"
  public static let reference = "Weston & Watkins 1999, Support vector machines for multi-class pattern recognition"

  @Parameter("lead that the true class should have", in: .above(0)) public var margin = 1.0
  @Parameter("whether each term is squared") public var squared = false
  @Parameter("how the losses of a batch become the objective") public var reduction = LossReduction.mean

  public init() {}

  public func callAsFunction(_ prediction: Value, _ target: Value) -> Value {
    ofClasses(prediction, target) {
      let truth = target.oneHot(prediction.shape[1])
      let lacking = max(prediction - (truth * prediction).sum(over: [1]) + margin, 0) * (1 - truth)
      return (squared ? lacking.squared() : lacking).sum(over: [1]).reshaped([prediction.shape[0]])
    }
  }

  public func untrainedValue(classes: Int) -> Double? { Double(classes - 1) * (squared ? margin * margin : margin) }
  public var targetKind: TargetKind { .classes }
}
