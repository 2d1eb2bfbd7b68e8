import ArgumentParser
import Conformance
import Registry

struct CheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Runs the conformance suite on registered parts: all, those of a kind, or one.",
    discussion: "Exits with 1 if a check fails.")

  @Argument(help: "Only parts of this kind, or with this name.", completion: .kinds) var kind: String?
  @Argument(help: "Only the part with this name.", completion: .parts) var name: String?
  @Flag(help: "Print failures and the totals alone.") var quiet = false
  @OptionGroup var output: OutputOptions

  func run() throws {
    let registry = try Registry.linked()
    let suite = ConformanceSuite(registry: registry)
    var results: [CheckResult] = []
    for entry in try entries(registry) {
      let found = suite.check(kind: entry.kind, name: entry.name)
      results += found
      if !output.json { for result in found where result.isFailure || !quiet { try Console.result("\(result)") } }
    }
    if output.json { try Console.result(JSONValue.array(results.map(Self.json)).lines) }
    let failures = results.count(where: \.isFailure)
    let skipped = results.count { if case .skipped = $0.status { true } else { false } }
    let parts = Set(results.map { "\($0.kind) \($0.name)" }).count
    let counted = parts == 1 ? "1 part" : "\(parts) parts"
    Console.note("\(counted), \(results.count) checks: \(failures) failed, \(skipped) skipped")
    if failures > 0 { throw CommandError("\(failures) of \(results.count) checks failed") }
  }

  /// A first word that is no kind may be a part's name.
  private func entries(_ registry: Registry) throws -> [Registry.Entry] {
    guard let kind else { return registry.kinds.flatMap { registry.entries(of: $0) } }
    if name == nil, (try? registry.kind(named: kind)) == nil, !registry.entries(named: kind).isEmpty {
      return registry.entries(named: kind)
    }
    let found = try registry.kind(named: kind)
    return try name.map { try registry.parts(named: $0, kind: found) } ?? registry.entries(of: found)
  }

  private static func json(_ result: CheckResult) -> JSONValue {
    let (status, message): (String, String?) =
      switch result.status {
      case .passed: ("passed", nil)
      case .failed(let message): ("failed", message)
      case .skipped(let reason): ("skipped", reason)
      }
    return .object([
      ("kind", .text(result.kind)), ("name", .text(result.name)), ("check", .text(result.check)),
      ("status", .text(status)), ("message", .optional(message)), ("detail", .text(result.detail)),
    ])
  }
}
