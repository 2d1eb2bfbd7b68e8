import Execution
import Experiments
import Foundation
import Tensors

/// What a checkpoint holds besides tensors: all that the next step depends on, and what prediction needs to know of the
/// data.
struct TrainingState: Codable, Sendable {
  /// Steps done.
  var step = 0
  var stepsPerEpoch: Int
  /// Of the epoch under way: the sum over examples of the loss and of each metric.
  var sums: [Double]
  var summed = 0
  /// The validation loss that schedulers see.
  var lastValidation: Double?
  var bestScore: Double?
  /// The loss that went with it.
  var bestLoss: Double?
  var bestStep: Int?
  /// The last of each, by full name.
  var figures: [String: Double] = [:]
  /// What the recipe's observers, then the caller's, gave.
  var observers: [[UInt8]] = []
  /// Which kernels compute the steps; nil where there was nothing to choose, as in an older Fledge.
  var choices: KernelChoices?
  /// As it is trained, with what was changed at a resumption.
  var recipe: String
  var classNames: [String]?
  /// Of one example as the dataset gives it.
  var inputShape: Shape

  /// Whole epochs done.
  var epoch: Int { step / stepsPerEpoch }

  /// The kernels of the run, and no others.
  var kernels: KernelSelection { KernelSelection(known: choices ?? KernelChoices()) }

  func encoded() throws -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    encoder.nonConformingFloatEncodingStrategy = Self.words
    return [UInt8](try encoder.encode(self))
  }

  init(decoding bytes: [UInt8], run: String, step: Int) throws {
    let decoder = JSONDecoder()
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
      positiveInfinity: "infinity", negativeInfinity: "-infinity", nan: "nan")
    do {
      self = try decoder.decode(Self.self, from: Data(bytes))
    } catch {
      throw OrchestratorError.badCheckpoint(run: run, step: step, reason: "its state cannot be read: \(error)")
    }
  }

  init(_ pipeline: Pipeline, stepsPerEpoch: Int) {
    self.stepsPerEpoch = stepsPerEpoch
    sums = Array(repeating: 0, count: 1 + pipeline.parts.metrics.count)
    recipe = pipeline.recipe.yaml
    classNames = pipeline.data.train.classNames
    inputShape = pipeline.preprocessing.inputShape
  }

  private static let words = JSONEncoder.NonConformingFloatEncodingStrategy.convertToString(
    positiveInfinity: "infinity", negativeInfinity: "-infinity", nan: "nan")
}
