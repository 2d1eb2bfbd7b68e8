import Orchestrator
import Registry

/// Columns that a query may name though no run of the store has them yet.
enum KnownColumns {
  private static let metrics = [
    "train.loss", "train.accuracy", "validation.loss", "validation.accuracy", "test.loss", "test.accuracy",
    "learning-rate",
  ]

  static var names: [String] {
    let registry = (try? Registry.linked()) ?? Registry()
    let arguments = Recipe.keys.flatMap { key -> [String] in
      let entries = key.kinds.flatMap { registry.entries(of: $0) }
      return Set(entries.flatMap { $0.type.init().parameters.map(\.schema.label) }).map { "\(key.name).\($0)" }
    }
    return Recipe.keys.map(\.name) + arguments.sorted() + metrics
  }
}
