import Execution
import Registry
import Tensors
import Testing
import TrainingMetrics

@Suite struct ConfusionMatrixTests {
  /// The example of scikit-learn's documentation of `confusion_matrix`: y_true = [2, 0, 2, 2, 0, 1] and
  /// y_pred = [0, 0, 2, 2, 0, 2] make [[2, 0, 0], [0, 0, 1], [1, 0, 2]].
  @Test func rowsAreTrueClassesAndColumnsPredictedOnes() throws {
    let (truth, predicted) = ([2, 0, 2, 2, 0, 1], [0, 0, 2, 2, 0, 2])
    let sums = try sums(truth, predicted, weights: Array(repeating: 1, count: 6))
    #expect(sums.shape == [3, 3] && sums.doubles == [2, 0, 0, 0, 0, 1, 1, 0, 2])
    let table = try #require(
      ConfusionMatrix().finish(sums, SplitContext(examples: 6, classNames: ["ant", "bird", "cat"])).tables.first)
    #expect(table.rowAxis == "true" && table.columnAxis == "predicted")
    #expect(table.rows == ["ant", "bird", "cat"] && table.columns == table.rows && table.values == sums.doubles)
    // Of other names than classes, numbers are used.
    let plain = ConfusionMatrix().finish(sums, SplitContext(examples: 6, classNames: ["ant"])).tables.first
    #expect(plain?.rows == ["0", "1", "2"])
  }

  @Test func rowsWithoutWeightDoNotCount() throws {
    let sums = try sums([2, 0, 2, 2, 2], [0, 0, 1, 1, 1], weights: [1, 1, 1, 0, 0])
    #expect(sums.doubles == [1, 0, 0, 0, 0, 0, 1, 1, 0])
  }

  @Test func shapesThatDoNotFitAreReported() {
    let trace = Trace()
    _ = ConfusionMatrix().sums(
      trace.input("prediction", [4, 10]), trace.input("target", [4, 10]), weights: trace.input("weights", [4]))
    let error = #expect(throws: ShapeError.self) { try trace.check() }
    #expect(error?.description.hasPrefix("metric confusion-matrix takes scores [batch, classes]") == true)
  }

  private func sums(_ truth: [Int], _ predicted: [Int], weights: [Double]) throws -> Tensor {
    let trace = Trace()
    let (prediction, target) = (trace.input("prediction", [truth.count, 3]), trace.input("target", [truth.count]))
    trace.output(
      ConfusionMatrix().sums(prediction, target, weights: trace.input("weights", [truth.count])), as: "sums")
    let program = try ReferenceBackend().makeSession(SessionOptions()).compile(trace.finish())
    return try program.run(
      [
        Tensor([truth.count, 3]) { $0 % 3 == predicted[$0 / 3] ? 2 : Double($0 % 2) },
        Tensor([truth.count]) { Double(truth[$0]) }, Tensor([truth.count]) { weights[$0] },
      ], step: 0)[0]
  }
}
