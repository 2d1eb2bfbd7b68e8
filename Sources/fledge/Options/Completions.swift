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

  /// The names of the parts of some kinds.
  static func parts(of kinds: [String]) -> CompletionKind {
    .custom { _, _, prefix in
      let registry = (try? Registry.linked()) ?? Registry()
      return kinds.flatMap { registry.entries(of: $0) }.map(\.name).filter { $0.hasPrefix(prefix) }
    }
  }
}
