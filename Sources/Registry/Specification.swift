/// A part as users write it: `conv(32, kernel: 3)`.
///
/// Grammar: `name`, then optional parentheses with comma-separated arguments, each `value` or `label: value`; a value is a
/// number, a quoted string, a list in brackets, or again a specification. `description` prints text that parses to an
/// equal specification.
public struct Specification: Sendable, Equatable {
  public struct Argument: Sendable, Equatable {
    public var label: String?
    public var value: Term

    public init(_ label: String? = nil, _ value: Term) {
      self.label = label
      self.value = value
    }
  }

  /// What may stand as an argument.
  public indirect enum Term: Sendable, Equatable {
    case number(String, at: Place)
    case string(String, at: Place)
    case list([Term], at: Place)
    /// A nested part, a choice such as `valid`, or `true` and `false`: the parameter's type decides.
    case part(Specification)
  }

  public var name: String
  public var arguments: [Argument]
  public var place: Place

  public init(_ name: String, _ arguments: [Argument] = [], at place: Place = .unknown) {
    self.name = name
    self.arguments = arguments
    self.place = place
  }
}

/// The characters of a specification's text that a term came from; all places are equal, so that equality of
/// specifications is equality of meaning.
public struct Place: Sendable, Equatable {
  public var characters: Range<Int>?

  public init(_ characters: Range<Int>?) { self.characters = characters }
  public static let unknown = Place(nil)
  public static func == (_: Place, _: Place) -> Bool { true }
}

extension Specification.Term {
  public var place: Place {
    switch self {
    case .number(_, let place), .string(_, let place), .list(_, let place): place
    case .part(let specification): specification.place
    }
  }
}

extension Specification: CustomStringConvertible {
  public var description: String {
    arguments.isEmpty ? name : "\(name)(\(arguments.map(\.description).joined(separator: ", ")))"
  }
}

extension Specification.Argument: CustomStringConvertible {
  public var description: String { label.map { "\($0): \(value)" } ?? "\(value)" }
}

extension Specification.Term: CustomStringConvertible {
  public var description: String {
    switch self {
    case .number(let text, _): text
    case .string(let text, _):
      "'\(text.replacing("\\", with: "\\\\").replacing("'", with: "\\'"))'"
    case .list(let terms, _): "[\(terms.map(\.description).joined(separator: ", "))]"
    case .part(let specification): specification.description
    }
  }
}
