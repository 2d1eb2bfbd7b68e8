import Preprocessors
import Registry
import Tensors
import Testing

@Suite struct FittedPipelineTests {
  let images: Examples

  init() throws { images = try PreprocessorsTests.sample() }

  @Test func laterStagesAreFittedOnWhatEarlierOnesMake() throws {
    let pipeline = try FittedPipeline(fitting: make(["mean-image", "scale(51)", "channel-standardize"]), to: images)
    #expect(pipeline.statistics.keys.sorted() == ["0.mean", "2.deviation", "2.mean"])
    #expect(try pipeline.outputShape(for: images.inputShape) == images.inputShape)
    var values: [Float] = []
    var all: [Double] = []
    for index in 0..<images.count {
      try images.inputs.copyRow(index, into: &values)
      pipeline.apply(to: &values, shape: images.inputShape)
      all += values.map(Double.init)
    }
    let mean = all.reduce(0, +) / Double(all.count)
    let variance = all.reduce(0) { $0 + $1 * $1 } / Double(all.count)
    #expect(abs(mean) < 1e-5 && abs(variance - 1) < 1e-5, "mean \(mean), variance \(variance)")
  }

  @Test func aPipelineIsRestoredBitForBit() throws {
    let parts = try make(["scale", "standardize", "channel-mean"])
    let fitted = try FittedPipeline(fitting: parts, to: images)
    let restored = try FittedPipeline(
      restoring: parts, from: fitted.statistics, inputShape: images.inputShape)
    #expect(restored.statistics == fitted.statistics)
    for index in 0..<images.count {
      var (first, second) = (try PreprocessorsTests.row(images, index), try PreprocessorsTests.row(images, index))
      fitted.apply(to: &first, shape: images.inputShape)
      restored.apply(to: &second, shape: images.inputShape)
      #expect(first.map(\.bitPattern) == second.map(\.bitPattern), "example \(index)")
    }
  }

  @Test func anEmptyPipelineChangesNothing() throws {
    let pipeline = try FittedPipeline(fitting: [], to: images)
    var values = try PreprocessorsTests.row(images, 0)
    pipeline.apply(to: &values, shape: images.inputShape)
    #expect(try values == PreprocessorsTests.row(images, 0) && pipeline.statistics.isEmpty)
  }

  @Test(
    "errors",
    arguments: [
      (
        "channel-mean",
        "channel-mean: expected images [channels, height, width], got examples of shape [5]; "
          + "for rows of features use standardize"
      ),
      ("standardize", "standardize: there are no training examples to learn from"),
    ])
  func faults(_ name: String, _ message: String) throws {
    let rows = try #require(
      Examples(inputs: Tensor([0, 5]) { _ in 0 }, targets: Tensor([0]) { _ in 0 }, classNames: nil))
    let error = try #require(throws: PreprocessorError.self) { try FittedPipeline(fitting: make([name]), to: rows) }
    #expect("\(error)" == message)
  }

  @Test func otherShapesAndStatisticsAreRefused() throws {
    let mean = try make(["mean-image"])
    let fitted = try FittedPipeline(fitting: mean, to: images)
    func message(_ body: () throws -> Void) throws -> String {
      "\(try #require(throws: PreprocessorError.self, performing: body))"
    }
    #expect(
      try message { _ = try fitted.outputShape(for: [1, 28, 28]) }
        == "preprocessors: was fitted on examples of shape [2, 3, 4], got [1, 28, 28]")
    #expect(
      try message {
        _ = try FittedPipeline(restoring: mean, from: fitted.statistics, inputShape: [1, 28, 28])
      } == "mean-image: was fitted on examples of shape [2, 3, 4], got [1, 28, 28]")
    #expect(
      try message { _ = try FittedPipeline(restoring: mean, from: [:], inputShape: [1]) }
        == "mean-image: the stored statistics have no 'mean'; they have none")
    #expect(
      try message {
        let statistics = ["mean": Tensor([2]) { _ in 0 }, "deviation": Tensor([3]) { _ in 1 }]
        _ = try make(["standardize"])[0].restored(from: statistics)
      } == "standardize: the stored statistic 'deviation' has shape [3], expected [2]")
    let channels = try make(["channel-standardize"])[0].fitted(to: images)
    #expect(
      try message { _ = try channels.outputShape(for: [3, 3, 4]) }
        == "channel-standardize: was fitted on images of 2 channels, got 3")
  }

  private func make(_ specifications: [String]) throws -> [any Preprocessor] {
    try specifications.map { try PreprocessorsTests.registry().make($0, as: .preprocessor, origin: "test") }
  }
}
