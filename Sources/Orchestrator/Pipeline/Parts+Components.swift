import Experiments
import Registry

extension Parts {
  /// One row for each part and for each of its arguments, so that the store can be asked for any of them.
  func components(_ registry: Registry) -> [ComponentArgument] {
    let rows = ComponentRows(registry: registry)
    return rows.one("dataset", dataset) + rows.list("preprocess", preprocessors) + rows.list("augment", augmentations)
      + rows.list("model", layers) + rows.one("initializer", initializer) + rows.one("loss", loss)
      + rows.list("regularizer", regularizers) + rows.one("optimizer", optimizer) + rows.one("scheduler", scheduler)
      + rows.list("metrics", metrics) + rows.list("observers", observers) + rows.one("backend", backend)
  }
}

private struct ComponentRows {
  let registry: Registry

  func one(_ key: String, _ part: any Component) -> [ComponentArgument] { rows(part, key: key, path: key) }

  func list(_ key: String, _ parts: [any Component]) -> [ComponentArgument] {
    parts.enumerated().flatMap { rows($1, key: key, path: "\(key).\($0)") }
  }

  private func rows(_ part: any Component, key: String, path: String) -> [ComponentArgument] {
    let name = type(of: part).name
    var rows = [ComponentArgument(kind: key, path: path, part: name)]
    for (schema, value) in part.parameters {
      guard let value else { continue }
      rows.append(
        ComponentArgument(kind: key, path: path, part: name, argument: schema.label, value: Self.text(value)))
      rows += nested(value, kinds: schema.kinds, key: key, path: "\(path).\(schema.label)")
    }
    return rows
  }

  /// The rows of parts that stand in another.
  private func nested(_ term: Specification.Term, kinds: [String], key: String, path: String) -> [ComponentArgument] {
    switch term {
    case .list(let terms, _):
      return terms.enumerated().flatMap { nested($1, kinds: kinds, key: key, path: "\(path).\($0)") }
    case .part(let specification):
      let entry = kinds.lazy.flatMap { registry.entries(of: $0) }.first { $0.name == specification.name }
      guard let entry, let part = try? registry.make(specification, entry) else { return [] }
      return rows(part, key: key, path: path)
    case .number, .string:
      return []
    }
  }

  private static func text(_ term: Specification.Term) -> String {
    if case .string(let text, _) = term { return text }
    return term.description
  }
}

extension Recipe {
  /// The plain values as rows: `recipe.batch > 64` asks for them.
  var components: [ComponentArgument] {
    Self.keys.compactMap { key in
      guard case .plain(let text) = key.get(self) else { return nil }
      return ComponentArgument(kind: "recipe", path: key.name, part: "recipe", argument: key.name, value: text)
    }
  }
}
