import Registry
public import Tensors

/// Scores `[batch, classes]`, class indices `[batch]` → a table of classes × classes.
///
/// Rows are true classes and columns predicted ones, as scikit-learn's `confusion_matrix` and torchmetrics'
/// `MulticlassConfusionMatrix` have them. Of equal scores the first counts.
public struct ConfusionMatrix: SplitMetric {
  public static let name = "confusion-matrix"
  public static let summary = "how many examples of each true class were taken for each class"
  public static let formula = "C[i, j] = number of examples of class i whose greatest score is that of class j"
  public static let reference = "Kohavi & Provost 1998, Glossary of terms; scikit-learn's confusion_matrix"

  public init() {}

  public func sums(_ prediction: Value, _ target: Value, weights: Value) -> Value {
    guard takesClasses(prediction, target) else { return prediction.trace.constant(0) }
    let (batch, classes) = (prediction.shape[0], prediction.shape[1])
    let truth = target.oneHot(classes) * weights.reshaped([batch, 1])
    return truth.transposed().matmul(prediction.argumentOfMaximum(axis: 1).oneHot(classes))
  }

  public func finish(_ sums: Tensor, _ context: SplitContext) -> SplitMeasurement {
    let classes = sums.shape[0]
    let names = context.classNames.flatMap { $0.count == classes ? $0 : nil } ?? (0..<classes).map(String.init)
    return SplitMeasurement(tables: [
      MetricTable(
        name: Self.name, rowAxis: "true", columnAxis: "predicted", rows: names, columns: names, values: sums.doubles)
    ])
  }
}
