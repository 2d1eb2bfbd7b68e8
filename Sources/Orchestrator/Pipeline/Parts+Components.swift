import Experiments
import Registry

extension Parts {
  /// One row for each part and for each of its arguments, so that the store can be asked for any of them.
  func components(_ registry: Registry) -> [ComponentArgument] {
    bySlot.flatMap { slot, components in
      components.enumerated().flatMap { index, component in
        component.rows(key: slot.key, path: slot.isList ? "\(slot.key).\(index)" : slot.key, registry)
      }
    }
  }
}

extension Component {
  fileprivate func rows(key: String, path: String, _ registry: Registry) -> [ComponentArgument] {
    var rows = [ComponentArgument(kind: key, path: path, part: Self.name)]
    for (schema, value) in parameters {
      guard let value else { continue }
      rows.append(
        ComponentArgument(kind: key, path: path, part: Self.name, argument: schema.label, value: value.storedText))
      rows += value.nestedRows(kinds: schema.kinds, key: key, path: "\(path).\(schema.label)", registry)
    }
    return rows
  }
}

extension Specification.Term {
  /// The rows of parts that stand in another.
  fileprivate func nestedRows(kinds: [String], key: String, path: String, _ registry: Registry) -> [ComponentArgument] {
    switch self {
    case .list(let terms, _):
      return terms.enumerated().flatMap { index, term in
        term.nestedRows(kinds: kinds, key: key, path: "\(path).\(index)", registry)
      }
    case .part(let specification):
      let entry = kinds.lazy.flatMap { registry.entries(of: $0) }.first { $0.name == specification.name }
      guard let entry, let part = try? registry.make(specification, entry) else { return [] }
      return part.rows(key: key, path: path, registry)
    case .number, .string:
      return []
    }
  }

  fileprivate var storedText: String {
    if case .string(let text, _) = self { text } else { description }
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
