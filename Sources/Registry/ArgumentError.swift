/// Arguments that do not go together: what ``Component/validate()`` throws.
///
///     guard low <= high else { throw ArgumentError("low \(low) is above high \(high)", at: "low") }
public struct ArgumentError: Error, Sendable, Equatable, CustomStringConvertible {
  /// A sentence without the part's name, which the registry adds.
  public let description: String
  /// The argument that is to blame, as users write it; nil blames the part as a whole.
  public let label: String?

  public init(_ description: String, at label: String? = nil) {
    self.description = description
    self.label = label
  }
}
