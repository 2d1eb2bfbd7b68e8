import Observers
import Datasets
import Execution
import Experiments
import Losses
import Preprocessors
import Registry
import Tensors

/// A recipe brought to life: parts, examples, and how inputs are prepared; checked as a whole.
struct Pipeline: Sendable {
  /// With every default filled in.
  let recipe: Recipe
  let parts: Parts
  let data: DataSplits
  let preprocessing: Preprocessing
  let model: Model
  let figures: RunFigures
  /// What differs from what was asked for, and why.
  let warnings: [String]

  /// The model with what evaluates it.
  var assessed: AssessedModel {
    AssessedModel(
      model: model, preprocessing: preprocessing, loss: parts.loss, metrics: parts.metrics, training: data.train)
  }

  /// Makes the parts, loads the data, and learns the preprocessors from the training part, or takes up what was
  /// learned.
  init(_ recipe: Recipe, registry: Registry, context: DatasetContext, restoring known: KnownPreprocessing? = nil) throws
  {
    let prepared = try recipe.prepared(registry)
    // Every key that the data does not decide is checked before the data is read.
    let dataset = try Parts(PartMaker(registry: registry, recipe: prepared.withStandIns(registry))).dataset
    let name = type(of: dataset).name
    let splits = try dataset.load(context)
    let completed = prepared.completed(for: splits.train, registry)
    parts = try Parts(PartMaker(registry: registry, recipe: completed))
    var recipe = completed.spelledOut(parts)
    if let obstacle = parts.backend.obstacle(to: recipe.precision) {
      warnings = ["precision \(recipe.precision.rawValue): \(obstacle); computing in float32"]
      recipe.precision = .float32
    } else {
      warnings = []
    }
    figures = try RunFigures(parts.metrics, hasValidation: recipe.validation > 0, monitor: recipe.monitor)
    recipe.monitor = figures.monitored.name
    self.recipe = recipe
    try parts.loss.checkTargets(splits.train, dataset: name, registry: registry)
    data = try DataSplits(splits, validation: completed.validation, seed: completed.seed, dataset: name)
    try data.check(batch: completed.batch, dataset: name)
    preprocessing =
      if let known {
        try Preprocessing(restoring: parts.preprocess, known)
      } else {
        try Preprocessing(fitting: parts.preprocess, to: data.train)
      }
    model = Model(parts.model, initializer: parts.initializer, input: preprocessing.outputShape)
    for augmentation in parts.augment where data.train.inputShape.rank != 3 {
      throw OrchestratorError.notImages(augmentation: type(of: augmentation).name, shape: data.train.inputShape)
    }
  }
}

extension DataSplits {
  /// Throws if the training examples are too few for a batch, or of one class.
  fileprivate func check(batch: Int, dataset: String) throws(OrchestratorError) {
    guard batch <= train.count else {
      throw OrchestratorError.batchTooLarge(batch: batch, examples: train.count, validation: validation?.count ?? 0)
    }
    guard let names = train.classNames, case .int32(let classes) = train.targets.elements, let first = classes.first
    else {
      return
    }
    if names.count < 2 || classes.allSatisfy({ $0 == first }) {
      throw OrchestratorError.oneClass(
        dataset: dataset, name: names.indices.contains(Int(first)) ? names[Int(first)] : nil)
    }
  }
}
