import Augmentations
import Datasets
import Execution
import Initializers
import Layers
import Losses
import Optimizers
import Preprocessors
import Registry
import Regularizers
import Schedulers
import Tensors
import TrainingMetrics

/// The parts that a recipe names, made.
struct Parts: Sendable {
  let dataset: any Dataset
  let preprocessors: [any Preprocessor]
  let augmentations: [any Augmentation]
  let layers: [any Transform]
  let initializer: any Initializer
  let loss: any Loss
  let regularizers: [any Regularizer]
  let optimizer: any Optimizer
  let scheduler: any Scheduler
  let metrics: [any Metric]
  let observers: [any Observer]
  let backend: any Backend
}

/// Makes the parts of one recipe; errors say which key they come from.
struct PartMaker {
  let registry: Registry
  let recipe: Recipe

  func one<Part>(_ key: String, _ text: String, _ kind: Kind<Part>) throws -> Part {
    guard !text.isEmpty else {
      let help = Recipe.key(key)?.help ?? key
      throw RecipeError(.missing(key: key, help: help), origin: recipe.origins.texts[key] ?? "recipe")
    }
    return try registry.make(text, as: kind, origin: recipe.origin(of: key))
  }

  func sequence<Part>(_ key: String, _ text: String, _ kind: Kind<Part>) throws -> [Part] {
    if text == "none" { return [] }
    let origin = recipe.origin(of: key)
    let specifications = try Specification.parseSequence(text, origin: origin)
    var parts: [Part] = []
    for specification in specifications {
      do throws(SpecificationError) {
        parts.append(try registry.make(specification, as: kind))
      } catch {
        throw error.said(of: SpecificationError.Source(text: text, origin: origin))
      }
    }
    return parts
  }

  func model() throws -> [any Transform] {
    let layers = try sequence("model", recipe.model, Kind<any Transform>.transform)
    guard !layers.isEmpty else {
      throw RecipeError(
        .missing(key: "model", help: "layers and activations, in order"),
        origin: recipe.origins.texts["model"] ?? "recipe")
    }
    return layers
  }

  /// All parts of a recipe in which nothing is left to the data.
  func all() throws -> Parts {
    // Bound one by one: each error is that of the first key that is wrong, in the order of the keys.
    let dataset = try one("dataset", recipe.dataset, Kind<any Dataset>.dataset)
    let preprocessors = try sequence("preprocess", recipe.preprocess, Kind<any Preprocessor>.preprocessor)
    let augmentations = try sequence("augment", recipe.augment, Kind<any Augmentation>.augmentation)
    let layers = try model()
    let initializer = try one("initializer", recipe.initializer, Kind<any Initializer>.initializer)
    let loss = try one("loss", recipe.loss, Kind<any Loss>.loss)
    let regularizers = try sequence("regularizer", recipe.regularizer, Kind<any Regularizer>.regularizer)
    let optimizer = try one("optimizer", recipe.optimizer, Kind<any Optimizer>.optimizer)
    let scheduler = try one("scheduler", recipe.scheduler, Kind<any Scheduler>.scheduler)
    let metrics = try sequence("metrics", recipe.metrics, Kind<any Metric>.metric)
    let observers = try sequence("observers", recipe.observers, Kind<any Observer>.observer)
    let backend = try one("backend", recipe.backend, Kind<any Backend>.backend)
    return Parts(
      dataset: dataset, preprocessors: preprocessors, augmentations: augmentations, layers: layers,
      initializer: initializer, loss: loss, regularizers: regularizers, optimizer: optimizer, scheduler: scheduler,
      metrics: metrics, observers: observers, backend: backend)
  }
}

extension Parts {
  /// What the figures of the metrics are called: their names, with arguments where two share one.
  var metricNames: [String] {
    let names = metrics.map { type(of: $0).name }
    return metrics.enumerated().map { index, metric in
      names.count { $0 == names[index] } > 1 ? Specification(brief: metric).description : names[index]
    }
  }
}
