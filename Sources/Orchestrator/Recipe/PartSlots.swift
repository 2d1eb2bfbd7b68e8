public import Augmentations
public import Datasets
public import Execution
public import Initializers
public import Losses
public import Observers
public import Optimizers
public import Preprocessors
public import Regularizers
public import Schedulers
public import Tensors
public import TrainingMetrics

/// Every place of a recipe where parts stand: a kind is one row.
///
/// `recipe.optimizer` is the text that the row's name stands for, `parts.optimizer` the part made of it.
public struct PartSlots: Sendable {
  public let dataset = PartSlot("dataset", .dataset, "the examples", resumption: .fixed)
  public let preprocess = PartSlot(
    "preprocess", listOf: .preprocessor, "changes of all inputs, learned from the training part",
    fallback: .suitedToData, resumption: .fixed)
  public let augment = PartSlot("augment", listOf: .augmentation, "random changes of training images")
  public let model = PartSlot(
    "model", listOf: .transform, "layers and activations, in order", fallback: .required,
    resumption: .fixed)
  public let initializer = PartSlot(
    "initializer", .initializer, "first values of weights whose layer does not choose",
    resumption: .fixed)
  public let loss = PartSlot("loss", .loss, "what training makes small", fallback: .suitedToData)
  public let regularizer = PartSlot("regularizer", listOf: .regularizer, "penalties on weights, added to the loss")
  public let gradients = PartSlot(
    "gradients", listOf: .gradientTransform, "changes of all gradients, before the optimizer")
  public let optimizer = PartSlot("optimizer", .optimizer, "how parameters move", resumption: .sameParts)
  public let constraints = PartSlot(
    "constraints", listOf: .constraint, "what weights are held to, after each update")
  public let scheduler = PartSlot("scheduler", .scheduler, "the learning rate as training goes on")
  public let metrics = PartSlot("metrics", listOf: .metric, "figures to watch", fallback: .suitedToData)
  public let observers = PartSlot("observers", listOf: .observer, "what watches the training and may end it")
  public let backend = PartSlot("backend", .backend, "what runs the graph", fallback: .fastest)

  static let table = PartSlots()

  /// The rows in order, found by reflection as a part's parameters are.
  static let all: [any AnyPartSlot] = Mirror(reflecting: table).children.compactMap { $0.value as? any AnyPartSlot }
}
