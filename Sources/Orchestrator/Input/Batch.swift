import Augmentations
import Preprocessors
import Tensors

/// Examples made ready for a program.
struct Batch: Sendable {
  /// `[rows, …]`, floats.
  let inputs: Tensor
  /// Class indices or numbers, as floats.
  let targets: Tensor
  /// The examples; rows beyond them repeat the last one.
  let count: Int

  /// `[rows]`: 1 for an example, 0 for a row beyond them.
  var weights: Tensor {
    let count = count
    return Tensor([targets.shape[0]]) { $0 < count ? 1 : 0 }.converted(to: .float32)
  }
}

/// Makes batches: gathers, augments, preprocesses. Every batch is a function of its examples and the epoch alone.
struct BatchMaker: Sendable {
  private let examples: Examples
  private let preprocessing: Preprocessing
  private let augmentations: [any Augmentation]
  private let stream: RandomStream
  private let exampleStream: RandomStream

  init(_ examples: Examples, _ preprocessing: Preprocessing, augmentations: [any Augmentation] = [], seed: UInt64 = 0) {
    self.examples = examples
    self.preprocessing = preprocessing
    self.augmentations = augmentations
    stream = RandomStream(seed: seed, "augmentation")
    exampleStream = RandomStream(seed: seed, "augmentation of an example")
  }

  /// The examples at `indices`, padded to `rows` with the last one. Throws what their source throws.
  func batch(_ indices: some BidirectionalCollection<Int>, epoch: Int, rows: Int? = nil) throws -> Batch {
    let missing = max(0, (rows ?? indices.count) - indices.count)
    let chosen = Array(indices) + repeatElement(indices.reversed().first ?? 0, count: missing)
    let isPlain = augmentations.isEmpty && preprocessing.pipeline.isEmpty
    return Batch(
      inputs: isPlain ? try examples.inputs.rows(chosen) : try prepared(chosen, distinct: indices.count, epoch),
      targets: examples.targets.gathering(chosen).converted(to: .float32), count: indices.count)
  }

  /// The inputs of `indices`, augmented and preprocessed; those after the first `distinct` repeat the last of them.
  private func prepared(_ indices: [Int], distinct: Int, _ epoch: Int) throws -> Tensor {
    let size = preprocessing.outputShape.elementCount
    let stream = stream.substream(UInt64(epoch))
    var values: [Float] = []
    let pixels = try [Float](unsafeUninitializedCapacity: indices.count * size) { buffer, initialized in
      guard let base = buffer.baseAddress else { return }
      for (row, index) in indices[..<distinct].enumerated() {
        try examples.inputs.copyRow(index, into: &values)
        if !augmentations.isEmpty {
          let own = UInt64(index)
          augment(
            &values,
            AugmentationContext(
              epoch: epoch, stream: stream.substream(own), exampleStream: exampleStream.substream(own)))
        }
        preprocessing.pipeline.apply(to: &values, shape: preprocessing.inputShape)
        let (target, count) = (base + row * size, min(size, values.count))
        values.withUnsafeBufferPointer { values in
          if let source = values.baseAddress { target.initialize(from: source, count: count) }
        }
        (target + count).initialize(repeating: 0, count: size - count)
      }
      let last = base + max(0, distinct - 1) * size
      for row in distinct..<indices.count { (base + row * size).initialize(from: last, count: size) }
      initialized = indices.count * size
    }
    return Tensor(unchecked: Shape([indices.count] + preprocessing.outputShape.sizes), .float32(pixels))
  }

  private func augment(_ values: inout [Float], _ context: AugmentationContext) {
    let shape = preprocessing.inputShape
    var context = context
    // Swapped in and out, so that there is one owner and the parts work in the memory that there is.
    var image = Image(channels: shape[0], height: shape[1], width: shape[2], pixels: [])
    swap(&image.pixels, &values)
    for augmentation in augmentations { image = augmentation(consume image, &context) }
    swap(&image.pixels, &values)
  }
}
