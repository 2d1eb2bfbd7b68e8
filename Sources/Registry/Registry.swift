/// The parts that a program knows, by kind and name. A value: whoever needs it is handed it.
public struct Registry: Sendable {
  /// One registered part.
  public struct Entry: Sendable {
    public let kind: String
    public let type: any Component.Type

    public var name: String { type.name }
    /// The target that registered the part, for messages about clashes.
    public var target: String { String(String(reflecting: type).prefix { $0 != "." }) }
  }

  private var entries: [String: [String: Entry]] = [:]
  private var templates: [String: PluginTemplate] = [:]
  private var problems: [RegistryProblem] = []

  public init() {}

  /// Adds a part. Each kind's target offers an overload that takes its own protocol and calls this one.
  public mutating func add<Part>(_ type: any Component.Type, as kind: Kind<Part>) {
    let entry = Entry(kind: kind.name, type: type)
    if let earlier = entries[kind.name]?[type.name] {
      problems.append(.duplicate(kind: kind.name, name: type.name, targets: [earlier.target, entry.target]))
      return
    }
    problems += RegistryProblem.all(of: entry)
    templates[kind.name] = kind.template
    entries[kind.name, default: [:]][type.name] = entry
  }

  /// Throws all that is wrong with the registered parts at once.
  public func validate() throws(RegistryError) {
    if !problems.isEmpty { throw RegistryError(problems: problems) }
  }

  /// The names of all kinds that have parts, sorted.
  public var kinds: [String] { entries.keys.sorted() }

  /// What `fledge plugin new` writes for a kind; nil for a kind that has no template or no parts.
  public func template(of kind: String) -> PluginTemplate? { templates[kind] }

  /// The parts of a kind, sorted by name.
  public func entries(of kind: String) -> [Entry] {
    (entries[kind] ?? [:]).values.sorted { $0.name < $1.name }
  }

  /// Every part with this name, of whatever kind.
  public func entries(named name: String) -> [Entry] {
    kinds.compactMap { entries[$0]?[name] }
  }

  /// Makes the part that `text` specifies. `origin` is what the text is to the user, such as `--optimizer`.
  public func make<Part>(
    _ text: String, as kind: Kind<Part>, origin: String
  ) throws(SpecificationError) -> Part {
    let specification = try Specification(parsing: text, origin: origin)
    do {
      return try make(specification, as: kind)
    } catch {
      throw error.said(of: SpecificationError.Source(text: text, origin: origin))
    }
  }

  /// Makes the part that a parsed specification names; errors know their place but not the text.
  public func make<Part>(_ specification: Specification, as kind: Kind<Part>) throws(SpecificationError) -> Part {
    let found = kind.accepted.lazy.compactMap { entries[$0]?[specification.name] }.first
    guard let entry = found, let part = try make(specification, entry) as? Part else {
      throw unknown(specification, kind: kind.name, accepted: kind.accepted)
    }
    return part
  }

  /// Makes a part from its entry, whatever its kind.
  public func make(_ specification: Specification, _ entry: Entry) throws(SpecificationError) -> any Component {
    let part = entry.type.init()
    try part.fill(from: specification, registry: self)
    return part
  }

  private func unknown(_ specification: Specification, kind: String, accepted: [String]) -> SpecificationError {
    let candidates = accepted.flatMap { entries(of: $0).map(\.name) }.sorted()
    // Others' linear layer is no scheduler.
    let isCommon = commonName(for: specification.name, among: candidates) != nil
    if !isCommon, let other = entries(named: specification.name).first {
      return SpecificationError(
        .wrongKind(specification.name, actual: other.kind, expected: kind), at: specification.place)
    }
    return SpecificationError(
      .unknownPart(specification.name, kind: kind, candidates: candidates), at: specification.place)
  }
}
