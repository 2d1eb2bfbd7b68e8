import Foundation
import Registry
import Tensors
import Datasets
import Execution

extension Recipe {
  /// The recipe with its changes of single arguments made, and its values in range.
  func prepared(_ registry: Registry) throws -> Recipe {
    var recipe = try applyingEdits { part, kind in
      let entries = registry.entries(named: part)
      let entry = entries.first { $0.kind == kind } ?? entries.first
      return entry.map { $0.type.init().parameters.map(\.schema.label) } ?? []
    }
    // Values that a program set are held to the same ranges as those of a file.
    for key in Self.keys where key.kind == nil {
      guard case .plain(let text) = key.get(recipe) else { continue }
      do {
        try key.set(&recipe, text)
      } catch {
        throw RecipeError(
          .wrongValue(key: key.name, expected: error.text, found: text), origin: origins.texts[key.name] ?? "recipe")
      }
    }
    if recipe.backend.isEmpty { recipe.backend = registry.fastestBackend ?? "" }
    if recipe.threads == 0 { recipe.threads = ProcessInfo.processInfo.activeProcessorCount }
    return recipe
  }

  /// What is left to the data, chosen.
  func completed(for examples: Examples) -> Recipe {
    var recipe = self
    let hasClasses = examples.classNames != nil
    if preprocess.isEmpty { recipe.preprocess = examples.inputs.elements.type == .uint8 ? "scale" : "none" }
    if loss.isEmpty { recipe.loss = hasClasses ? "softmax-cross-entropy" : "mean-squared-error" }
    if metrics.isEmpty { recipe.metrics = hasClasses ? "accuracy" : "mean-absolute-error" }
    return recipe
  }

  /// Every default filled in: what the parts print of themselves.
  func spelledOut(_ parts: Parts) -> Recipe {
    var recipe = self
    func text(_ components: [any Component]) -> String {
      components.isEmpty ? "none" : components.map { Self.text(of: $0) }.joined(separator: ", ")
    }
    recipe.dataset = Self.text(of: parts.dataset)
    recipe.preprocess = text(parts.preprocessors)
    recipe.augment = text(parts.augmentations)
    recipe.model = text(parts.layers)
    recipe.initializer = Self.text(of: parts.initializer)
    recipe.loss = Self.text(of: parts.loss)
    recipe.regularizer = text(parts.regularizers)
    recipe.optimizer = Self.text(of: parts.optimizer)
    recipe.scheduler = Self.text(of: parts.scheduler)
    recipe.metrics = text(parts.metrics)
    recipe.observers = text(parts.observers)
    recipe.backend = Self.text(of: parts.backend)
    return recipe
  }

  private static func text(of component: any Component) -> String { Specification(of: component).description }
}
