import Registry

extension Recipe {
  /// Sets a key (`optimizer`), or one argument of a part (`optimizer.rate`, `model.3.rate`: of the part at position 3,
  /// counted from 0).
  ///
  /// - Parameters:
  ///   - path: the key, and the argument after a dot.
  ///   - value: as it would stand in a recipe.
  ///   - origin: what the value is to the user: `--optimizer`. It heads every error.
  /// - Throws: ``RecipeError`` for a key or part that does not exist, or a value that it does not take.
  public mutating func set(_ path: String, to value: String, origin: String) throws(RecipeError) {
    let components = path.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    let name = components.first ?? ""
    guard let key = Self.key(name) else {
      throw RecipeError(.unknownKey(name, candidates: Self.keys.map(\.name)), origin: origin)
    }
    if components.count == 1 {
      do {
        try key.set(&self, value)
      } catch {
        throw RecipeError(.wrongValue(key: name, expected: error.text, found: value), origin: origin)
      }
      edits.removeAll { $0.key == name }
      origins.texts[name] = origin
    } else {
      guard !key.kinds.isEmpty else { throw RecipeError(.notAPart(key: name), origin: origin) }
      let edit = RecipeEdit(key: name, path: Array(components.dropFirst()), value: value, origin: origin)
      guard edit.path.allSatisfy({ !$0.isEmpty }) else {
        throw RecipeError(.badPath(path, reason: "a name between two dots is empty"), origin: origin)
      }
      _ = try applying(edit) { _, _ in [] }
      edits.append(edit)
    }
  }

  /// The recipe with all changes of single arguments made. `labels` are a part's parameters in order, where they are
  /// known: so an argument is found that was given without its label.
  func applyingEdits(labels: (_ part: String, _ kinds: [String]) -> [String]) throws(RecipeError) -> Recipe {
    var recipe = self
    recipe.edits = []
    for edit in edits { recipe = try recipe.applying(edit, labels: labels) }
    return recipe
  }

  private func applying(_ edit: RecipeEdit, labels: (_ part: String, _ kinds: [String]) -> [String]) throws(RecipeError)
    -> Recipe
  {
    guard let key = Self.key(edit.key), case .text(let text) = key.get(self) else { return self }
    let full = ([edit.key] + edit.path).joined(separator: ".")
    do {
      var parts = try Specification.parseSequence(text, origin: edit.origin)
      let value = Specification.term(edit.value, origin: edit.origin)
      var path = edit.path[...]
      var position = 0
      if key.isList, let first = path.first, let index = Int(first) {
        position = index
        path = path.dropFirst()
      } else if let first = path.first, parts.count > 1 || path.count > 1, parts.contains(where: { $0.name == first }) {
        let named = parts.indices.filter { parts[$0].name == first }
        guard named.count == 1 else {
          let reason = "\(edit.key) has \(named.count) parts \(first); say which: \(places(named, of: parts, edit.key))"
          throw RecipeError(.badPath(full, reason: reason), origin: edit.origin)
        }
        position = named[0]
        path = path.dropFirst()
      } else if parts.count > 1 {
        let reason =
          "\(edit.key) has \(parts.count) parts; say which: \(places(Array(parts.indices), of: parts, edit.key))"
        throw RecipeError(.badPath(full, reason: reason), origin: edit.origin)
      }
      guard parts.indices.contains(position), text != "none" else {
        let reason = parts.isEmpty ? "\(edit.key) is not given" : "\(edit.key) has \(parts.count) parts, counted from 0"
        throw RecipeError(.badPath(full, reason: reason), origin: edit.origin)
      }
      if path.isEmpty {
        guard case .part(let part) = value else {
          throw RecipeError(.wrongValue(key: full, expected: "a part", found: edit.value), origin: edit.origin)
        }
        parts[position] = part
      } else {
        try parts[position].set(path, to: value) { labels($0, key.kinds) }
      }
      var recipe = self
      try key.set(&recipe, parts.map(\.description).joined(separator: ", "))
      recipe.origins.texts[edit.key] = "\(origin(of: edit.key)) with \(edit.origin)"
      return recipe
    } catch let error as RecipeError {
      throw error
    } catch let error as SpecificationPathError {
      throw RecipeError(.badPath(full, reason: error.reason), origin: edit.origin)
    } catch {
      throw RecipeError(.badPath(full, reason: "\(error)"), origin: edit.origin)
    }
  }
}

/// The paths of some parts, each with what stands there: `model.0 (conv), model.3 (conv)`.
private func places(_ indices: [Int], of parts: [Specification], _ key: String) -> String {
  let shown = indices.prefix(12).map { "\(key).\($0) (\(parts[$0].name))" }
  return shown.joined(separator: ", ") + (indices.count > shown.count ? " …" : "")
}

/// A path into a specification that leads nowhere.
struct SpecificationPathError: Error {
  let reason: String
}

extension Specification {
  /// One value as it stands after a label: a number, a text, a list or a part. What is none of the others is a text,
  /// such as a path.
  static func term(_ text: String, origin: String) -> Term {
    if let holder = try? Specification(parsing: "value(\(text))", origin: origin), holder.arguments.count == 1,
      holder.arguments[0].label == nil
    {
      return holder.arguments[0].value
    }
    return .string(text, at: .unknown)
  }

  /// Replaces or adds the argument at a path of labels and positions.
  mutating func set(
    _ path: ArraySlice<String>, to value: Term, labels: (_ part: String) -> [String]
  ) throws(SpecificationPathError) {
    guard let label = path.first else { return }
    let rest = path.dropFirst()
    guard let index = index(of: label, labels(name)) else {
      guard rest.isEmpty else { throw SpecificationPathError(reason: "\(name) is given without '\(label)'") }
      arguments.append(Argument(label, value))
      return
    }
    // A list of parts stands without brackets: its elements are the arguments without a label from here on.
    if arguments[index].label == nil, let offset = rest.first.flatMap({ Int($0) }),
      case .part(let part) = arguments[index].value, part.name != label
    {
      guard arguments.indices.contains(index + offset), arguments[index + offset].label == nil else {
        throw SpecificationPathError(reason: "\(name) has no element \(offset) there; they are counted from 0")
      }
      try Self.set(&arguments[index + offset].value, rest.dropFirst(), to: value, labels: labels)
    } else {
      try Self.set(&arguments[index].value, rest, to: value, labels: labels)
    }
  }

  private static func set(
    _ term: inout Term, _ path: ArraySlice<String>, to value: Term, labels: (_ part: String) -> [String]
  ) throws(SpecificationPathError) {
    guard let first = path.first else {
      term = value
      return
    }
    switch term {
    case .part(var part):
      try part.set(path, to: value, labels: labels)
      term = .part(part)
    case .list(var terms, let place):
      guard let index = Int(first), terms.indices.contains(index) else {
        throw SpecificationPathError(reason: "the list has \(terms.count) elements, counted from 0")
      }
      try set(&terms[index], path.dropFirst(), to: value, labels: labels)
      term = .list(terms, at: place)
    default:
      throw SpecificationPathError(reason: "'\(term)' has no arguments")
    }
  }

  /// The argument that gives the parameter `label`: by its label, by its place among those without one, or as the only
  /// nested part of that name.
  private func index(of label: String, _ labels: [String]) -> Int? {
    if let index = arguments.firstIndex(where: { $0.label == label }) { return index }
    let unlabelled = arguments.indices.filter { arguments[$0].label == nil }
    if let position = Int(label) { return unlabelled.indices.contains(position) ? unlabelled[position] : nil }
    let given = Set(arguments.compactMap(\.label))
    if let place = labels.filter({ !given.contains($0) }).firstIndex(of: label) {
      return unlabelled.indices.contains(place) ? unlabelled[place] : nil
    }
    let named = unlabelled.filter {
      if case .part(let part) = arguments[$0].value { part.name == label } else { false }
    }
    return named.count == 1 ? named[0] : nil
  }
}
