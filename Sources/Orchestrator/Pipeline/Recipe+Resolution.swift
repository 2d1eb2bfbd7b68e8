import Foundation
import Registry
import Tensors
import Datasets
import Execution

extension Recipe {
  /// The recipe with its changes of single arguments made, and its values in range.
  func prepared(_ registry: Registry) throws -> Recipe {
    var recipe = try applyingEdits { part, kinds in
      let entries = registry.entries(named: part)
      let entry = entries.first { kinds.contains($0.kind) } ?? entries.first
      return entry.map { $0.type.init().parameters.map(\.schema.label) } ?? []
    }
    // Values that a program set are held to the same ranges as those of a file.
    for key in Self.keys where key.kinds.isEmpty {
      guard case .plain(let text) = key.get(recipe) else { continue }
      do {
        try key.set(&recipe, text)
      } catch {
        throw RecipeError(
          .wrongValue(key: key.name, expected: error.text, found: text), origin: origins.texts[key.name] ?? "recipe")
      }
    }
    for slot in PartSlots.all where slot.fallback == .fastest && recipe.text(of: slot).isEmpty {
      recipe.setText(registry.fastestBackend ?? "", of: slot)
    }
    if recipe.threads == 0 { recipe.threads = ProcessInfo.processInfo.activeProcessorCount }
    return recipe
  }

  /// What is left to the data, chosen: the part of each kind that says that it suits them.
  func completed(for examples: Examples, _ registry: Registry) -> Recipe {
    completed(registry) { registry.part(of: $0, suiting: examples.outline) }
  }

  /// The recipe with any part that fits in the place of those that the data decides. So every other key can be checked
  /// before the data is read.
  func withStandIns(_ registry: Registry) -> Recipe {
    completed(registry) { registry.entries(of: $0).first?.type.example }
  }

  private func completed(_ registry: Registry, choosing part: (_ kind: String) -> String?) -> Recipe {
    var recipe = self
    for slot in PartSlots.all where slot.fallback == .suitedToData && recipe.text(of: slot).isEmpty {
      recipe.setText(slot.kinds.first.flatMap(part) ?? (slot.isList ? "none" : ""), of: slot)
    }
    return recipe
  }

  /// Every default filled in: what the parts print of themselves.
  func spelledOut(_ parts: Parts) -> Recipe {
    var recipe = self
    for (slot, components) in parts.bySlot {
      recipe.setText(PartMaker.text(components), of: slot)
    }
    return recipe
  }
}
