import Augmentations
import Datasets
import Initializers
import Observers
import Preprocessors
import Registry
import Schedulers
import Synchronization
import Tensors

/// A number that changes whenever it is asked for: what a part must not depend on.
private final class Calls: Sendable {
  private static let count = Atomic(0)
  static func next() -> Int { count.add(1, ordering: .relaxed).newValue }
}

/// Counts how often one preprocessor was applied.
private final class Applications: Sendable {
  private let count = Atomic(0)
  func next() -> Float { Float(count.add(1, ordering: .relaxed).newValue) }
}

/// Each breaks one law.
struct Unsteady: Initializer {
  static let name = "unsteady"
  static let summary = "not from the stream"
  static let reference = "none"
  func callAsFunction(_ shape: Shape, _ fan: Fan, _ stream: inout RandomStream) -> Tensor {
    Tensor(shape) { _ in Double(Calls.next()) }
  }
}

struct Sinking: Scheduler {
  static let name = "sinking"
  static let summary = "falls below zero after the last step"
  static let reference = "none"
  func rate(at context: ScheduleContext) -> Double {
    context.baseRate * (1 - Double(context.step) / Double(max(1, context.totalSteps)))
  }
}

struct Dividing: Scheduler {
  static let name = "dividing"
  static let summary = "cannot do without steps"
  static let reference = "none"
  func rate(at context: ScheduleContext) -> Double {
    context.baseRate / Double(context.totalSteps)
  }
}

struct Counting: Scheduler {
  static let name = "counting"
  static let summary = "counts how often it is asked"
  static let reference = "none"
  func rate(at context: ScheduleContext) -> Double { Double(Calls.next()) }
}

struct Transposing: Augmentation {
  static let name = "transposing"
  static let summary = "height and width exchanged"
  static let reference = "none"
  func callAsFunction(_ image: Image, _ context: inout AugmentationContext) -> Image {
    Image(channels: image.channels, height: image.width, width: image.height, pixels: image.pixels)
  }
}

struct Glaring: Augmentation {
  static let name = "glaring"
  static let summary = "brighter than white"
  static let reference = "none"
  func callAsFunction(_ image: Image, _ context: inout AugmentationContext) -> Image {
    var image = image
    image.pixels = image.pixels.map { $0 + 10 }
    return image
  }
}

struct Moody: Augmentation {
  static let name = "moody"
  static let summary = "not from the stream"
  static let reference = "none"
  func callAsFunction(_ image: Image, _ context: inout AugmentationContext) -> Image {
    var image = image
    if !image.pixels.isEmpty { image.pixels[0] = Float(Calls.next() % 200) }
    return image
  }
}

/// A preprocessor that adds one number, however it comes by it.
struct Adding: FittedPreprocessor {
  var statistics: [String: Tensor] = [:]
  var added: @Sendable () -> Float = { 0 }
  var shape: @Sendable (Shape) -> Shape = { $0 }
  func outputShape(for input: Shape) throws -> Shape { shape(input) }
  func apply(to values: inout [Float], shape: Shape) {
    let added = added()
    values = values.map { $0 + added }
  }
}

struct Forgetful: Preprocessor {
  static let name = "forgetful"
  static let summary = "keeps its number to itself"
  static let reference = "none"
  func fitted(to training: TrainingInputs) throws -> any FittedPreprocessor { Adding(added: { 3 }) }
  func restored(from statistics: [String: Tensor]) throws -> any FittedPreprocessor { Adding() }
}

struct Misshapen: Preprocessor {
  static let name = "misshapen"
  static let summary = "says another shape"
  static let reference = "none"
  func fitted(to training: TrainingInputs) throws -> any FittedPreprocessor { Self.wrong }
  func restored(from statistics: [String: Tensor]) throws -> any FittedPreprocessor { Self.wrong }
  private static let wrong = Adding(shape: { Shape($0.sizes + [2]) })
}

struct Drinking: Preprocessor {
  static let name = "drinking"
  static let summary = "learns whenever it is applied"
  static let reference = "none"
  func fitted(to training: TrainingInputs) throws -> any FittedPreprocessor { adding() }
  func restored(from statistics: [String: Tensor]) throws -> any FittedPreprocessor { adding() }
  private func adding() -> Adding {
    let applications = Applications()
    return Adding(added: { applications.next() })
  }
}

struct Rooted: Preprocessor {
  static let name = "rooted"
  static let summary = "the root of what an example has above the least that training saw"
  static let reference = "none"
  func fitted(to training: TrainingInputs) throws -> any FittedPreprocessor {
    var least = Float.greatestFiniteMagnitude
    try training.forEach { least = min(least, $0.min() ?? 0) }
    return try restored(from: ["least": Tensor(Double(least))])
  }
  func restored(from statistics: [String: Tensor]) throws -> any FittedPreprocessor {
    Root(statistics: statistics)
  }
  private struct Root: FittedPreprocessor {
    let statistics: [String: Tensor]
    func outputShape(for input: Shape) throws -> Shape { input }
    func apply(to values: inout [Float], shape: Shape) {
      let least = statistics["least"]?.floats[0] ?? 0
      // Without training examples, the least is above all numbers.
      values = values.map { (least > 1e30 ? 0 : $0 - least).squareRoot() }
    }
  }
}

struct Averaging: Preprocessor {
  static let name = "averaging"
  static let summary = "divides by the number of examples"
  static let reference = "none"
  func fitted(to training: TrainingInputs) throws -> any FittedPreprocessor {
    try restored(from: ["share": Tensor(1 / Double(training.count))])
  }
  func restored(from statistics: [String: Tensor]) throws -> any FittedPreprocessor {
    let share = statistics["share"]?.floats[0] ?? 0
    return Adding(statistics: statistics, added: { share })
  }
}

struct Rolling: Dataset {
  static let name = "rolling"
  static let summary = "other labels each time"
  static let reference = "none"
  func load(_ context: DatasetContext) throws -> DatasetSplits {
    DatasetSplits(train: examples(labels: [Calls.next() % 1000], names: nil), test: nil)
  }
}

struct Mislabelled: Dataset {
  static let name = "mislabelled"
  static let summary = "a label without a class"
  static let reference = "none"
  func load(_ context: DatasetContext) throws -> DatasetSplits {
    DatasetSplits(train: examples(labels: [0, 1, 2], names: ["a", "b"]), test: nil)
  }
}

struct Smeared: Dataset {
  static let name = "smeared"
  static let summary = "adds to a row whenever it is read into another"
  static let reference = "none"
  func load(_ context: DatasetContext) throws -> DatasetSplits {
    var whole = examples(labels: [0, 1, 1, 0], names: ["a", "b"])
    whole.inputs = Smearing(rows: whole.inputs)
    return DatasetSplits(train: whole, test: nil)
  }
  private struct Smearing: ExampleSource {
    let rows: any ExampleSource
    var shape: Shape { rows.shape }
    var elementType: ElementType { rows.elementType }
    func copyRow(_ index: Int, into values: inout [Float]) throws {
      let before = values
      try rows.copyRow(index, into: &values)
      for position in before.indices { values[position] += before[position] }
    }
  }
}

struct Boundless: Dataset {
  static let name = "boundless"
  static let summary = "does not keep to its limit"
  static let reference = "none"
  @Parameter("keep only so many", in: 1...) var limit: Int? = nil
  func load(_ context: DatasetContext) throws -> DatasetSplits {
    DatasetSplits(train: examples(labels: Array(repeating: 0, count: 50), names: ["a"]), test: nil)
  }
}

struct Secluded: Dataset {
  static let name = "secluded"
  static let summary = "does not say what it lacks"
  static let reference = "none"
  func load(_ context: DatasetContext) throws -> DatasetSplits { throw DatasetError(.missing, "no") }
}

private func examples(labels: [Int], names: [String]?) -> Examples {
  let inputs = Tensor([labels.count, 2]) { Double($0) }
  let targets = Tensor([labels.count]) { Double(labels[$0]) }
  return Examples(inputs: inputs, targets: targets, classNames: names) ?? examples(labels: labels, names: names)
}

struct Amnesiac: Observer {
  static let name = "amnesiac"
  static let summary = "ends the run after five epochs, and keeps no count"
  static let reference = "none"
  func makeObserver(figures: RunFigures) -> any TrainingObserver { Watcher() }

  private final class Watcher: TrainingObserver {
    private var epochs = 0
    func observe(_ event: TrainingEvent) -> TrainingDecision {
      if case .epochEnded = event { epochs += 1 }
      return epochs < 5 ? .goOn : .stop(reason: "five epochs")
    }
  }
}

struct Whimsical: Observer {
  static let name = "whimsical"
  static let summary = "gives another reason every time"
  static let reference = "none"
  func makeObserver(figures: RunFigures) -> any TrainingObserver { Watcher() }

  private final class Watcher: TrainingObserver {
    func observe(_ event: TrainingEvent) -> TrainingDecision {
      if case .epochEnded = event { .stop(reason: "call \(Calls.next())") } else { .goOn }
    }
  }
}

struct Selective: Observer {
  static let name = "selective"
  static let summary = "watches a figure that no run has"
  static let reference = "none"
  func makeObserver(figures: RunFigures) throws -> any TrainingObserver {
    throw FigureError.unknown("train.joy", asker: Self.name, existing: figures.all.map(\.name))
  }
}

struct Squeamish: Observer {
  static let name = "squeamish"
  static let summary = "cannot bear a loss that is no number"
  static let reference = "none"
  func makeObserver(figures: RunFigures) -> any TrainingObserver { Watcher() }

  private final class Watcher: TrainingObserver {
    struct Disgust: Error {}
    func observe(_ event: TrainingEvent) throws -> TrainingDecision {
      if case .stepped(let report) = event, report.loss.isNaN { throw Disgust() }
      return .goOn
    }
  }
}
