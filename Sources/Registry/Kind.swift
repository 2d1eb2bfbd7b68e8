/// A family of parts that can stand in the same place, such as `activation`; `Part` is the protocol they share.
///
/// The target that owns the protocol declares the kind once, as a static member of `Kind where Part == any P`.
public struct Kind<Part>: Sendable, Hashable {
  /// What users type and read: `activation`.
  public let name: String
  /// Names of the kinds whose parts may stand here as well: a layer may be an activation.
  public let alsoAccepts: [String]

  public init(_ name: String, alsoAccepts: [String] = []) {
    self.name = name
    self.alsoAccepts = alsoAccepts
  }

  /// All kinds whose parts this place takes, its own first.
  public var accepted: [String] { [name] + alsoAccepts }
}
