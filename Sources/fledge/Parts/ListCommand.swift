import ArgumentParser
import Registry

struct ListCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "Lists the parts that are there, by kind.")

  @Argument(help: "Only this kind: activation, layer, optimizer …", completion: .kinds) var kind: String?
  @OptionGroup var output: OutputOptions

  func run() throws {
    let registry = try Registry.linked()
    let kinds = try kind.map { [try registry.kind(named: $0)] } ?? registry.kinds
    try Console.result(output.json ? json(kinds, registry) : text(kinds, registry))
  }

  private func json(_ kinds: [String], _ registry: Registry) -> String {
    JSONValue.array(
      kinds.flatMap { registry.entries(of: $0) }.map { entry in
        .object([
          ("kind", .text(entry.kind)), ("name", .text(entry.name)), ("summary", .text(entry.type.summary)),
          ("target", .text(entry.target)),
        ])
      }
    ).lines
  }

  private func text(_ kinds: [String], _ registry: Registry) -> String {
    let width = kinds.flatMap { registry.entries(of: $0) }.map(\.name.displayWidth).max() ?? 0
    return kinds.map { kind in
      let entries = registry.entries(of: kind)
      let lines = entries.map { entry in
        "  \(entry.name)\(String(repeating: " ", count: width - entry.name.displayWidth))  \(entry.type.summary)"
      }
      return (["\(plural(kind)) (\(entries.count))"] + lines).joined(separator: "\n")
    }.joined(separator: "\n\n")
  }
}
