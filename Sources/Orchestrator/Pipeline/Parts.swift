import Registry

/// The parts that a recipe names, made: `parts.optimizer` is what stands in the slot of that name.
@dynamicMemberLookup
struct Parts: Sendable {
  /// For every slot, in order, its parts one by one.
  let bySlot: [(slot: any AnyPartSlot, components: [any Component])]
  private let contents: [String: any Sendable]

  /// Makes the parts of a recipe in which nothing is left open. The error is that of the first key that is wrong.
  init(_ maker: PartMaker) throws {
    var contents: [String: any Sendable] = [:]
    bySlot = try PartSlots.all.map { slot in
      let made = try slot.contents(madeBy: maker)
      contents[slot.key] = made.content
      return (slot, made.components)
    }
    self.contents = contents
  }

  subscript<Content>(dynamicMember path: KeyPath<PartSlots, PartSlot<Content>>) -> Content {
    // Every slot was filled from its own row, so that both are there and of one type.
    guard let content = contents[PartSlots.table[keyPath: path].key] as? Content else {
      preconditionFailure("a slot of parts was not filled")
    }
    return content
  }
}
