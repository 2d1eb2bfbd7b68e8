import ArgumentParser
import Registry

extension CompletionKind {
  /// The kinds of parts.
  static var kinds: CompletionKind {
    .custom { _, _, prefix in ((try? Registry.linked())?.kinds ?? []).filter { $0.hasPrefix(prefix) } }
  }

  /// The names of all parts.
  static var parts: CompletionKind {
    .custom { _, _, prefix in
      let registry = (try? Registry.linked()) ?? Registry()
      let names = Set(registry.kinds.flatMap { registry.entries(of: $0).map(\.name) })
      return names.filter { $0.hasPrefix(prefix) }.sorted()
    }
  }

  /// The names of one kind's parts.
  static func parts(of kind: String) -> CompletionKind {
    .custom { _, _, prefix in
      ((try? Registry.linked()) ?? Registry()).entries(of: kind).map(\.name).filter { $0.hasPrefix(prefix) }
    }
  }
}
