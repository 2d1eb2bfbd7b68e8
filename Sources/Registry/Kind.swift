/// A family of parts that can stand in the same place, such as `activation`; `Part` is the protocol they share.
///
/// The target that owns the protocol declares the kind once, as a static member of `Kind where Part == any P`. All that is
/// known of a kind as such is said there.
public struct Kind<Part>: Sendable, Hashable {
  /// What users type and read: `activation`.
  public let name: String
  /// Names of the kinds whose parts may stand here as well: a layer may be an activation.
  public let alsoAccepts: [String]
  /// The part that stands where none is named: `adam`. Nil for a kind that has no such part.
  public let standard: String?
  /// A specification that shows what users write: `adam(rate: 1e-3)`.
  public let example: String?
  /// What `fledge plugin new` writes for the kind.
  public let template: PluginTemplate?

  public init(
    _ name: String, alsoAccepts: [String] = [], standard: String? = nil, example: String? = nil,
    template: PluginTemplate? = nil
  ) {
    self.name = name
    self.alsoAccepts = alsoAccepts
    self.standard = standard
    self.example = example
    self.template = template
  }

  /// All kinds whose parts this place takes, its own first.
  public var accepted: [String] { [name] + alsoAccepts }
}
