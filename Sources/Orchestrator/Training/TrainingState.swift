import Observers
import Execution
import Experiments
import Foundation
import Tensors

/// What a checkpoint holds besides tensors: all that the next step depends on, and what prediction needs to know of the
/// data.
struct TrainingState: Codable, Sendable {
  static let currentVersion = 1

  /// Of this layout; nil in a state of version 0.1.0, whose sums and observers go by position.
  var version: Int? = currentVersion
  /// Steps done.
  var step = 0
  var stepsPerEpoch: Int
  /// Of the epoch under way: the sum over examples of the loss and of each metric.
  var sums: [Named<Double>]
  var summed = 0
  /// What these examples count in the sum of the loss; nil before there were weighted losses, where each counts one.
  var lossWeight: Double?
  /// The figure that says which checkpoint is best; nil as version 0.1.0 wrote it.
  var monitored: String?
  var bestScore: Double?
  /// The loss that went with it.
  var bestLoss: Double?
  var bestStep: Int?
  /// The learning rate of the last step; nil as older Fledges wrote it.
  var rate: Double?
  /// The last of each, by full name.
  var figures: [String: Double] = [:]
  /// What schedulers see: of each figure that is watched, one number an epoch.
  var histories: [String: [Double]]?
  /// What the observers gave: the recipe's by their specifications, the caller's by their types.
  var observers: [Named<[UInt8]>] = []
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
    func misfit(_ reason: String) -> OrchestratorError { .badCheckpoint(run: run, step: step, reason: reason) }
    do {
      if let version = try decoder.decode(Layout.self, from: Data(bytes)).version, version > Self.currentVersion {
        throw misfit(
          "its state has layout \(version), and this Fledge knows them to \(Self.currentVersion); use a newer one")
      }
      self = try decoder.decode(Self.self, from: Data(bytes))
    } catch let error as DecodingError {
      throw misfit("its state cannot be read: \(error)")
    }
  }

  /// What can be read of every layout.
  private struct Layout: Decodable {
    let version: Int?
  }

  init(_ pipeline: Pipeline, stepsPerEpoch: Int) {
    self.stepsPerEpoch = stepsPerEpoch
    sums = pipeline.parts.metrics.stepFigures.map { Named($0.name, 0) }
    recipe = pipeline.recipe.yaml
    classNames = pipeline.data.train.classNames
    inputShape = pipeline.preprocessing.inputShape
  }

  private static let words = JSONEncoder.NonConformingFloatEncodingStrategy.convertToString(
    positiveInfinity: "infinity", negativeInfinity: "-infinity", nan: "nan")
}

extension TrainingState {
  /// Counts a batch's means into the sums of the epoch under way.
  mutating func count(_ result: StepResult, examples: Int) {
    func add(_ name: String, _ mean: Double, weight: Double) {
      guard let index = sums.firstIndex(where: { $0.name == name }) else { return }
      sums[index].value += mean * weight
    }
    let weight = result.lossWeight ?? Double(examples)
    add("loss", result.loss, weight: weight)
    for metric in result.metrics { add(metric.name, metric.value, weight: Double(examples)) }
    lossWeight = (lossWeight ?? Double(summed)) + weight
    summed += examples
  }

  /// Over the examples of the epoch under way.
  func mean(_ name: String) -> Double {
    let weight = name == "loss" ? lossWeight ?? Double(summed) : Double(summed)
    return (sums.first { $0.name == name }?.value ?? .nan) / (weight > 0 ? weight : 1)
  }

  /// Adds to the histories of some figures what they are now.
  mutating func remember(_ names: [String]) {
    var known = histories ?? [:]
    for name in Set(names) { known[name, default: []].append(figures[name] ?? .nan) }
    histories = known
  }

  /// What was best of another figure says nothing of this one.
  mutating func forgetBest() { (bestScore, bestLoss, bestStep) = (nil, nil, nil) }

  /// What was measured with another loss says nothing of this one.
  mutating func forgetScores() {
    forgetBest()
    forgetSums()
    histories = nil
    observers = []
  }

  mutating func forgetSums() {
    for index in sums.indices { sums[index].value = 0 }
    summed = 0
    lossWeight = nil
  }
}
