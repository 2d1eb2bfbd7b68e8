/// What is wrong with a registered part, found before any part is used.
public enum RegistryProblem: Sendable, Equatable {
  case duplicate(kind: String, name: String, targets: [String])
  case malformedName(kind: String, name: String, target: String)
  case undocumented(kind: String, name: String, missing: String)

  static func all(of entry: Registry.Entry) -> [RegistryProblem] {
    var problems: [RegistryProblem] = []
    if !isPartName(entry.name) {
      problems.append(.malformedName(kind: entry.kind, name: entry.name, target: entry.target))
    }
    if entry.type.summary.isEmpty {
      problems.append(.undocumented(kind: entry.kind, name: entry.name, missing: "a summary"))
    }
    if entry.type.reference.isEmpty {
      problems.append(.undocumented(kind: entry.kind, name: entry.name, missing: "a reference"))
    }
    return problems
  }
}

/// All problems of a registry, reported together.
public struct RegistryError: Error, Sendable, Equatable, CustomStringConvertible {
  public let problems: [RegistryProblem]

  public var description: String {
    problems.map { problem in
      switch problem {
      case .duplicate(let kind, let name, let targets):
        "two parts of kind \(kind) are named '\(name)': in \(targets.joined(separator: " and ")); rename one of them"
      case .malformedName(let kind, let name, let target):
        "\(target): the \(kind) '\(name)' needs a name of lower-case words joined by hyphens"
      case .undocumented(let kind, let name, let missing):
        "the \(kind) '\(name)' has no \(missing.split(separator: " ").last ?? "")"
      }
    }.joined(separator: "\n")
  }
}
