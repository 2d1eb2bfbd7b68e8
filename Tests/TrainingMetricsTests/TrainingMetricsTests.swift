import Execution
import Registry
import Tensors
import TestSupport
import Testing
import TrainingMetrics

@Suite struct TrainingMetricsTests {
  @Test(
    "figures of three examples",
    arguments: [
      ("accuracy", [0.0, 1, 1], [1.0, 0, 0]), ("top-k(1)", [0, 1, 1], [1, 0, 0]), ("top-k(2)", [0, 1, 1], [1, 0, 1]),
      ("top-k", [0, 1, 1], [1, 1, 1]),
    ])
  func ofClasses(_ specification: String, _ targets: [Double], _ expected: [Double]) throws {
    // The last example's scores are equal: only the first of equals counts.
    let values = try run(specification, [3, 1, 2, 2, 1, 3, 5, 5, 5], targets, [3])
    #expect(values == expected, "\(specification)")
  }

  @Test(
    "errors are means over outputs",
    arguments: [("mean-absolute-error", [2.0, 1]), ("mean-squared-error", [14.0 / 3, 3])])
  func ofNumbers(_ specification: String, _ expected: [Double]) throws {
    let values = try run(specification, [1, 2, 3, 3, 0, 0], [0, 0, 0, 0, 0, 0], [2, 3])
    expectClose(values, expected, within: 1e-14, specification)
  }

  @Test func sharesAreToRiseAndErrorsToFall() {
    #expect(Accuracy().direction == .higher && TopK().direction == .higher)
    #expect(MeanAbsoluteError().direction == .lower && MeanSquaredError().direction == .lower)
  }

  @Test func shapesThatDoNotFitAreReported() {
    let trace = Trace()
    _ = Accuracy()(trace.input("prediction", [4, 10]), trace.input("target", [4, 10]))
    let error = #expect(throws: ShapeError.self) { try trace.check() }
    #expect(
      error?.description
        == "metric accuracy takes scores [batch, classes] and class indices [batch], not [4, 10] and [4, 10]")
  }

  private func run(_ specification: String, _ prediction: [Double], _ target: [Double], _ shape: Shape) throws
    -> [Double]
  {
    var registry = Registry()
    TrainingMetricsPlugin.register(in: &registry)
    try registry.validate()
    guard case .mean(let part) = try registry.make(specification, as: .metric, origin: "test").form else {
      Issue.record("\(specification) is not of single examples")
      return []
    }
    let predictionShape: Shape = [shape[0], prediction.count / shape[0]]
    let trace = Trace()
    trace.output(part(trace.input("prediction", predictionShape), trace.input("target", shape)), as: "figure")
    let program = try ReferenceBackend().makeSession(SessionOptions()).compile(trace.finish())
    let inputs = [Tensor(predictionShape) { prediction[$0] }, Tensor(shape) { target[$0] }]
    return try program.run(inputs, step: 0)[0].doubles
  }
}
