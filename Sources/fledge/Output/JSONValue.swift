import Foundation

/// JSON whose members keep their order, so that the same result is the same text.
///
/// Numbers are the shortest that read back to the same bits. JSON has no number for NaN and the infinities: they are the
/// texts "NaN", "Infinity" and "-Infinity".
enum JSONValue {
  case null
  case bool(Bool)
  case integer(Int)
  case unsigned(UInt64)
  case number(Double)
  case float(Float)
  case text(String)
  case array([JSONValue])
  case object([(String, JSONValue)])
}

extension JSONValue {
  static func optional(_ text: String?) -> JSONValue { text.map(JSONValue.text) ?? .null }
  static func optional(_ number: Double?) -> JSONValue { number.map(JSONValue.number) ?? .null }
  static func texts(_ texts: [String]) -> JSONValue { .array(texts.map(JSONValue.text)) }
  static func date(_ date: Date?) -> JSONValue { .optional(date.map { $0.formatted(.iso8601) }) }

  /// The members in the order of their names.
  static func object(_ members: [String: JSONValue]) -> JSONValue {
    .object(members.sorted { $0.key < $1.key }.map { ($0.key, $0.value) })
  }
}

extension JSONValue: CustomStringConvertible {
  /// The value on one line.
  var description: String {
    switch self {
    case .null: "null"
    case .bool(let value): value ? "true" : "false"
    case .integer(let value): String(value)
    case .unsigned(let value): String(value)
    case .number(let value): value.isFinite ? "\(value)" : Self.quoted(Self.name(ofNotFinite: value))
    case .float(let value): value.isFinite ? "\(value)" : Self.quoted(Self.name(ofNotFinite: Double(value)))
    case .text(let value): Self.quoted(value)
    case .array(let values): "[\(values.map(\.description).joined(separator: ","))]"
    case .object(let members):
      "{\(members.map { "\(Self.quoted($0.0)):\($0.1)" }.joined(separator: ","))}"
    }
  }

  /// An array with an element a line: what a listing prints.
  var lines: String {
    guard case .array(let values) = self, !values.isEmpty else { return description }
    return "[\n\(values.map { "  \($0)" }.joined(separator: ",\n"))\n]"
  }

  private static func name(ofNotFinite value: Double) -> String {
    value.isNaN ? "NaN" : value < 0 ? "-Infinity" : "Infinity"
  }

  private static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      default: if let escape = scalar.escape { result += escape } else { result.unicodeScalars.append(scalar) }
      }
    }
    return result + "\""
  }
}
