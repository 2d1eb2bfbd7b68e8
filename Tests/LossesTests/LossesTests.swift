import Execution
import Foundation
import Losses
import Registry
import Tensors
import TestSupport
import Testing

@Suite struct LossesTests {
  static let scores = [2.0, -1, 0.5, 0.1, 0.2, 3]
  static let classes = [0.0, 1]
  static let numbers = [1.0, 0, 1, 0.5, 2, 0]

  /// Values of PyTorch 2.15 in Float64, without reduction over the batch.
  @Test(
    "values agree with PyTorch",
    arguments: [
      ("softmax-cross-entropy", classes, [0.2413113, 2.9096015]),
      ("softmax-cross-entropy(label-smoothing: 0.3)", classes, [0.6913113, 2.6396015]),
      ("hinge", classes, [0, 4.7]),
      ("hinge(2, squared: true)", classes, [0.25, 26.65]),
      ("mean-squared-error", numbers, [0.75, 4.1333333]),
      ("mean-absolute-error", numbers, [0.8333333, 1.7333333]),
      ("binary-cross-entropy", numbers, [0.3047556, 1.3803743]),
      ("huber", numbers, [0.375, 1.2933333]),
      ("huber(0.5)", numbers, [0.2916667, 0.7433333]),
    ])
  func values(_ specification: String, _ targets: [Double], _ expected: [Double]) throws {
    let part = try registry().make(specification, as: .loss, origin: "test")
    #expect((part.targetKind == .classes) == (targets.count == 2))
    let values = try run(part, Self.scores, [2, 3], targets)
    expectClose(values, expected, within: 1e-6, specification)
  }

  @Test(
    "a model that knows nothing has the loss that is foretold",
    arguments: ["softmax-cross-entropy", "softmax-cross-entropy(0.2)", "hinge", "hinge(2, squared: true)"])
  func untrained(_ specification: String) throws {
    let part = try registry().make(specification, as: .loss, origin: "test")
    let values = try run(part, Array(repeating: 0, count: 20), [2, 10], [3, 7])
    let foretold = try #require(part.untrainedValue(classes: 10))
    expectClose(values, [foretold, foretold], within: 1e-12, specification)
  }

  @Test func untrainedValuesAreThePublishedOnes() {
    #expect(SoftmaxCrossEntropy().untrainedValue(classes: 10) == log(10))
    #expect(Hinge().untrainedValue(classes: 10) == 9)
    #expect(BinaryCrossEntropy().untrainedValue(classes: 10) == log(2))
    #expect(MeanSquaredError().untrainedValue(classes: 10) == nil)
  }

  @Test("great scores give finite losses", arguments: ["softmax-cross-entropy", "hinge"])
  func greatScores(_ specification: String) throws {
    let part = try registry().make(specification, as: .loss, origin: "test")
    let values = try run(part, [1e4, -1e4, 0, 1e4, -1e4, 0], [2, 3], [1, 0])
    #expect(values.count == 2 && values.allSatisfy { $0.isFinite }, "\(values)")
  }

  @Test("shapes that do not fit are reported")
  func shapes() throws {
    func problem(_ part: some Loss, _ prediction: Shape, _ target: Shape) -> String? {
      let trace = Trace()
      let value = part(trace.input("prediction", prediction), trace.input("target", target))
      #expect(value.shape == [prediction[0]])
      return #expect(throws: ShapeError.self) { try trace.check() }?.description
    }
    #expect(
      problem(MeanSquaredError(), [128, 10], [128])
        == "loss mean-squared-error takes targets of the prediction's shape: the prediction is [128, 10], "
        + "the target [128]; for class indices use softmax-cross-entropy")
    #expect(
      problem(SoftmaxCrossEntropy(), [128, 10, 4, 4], [128])
        == "loss softmax-cross-entropy takes a score a class, [batch, classes], not [128, 10, 4, 4]: "
        + "end the model with flatten, dense(classes)")
    #expect(
      problem(Hinge(), [128, 10], [128, 10])
        == "loss hinge takes a class index an example, [128], not targets of [128, 10]")
  }

  @Test func aColumnOfPredictionsTakesTargetsWithoutTheColumn() throws {
    let part = MeanSquaredError()
    let trace = Trace()
    trace.output(part(trace.input("prediction", [3, 1]), trace.input("target", [3])), as: "loss")
    let program = try ReferenceBackend().makeSession(SessionOptions()).compile(trace.finish())
    let loss = try program.run([Tensor([3, 1]) { Double($0) }, Tensor([3]) { _ in 1 }], step: 0)
    #expect(loss[0] == Tensor([3]) { [1, 0, 1][$0] })
  }

  private func registry() throws -> Registry {
    var registry = Registry()
    LossesPlugin.register(in: &registry)
    try registry.validate()
    return registry
  }

  private func run(_ part: any Loss, _ prediction: [Double], _ shape: Shape, _ target: [Double]) throws -> [Double] {
    let trace = Trace()
    let targetShape = target.count == shape[0] ? [shape[0]] : shape
    trace.output(part(trace.input("prediction", shape), trace.input("target", targetShape)), as: "loss")
    let program = try ReferenceBackend().makeSession(SessionOptions()).compile(trace.finish())
    let inputs = [Tensor(shape) { prediction[$0] }, Tensor(targetShape) { target[$0] }]
    return try program.run(inputs, step: 0)[0].doubles
  }
}
