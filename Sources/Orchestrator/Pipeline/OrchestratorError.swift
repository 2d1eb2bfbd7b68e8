public import Experiments
import Registry
public import Tensors

/// What stands in the way of a run, as data; `description` says it with the remedy.
public enum OrchestratorError: Error, Sendable, Equatable {
  /// The data is too small for the batch.
  case batchTooLarge(batch: Int, examples: Int, validation: Int)
  case oneClass(dataset: String, name: String?)
  /// The split leaves no example to train on, or none to validate on.
  case emptySplit(dataset: String, examples: Int, validation: Double)
  case wrongOutputs(outputs: Int, classes: Int)
  /// The loss takes classes and the data has numbers, or the other way round.
  case wrongTargets(loss: String, takes: String, dataset: String, has: String, fitting: [String])
  /// An augmentation of inputs that are no images.
  case notImages(augmentation: String, shape: Shape)
  case noParameters
  /// The training step does not fit into memory; the layer whose parameters, optimizer state and output take most of it.
  case tooLarge(layer: String, bytes: Int, MemoryError)
  /// More steps in all than are counted.
  case tooManySteps(epochs: Int, stepsPerEpoch: Int)
  /// The last batch of an epoch does not fit the model, though the others do.
  case lastBatch(count: Int, batch: Int, examples: Int, reason: String)
  case badWeights(file: String, reason: String)
  /// The loss of a step is not finite.
  case notFinite(NotFinite)
  /// Every epoch of the run is done.
  case nothingLeft(run: String, epochs: Int)
  /// Early stopping ended the run, and nothing was changed that lets it go on.
  case stoppedEarly(run: String, reason: String?)
  /// The run is to have fewer epochs than were begun.
  case tooFewEpochs(run: String, epochs: Int, steps: Int, begun: Int)
  /// A change that would alter what was trained before.
  case needsFork(run: String, path: String, old: String, new: String, hasCheckpoint: Bool)
  /// A change of what says nothing of the training.
  case changedElsewhere(path: String, command: String)
  /// A fork whose epochs have another length begins within one.
  case forkWithinEpoch(run: String, step: Int, stepsPerEpoch: Int, newStepsPerEpoch: Int)
  /// A fork has lost, or never got, the checkpoint that it began with.
  case forkWithoutStart(run: String, origin: RunOrigin)
  /// What a fork begins with comes from a run that this one knows by name alone.
  case reproducingFork(run: String, origin: RunOrigin)
  case noSplit(String, dataset: String)
  case badCheckpoint(run: String, step: Int, reason: String)
  /// Two metrics, or a metric and the loss, share a name.
  case repeatedFigure(String)
  /// An example of another shape than the model was trained on.
  case wrongInput(index: Int, expected: Shape, found: Shape)
  /// A backend that gives no numbers, where numbers are wanted; with those that do.
  case computesNothing(backend: String, computing: [String])

  public struct NotFinite: Sendable, Equatable {
    public let step: Int
    public let epoch: Int
    /// The first layer whose output has a number that is not finite: path and specification. Nil when it is the loss
    /// alone.
    public let layer: String?
    /// Parameters that were not finite before the step, or after it if `isOfUpdate`.
    public let parameters: [String]
    /// Whether the loss was finite and the step's update was not.
    public let isOfUpdate: Bool
    /// Whether the inputs already were not finite.
    public let inInputs: Bool
    /// The step of the last good checkpoint.
    public let checkpoint: Int?
  }
}

extension OrchestratorError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .batchTooLarge(let batch, let examples, let validation):
      "a batch of \(batch) is more than the \(examples) training examples"
        + (validation > 0 ? " (\(validation) are held out for validation)" : "") + "; use --batch \(examples) or less"
    case .oneClass(let dataset, let name):
      "\(dataset) has examples of one class alone\(name.map { " ('\($0)')" } ?? ""): there is nothing to tell apart"
    case .emptySplit(let dataset, let examples, let validation):
      "the \(examples) training examples of \(dataset) cannot be split with validation \(validation); "
        + "use --validation 0 or more data"
    case .wrongOutputs(let outputs, let classes):
      "the model ends with \(outputs) outputs but the data has \(classes) classes: end it with dense(\(classes))"
    case .wrongTargets(let loss, let takes, let dataset, let has, let fitting):
      "loss \(loss) takes \(takes), and the targets of \(dataset) are \(has)"
        + (fitting.isEmpty ? "" : "; use \(fitting.joined(separator: ", "))")
    case .notImages(let augmentation, let shape):
      "\(augmentation) changes images [channels, height, width], and the examples have shape \(shape); leave it out"
    case .noParameters:
      "the model has nothing to learn: none of its layers has a parameter; add dense or conv"
    case .tooLarge(let layer, let bytes, let error):
      "layer \(layer): its parameters and results take \(MemoryError.amount(bytes)); \(error)"
    case .tooManySteps(let epochs, let stepsPerEpoch):
      "\(epochs) epochs of \(stepsPerEpoch) steps are more than \(EpochOrder.greatestStepCount) steps; use fewer epochs"
    case .lastBatch(let count, let batch, let examples, let reason):
      "the last of \(examples) training examples in batches of \(batch) leave a batch of \(count): \(reason)"
    case .badWeights(let file, let reason):
      "\(file): \(reason)"
    case .notFinite(let fault): fault.description
    case .nothingLeft(let run, let epochs):
      "run \(run) has done all of its \(epochs) epochs; to train it further, say how many it shall have in all: "
        + "--set epochs=\(2 * epochs)"
    case .stoppedEarly(let run, let reason):
      "run \(run) was stopped early\(reason.map { " (\($0))" } ?? "") and would train nothing: change what stopped it, "
        + "such as --set observers=none with --set epochs=…, or go on from an earlier checkpoint with --from"
    case .tooFewEpochs(let run, let epochs, let steps, let begun):
      "run \(run) cannot be held to \(epochs) epoch\(epochs == 1 ? "" : "s"): its \(steps) steps already reach into epoch "
        + "\(begun); say at least --set epochs=\(begun)"
    case .needsFork(let run, let path, let old, let new, let hasCheckpoint):
      "\(path) of run \(run) cannot change from \(old) to \(new): that would alter what was trained before; "
        + (hasCheckpoint
          ? "to go on from its checkpoint as a new run: fledge fork \(run) --set …"
          : "the run has no checkpoint yet, so train the changed recipe as a new run")
    case .changedElsewhere(let path, let command):
      "\(path) says nothing of the training and is not changed here: use '\(command)'"
    case .forkWithinEpoch(let run, let step, let length, let newLength):
      "an epoch of run \(run) has \(length) steps and one of the fork would have \(newLength), so the fork can only begin "
        + "at the end of an epoch, and step \(step) is within one: choose another checkpoint with --from"
    case .forkWithoutStart(let run, let origin):
      "run \(run), a fork, has no checkpoint to go on from: fork run \(origin.run) again"
    case .reproducingFork(let run, let origin):
      "run \(run) begins with the weights of run \(origin.run) at step \(origin.step), which are not trained again here: "
        + "reproduce \(origin.run)"
    case .noSplit(let split, let dataset):
      "\(dataset) has no \(split) examples here"
    case .badCheckpoint(let run, let step, let reason):
      "the checkpoint of run \(run) at step \(step) does not fit the recipe: \(reason)"
    case .repeatedFigure(let name):
      "the run would have two figures called '\(name)'; name each metric once"
    case .wrongInput(let index, let expected, let found):
      "example \(index) has shape \(found), the model takes \(expected)"
    case .computesNothing(let backend, let computing):
      "--backend: '\(backend)' plans and computes nothing; choose one of \(computing.joined(separator: ", "))"
    }
  }
}

extension OrchestratorError.NotFinite: CustomStringConvertible {
  public var description: String {
    if isOfUpdate {
      let others = parameters.count > 1 ? " and \(parameters.count - 1) more" : ""
      return "step \(step) (epoch \(epoch)): its update made parameter '\(parameters.first ?? "")'\(others) not finite"
        + (layer.map { "; the first layer with such a number is \($0)" } ?? "") + ". \(remedy)"
    }
    var text = "step \(step) (epoch \(epoch)): the loss is not a finite number"
    if inInputs {
      return text
        + "; the inputs already hold numbers that are not finite: check the data and the preprocessing. \(rest)"
    }
    text +=
      layer.map { "; the first layer with such a number is \($0)" }
      ?? "; every layer's output is finite, the loss alone is not"
    if let first = parameters.first {
      text +=
        ", and its parameter '\(first)' was not finite before the step"
        + (parameters.count > 1 ? " (\(parameters.count) are not)" : "")
    }
    return text + ". \(remedy)"
  }

  private var remedy: String {
    "Use a lower learning rate, a warm-up, or inputs that are scaled. \(rest)"
      + (checkpoint == nil ? "" : ": 'fledge resume' with --set optimizer.rate=… goes on from it")
  }

  private var rest: String {
    checkpoint.map { "The checkpoint of step \($0) is kept" } ?? "There is no checkpoint yet"
  }
}
