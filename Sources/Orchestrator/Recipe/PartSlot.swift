import Registry

/// A place of a recipe where parts of a kind stand; `Content` is what is made of it, such as `any Optimizer`.
///
/// All that is done with such a place follows from this value: the recipe's key, the flag, making the parts, printing them
/// with their defaults, the store's rows and the columns of queries.
public struct PartSlot<Content: Sendable>: Sendable {
  /// As in YAML and, with two dashes, on the command line.
  public let key: String
  public let help: String
  /// What stands there unless it is given.
  public let fallback: PartFallback
  let resumption: Resumption
  let kinds: [String]
  let isList: Bool
  let example: String?
  private let make: @Sendable (PartMaker, PartSlot) throws -> Content
  private let components: @Sendable (Content) -> [any Component]

  /// A place for one part. Default: the kind's standard part.
  init(
    _ key: String, _ kind: Kind<Content>, _ help: String, fallback: PartFallback? = nil, resumption: Resumption = .free
  ) {
    self.init(
      key, kind, help, fallback: fallback ?? kind.standard.map(PartFallback.part) ?? .required, resumption: resumption,
      isList: false,
      make: { maker, slot in try maker.one(slot, kind) },
      components: { [$0 as? any Component].compactMap(\.self) })
  }

  /// A place for any number of parts, separated by commas. Default: none.
  init<Part: Sendable>(
    _ key: String, listOf kind: Kind<Part>, _ help: String, fallback: PartFallback = .part("none"),
    resumption: Resumption = .free
  )
  where Content == [Part] {
    self.init(
      key, kind, help, fallback: fallback, resumption: resumption, isList: true,
      make: { maker, slot in try maker.sequence(slot, kind) },
      components: { $0.compactMap { $0 as? any Component } })
  }

  private init<Part>(
    _ key: String, _ kind: Kind<Part>, _ help: String, fallback: PartFallback,
    resumption: Resumption, isList: Bool,
    make: @escaping @Sendable (PartMaker, PartSlot) throws -> Content,
    components: @escaping @Sendable (Content) -> [any Component]
  ) {
    self.key = key
    self.help = help
    self.fallback = fallback
    self.resumption = resumption
    self.isList = isList
    self.make = make
    self.components = components
    kinds = kind.accepted
    example = kind.example
  }

  /// What the recipe names here. Throws `SpecificationError` and ``RecipeError`` with the place.
  func made(by maker: PartMaker) throws -> Content { try make(maker, self) }
}

/// What stands in a recipe where no part is named.
public enum PartFallback: Sendable, Equatable {
  /// Nothing can: the user has to say.
  case required
  /// A specification; `none` for an empty list.
  case part(String)
  /// The part that says of itself that it suits the data; a list is empty if there is none.
  case suitedToData
  /// The fastest backend that the machine can run.
  case fastest
}

/// A slot whatever it holds, to iterate over.
protocol AnyPartSlot: Sendable {
  var key: String { get }
  var help: String { get }
  var fallback: PartFallback { get }
  /// Whether the parts may change when a run is resumed.
  var resumption: Resumption { get }
  /// The kinds whose parts may stand here, the slot's own first.
  var kinds: [String] { get }
  var isList: Bool { get }
  /// What users write here; nil where the kind gives none.
  var example: String? { get }
  /// The parts as they are handed on, and each of them as a component.
  func contents(madeBy maker: PartMaker) throws -> (content: any Sendable, components: [any Component])
}

extension PartSlot: AnyPartSlot {
  func contents(madeBy maker: PartMaker) throws -> (content: any Sendable, components: [any Component]) {
    let content = try made(by: maker)
    return (content, components(content))
  }
}
