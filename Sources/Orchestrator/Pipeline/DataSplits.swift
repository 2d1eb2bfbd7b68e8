import Datasets
import Observers
import Tensors

/// The examples of a run: those to train on, those held out of them, and those to test on.
struct DataSplits: Sendable {
  let train: Examples
  let validation: Examples?
  let test: Examples?

  /// Holds out a part of the training examples, drawn by the seed; both parts keep the dataset's order.
  init(_ splits: consuming DatasetSplits, validation share: Double, seed: UInt64, dataset: String) throws {
    test = splits.test
    guard share > 0 else {
      guard splits.train.count > 0 else {
        throw OrchestratorError.emptySplit(dataset: dataset, examples: 0, validation: share)
      }
      train = splits.train
      validation = nil
      return
    }
    let count = splits.train.count
    let held = max(1, Int((share * Double(count)).rounded()))
    guard held < count else {
      throw OrchestratorError.emptySplit(dataset: dataset, examples: count, validation: share)
    }
    let targets = splits.train.targets
    try MachineMemory.check(
      targets.shape.elementCount * targets.elementType.size, for: "holding examples out for validation",
      remedy: "use fewer examples, or --validation 0")
    var stream = RandomStream(seed: seed, "validation split")
    let order = stream.permutation(count)
    validation = splits.train[order.prefix(held).sorted()]
    train = splits.train[order.dropFirst(held).sorted()]
  }

  subscript(split: Split) -> Examples? {
    switch split {
    case .train: train
    case .validation: validation
    case .test: test
    }
  }
}
