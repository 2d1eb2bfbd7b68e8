public import Registry
import Tensors

/// Inputs `[count, shape…]` of uniform noise as floats in [0, 1): to measure speed, with nothing to be learned.
public struct Synthetic: Dataset {
  public static let name = "synthetic"
  public static let summary = "noise of any shape, to measure speed with; needs no file"
  public static let formula = "inputs uniform in [0, 1); class n mod classes, or the inputs themselves as targets"
  public static let reference = "Fledge's own"

  @Parameter("sizes of an example; images are channels, height, width", each: 1..., example: [1, 28, 28])
  public var shape: [Int]
  @Parameter("training examples", in: 1...10_000_000) public var count = 1024
  @Parameter("classes; 0 makes the inputs the targets, as an autoencoder wants", in: 0...100_000) public var classes =
    10
  @Parameter("what the noise follows from", in: 0...) public var seed = 0
  @Parameter("keep only so many examples", in: 1...) public var limit: Int? = nil

  public init() {}

  public func load(_ context: DatasetContext) throws(DatasetError) -> DatasetSplits {
    let count = min(count, limit ?? count)
    let inputShape = Shape([count] + shape)
    try DatasetError.checkMemory(for: inputShape, .float32, remedy: "use a smaller count or shape")
    var stream = RandomStream(seed: UInt64(seed), "synthetic")
    let noise = stream.numbers(inputShape.elementCount, words: 1) { Float($0.uniform()) }
    guard let inputs = Tensor(inputShape, .float32(noise)) else {
      throw DatasetError(.countMismatch, "the noise does not fill \(inputShape)")
    }
    let labels = Tensor([count], .int32((0..<count).map { Int32($0 % max(1, classes)) }))
    let names = classes > 0 ? (0..<classes).map(String.init) : nil
    guard let targets = classes > 0 ? labels : inputs,
      let examples = Examples(inputs: inputs, targets: targets, classNames: names)
    else { throw DatasetError(.countMismatch, "inputs and targets differ in number") }
    return DatasetSplits(train: examples, test: nil)
  }
}
