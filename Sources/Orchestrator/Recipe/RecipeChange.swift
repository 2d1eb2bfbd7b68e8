import Registry

/// What differs at one place of two recipes.
struct RecipeChange: Sendable {
  let key: RecipeKey
  /// The key, or an argument of one of its parts: `optimizer.rate`, `model.3.rate`.
  let path: String
  let old: String
  let new: String

  /// Whether a run may go on with it.
  var isForResumption: Bool {
    switch key.resumption {
    case .free: true
    case .sameParts: path != key.name
    case .fixed, .otherCommand: false
    }
  }
}

extension Recipe {
  /// What differs in some keys, in the order of the keys; arguments of parts one by one where the parts are the same.
  ///
  /// `[optimizer.rate: 0.1 → 0.01]` from `sgd(0.1)` to `sgd(0.01)`; `[optimizer: sgd(0.1, …) → adam(0.1, …)]` to another
  /// part. Setting the paths to the new values makes the other recipe of this one.
  ///
  /// - Throws: what a part of the other recipe throws that cannot be made. Of this one it may: a part can be gone.
  func changes(to other: Recipe, in keys: Set<String>, _ registry: Registry) throws -> [RecipeChange] {
    let (old, new) = (try prepared(registry), try other.prepared(registry))
    return try Self.keys.filter { keys.contains($0.name) }.flatMap { key in
      guard let slot = PartSlots.all.first(where: { $0.key == key.name }) else {
        return [RecipeChange(key: key, path: key.name, old: key.get(old).text, new: key.get(new).text)]
      }
      let before = try? slot.contents(madeBy: PartMaker(registry: registry, recipe: old)).components
      let after = try slot.contents(madeBy: PartMaker(registry: registry, recipe: new)).components
      let whole = RecipeChange(
        key: key, path: key.name, old: before.map(PartMaker.text) ?? key.get(old).text, new: PartMaker.text(after))
      let single = before.flatMap { old.changes(key, slot, from: $0, to: after, registry) }
      return single ?? [whole]
    }.filter { $0.old != $0.new }
  }

  /// The arguments that differ; nil where the parts do, or where setting them one by one gives something else.
  private func changes(
    _ key: RecipeKey, _ slot: any AnyPartSlot, from before: [any Component], to after: [any Component],
    _ registry: Registry
  ) -> [RecipeChange]? {
    guard before.map({ type(of: $0).name }) == after.map({ type(of: $0).name }) else { return nil }
    var changes: [RecipeChange] = []
    for (index, (old, new)) in zip(before, after).enumerated() {
      let path = slot.isList ? "\(slot.key).\(index)" : slot.key
      for ((schema, oldValue), (_, newValue)) in zip(old.parameters, new.parameters) where oldValue != newValue {
        guard let oldValue, let newValue else { return nil }
        changes.append(
          RecipeChange(
            key: key, path: "\(path).\(schema.label)", old: oldValue.description, new: newValue.description))
      }
    }
    var changed = self
    for change in changes {
      guard (try? changed.set(change.path, to: change.new, origin: "")) != nil else { return nil }
    }
    let made = try? slot.contents(madeBy: PartMaker(registry: registry, recipe: changed.prepared(registry)))
    return made.map { PartMaker.text($0.components) } == PartMaker.text(after) ? changes : nil
  }
}

extension PartMaker {
  /// Parts as a recipe has them, every default filled in.
  static func text(_ components: [any Component]) -> String {
    components.isEmpty ? "none" : components.map { Specification(of: $0).description }.joined(separator: ", ")
  }
}
