import Registry

/// Makes the parts of one recipe; errors say which key they come from.
struct PartMaker {
  let registry: Registry
  let recipe: Recipe

  /// What stands in one slot: `make(\.loss)`.
  func make<Content>(_ path: KeyPath<PartSlots, PartSlot<Content>>) throws -> Content {
    try PartSlots.table[keyPath: path].made(by: self)
  }

  func one<Part, Content>(_ slot: PartSlot<Content>, _ kind: Kind<Part>) throws -> Part {
    let text = recipe.text(of: slot)
    guard !text.isEmpty else { throw missing(slot) }
    return try registry.make(text, as: kind, origin: recipe.origin(of: slot.key))
  }

  func sequence<Part, Content>(_ slot: PartSlot<Content>, _ kind: Kind<Part>) throws -> [Part] {
    let text = recipe.text(of: slot)
    if text == "none" { return [] }
    let origin = recipe.origin(of: slot.key)
    var parts: [Part] = []
    for specification in try Specification.parseSequence(text, origin: origin) {
      do throws(SpecificationError) {
        parts.append(try registry.make(specification, as: kind))
      } catch {
        throw error.said(of: SpecificationError.Source(text: text, origin: origin))
      }
    }
    if parts.isEmpty, slot.fallback == .required { throw missing(slot) }
    return parts
  }

  private func missing(_ slot: some AnyPartSlot) -> RecipeError {
    RecipeError(.missing(key: slot.key, help: slot.help), origin: recipe.origins.texts[slot.key] ?? "recipe")
  }
}
