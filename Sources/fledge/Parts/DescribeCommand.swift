import ArgumentParser
import Registry

struct DescribeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "describe",
    abstract: "Shows a part: its formula, parameters, ranges, defaults, source and an example.",
    discussion: "If parts of several kinds have the name, all of them are shown.")

  @Argument(help: "The name of a part.", completion: .parts) var name: String
  @Option(help: "Only the part of this kind.", completion: .kinds) var kind: String?
  @OptionGroup var output: OutputOptions

  func run() throws {
    let registry = try Registry.linked()
    let kind = try kind.map { try registry.kind(named: $0) }
    let parts = try registry.parts(named: name, kind: kind)
    try Console.result(
      output.json ? JSONValue.array(parts.map(json)).lines : parts.map(text).joined(separator: "\n\n"))
  }

  private func json(_ entry: Registry.Entry) -> JSONValue {
    .object([
      ("kind", .text(entry.kind)), ("name", .text(entry.name)), ("summary", .text(entry.type.summary)),
      ("formula", .text(entry.type.formula)), ("reference", .text(entry.type.reference)),
      ("example", .text(entry.type.example)), ("target", .text(entry.target)),
      (
        "parameters",
        .array(
          schemas(entry).map { schema in
            .object([
              ("label", .text(schema.label)), ("help", .text(schema.help)), ("type", .text(schema.type)),
              ("range", .optional(schema.range)), ("choices", .texts(schema.choices)),
              ("kinds", .texts(schema.kinds)), ("variadic", .bool(schema.isVariadic)),
              ("required", .bool(schema.isRequired)), ("default", .optional(schema.standard)),
            ])
          })
      ),
    ])
  }

  private func text(_ entry: Registry.Entry) -> String {
    var lines = ["\(entry.name) (\(entry.kind)): \(entry.type.summary)", ""]
    if entry.type.formula != entry.type.summary { lines.append("  formula  \(entry.type.formula)") }
    lines += [
      "  source   \(entry.type.reference)", "  example  \(entry.type.example)", "  target   \(entry.target)", "",
    ]
    let schemas = schemas(entry)
    guard !schemas.isEmpty else { return (lines + ["  takes no parameters"]).joined(separator: "\n") }
    let width = schemas.map(\.label.displayWidth).max() ?? 0
    for schema in schemas {
      let label = schema.label + String(repeating: " ", count: width - schema.label.displayWidth)
      lines.append("  \(label)  \(declaration(schema))")
      lines.append("  \(String(repeating: " ", count: width))    \(schema.help)")
    }
    return lines.joined(separator: "\n")
  }

  private func declaration(_ schema: ParameterSchema) -> String {
    let range = schema.range.map { ", \($0)" } ?? ""
    return schema.type + range + (schema.isRequired ? "; required" : "; default \(schema.standard ?? "none")")
  }

  private func schemas(_ entry: Registry.Entry) -> [ParameterSchema] {
    entry.type.init().parameters.map(\.schema)
  }
}
