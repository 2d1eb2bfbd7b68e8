/// A part that a user can name: a layer, an activation, an optimizer, a dataset …
///
/// A part is a value with a name. Its parameters are stored properties that are wrapped in ``Parameter``; schema, help,
/// validation, printing and the experiment store read that one declaration. Laws, each a check in `Conformance`:
/// - `init()` makes a part that works with its defaults (for a required parameter: with its example).
/// - What `init()` makes is valid.
/// - Printing a part as a ``Specification`` and making it again gives an equal specification.
public protocol Component: Sendable {
  /// The registered name: lower-case words joined by hyphens, unique in the part's kind.
  static var name: String { get }
  /// One line for `fledge list`.
  static var summary: String { get }
  /// The defining formula for `fledge describe`, in plain text. Default: the summary.
  static var formula: String { get }
  /// The paper or text that defines the part.
  static var reference: String { get }
  /// A specification that shows the part in use. Default: the name with its required parameters.
  static var example: String { get }

  init()

  /// Throws, best ``ArgumentError``, if arguments that are each in their range do not go together.
  ///
  /// Called when the registry has made the part, before any data is read; parts nested in it are valid by then. Default:
  /// whatever is in range will do.
  func validate() throws
}

extension Component {
  public static var formula: String { summary }

  public func validate() {}

  public static var example: String {
    let part = Self()
    let required = part.parameters.filter(\.schema.isRequired).map { $0.schema.label }
    var specification = Specification(of: part)
    specification.arguments.removeAll { !required.contains($0.label ?? part.parameters.first?.schema.label ?? "") }
    return specification.description
  }
}

/// What one SwiftPM target adds to the registry.
///
/// A target of parts has a file `<Target>Plugin.swift` that holds `enum <Target>Plugin: Plugin`. The build tool finds it
/// there and writes the call, so that the package graph is the registry.
public protocol Plugin: Sendable {
  static func register(in registry: inout Registry)
}
