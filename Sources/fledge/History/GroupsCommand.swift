import ArgumentParser
import Experiments
import Orchestrator

struct GroupsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "groups",
    abstract: "Lists groups of runs that belong together, the newest first.",
    discussion: """
      'fledge show GROUP' shows one with its runs; in 'fledge runs', group and member are columns:

      fledge runs --where 'group = base and seed = 3'
      """)

  @OptionGroup var storage: StoreOptions
  @OptionGroup var output: OutputOptions

  func run() throws {
    let groups = try storage.open().groups()
    if output.json { return try Console.result(JSONValue.array(groups.map(Self.json)).lines) }
    try Console.result(groups.isEmpty ? "no groups" : Self.text(groups))
  }

  private static func json(_ group: GroupRecord) -> JSONValue {
    .object([
      ("id", .text(group.id)), ("name", .text(group.name)), ("kind", .text(group.kind.rawValue)),
      ("state", .text(group.state.rawValue)), ("reason", .optional(group.reason)), ("created", .date(group.created)),
      ("finished", .date(group.finished)), ("done", .integer(group.done)),
      ("planned", group.plannedCount.map(JSONValue.integer) ?? .null),
    ])
  }

  private static func text(_ groups: [GroupRecord]) -> String {
    var table = Table(["id", "name", "kind", "state", "created", "done", "duration"], [.left, .left, .left, .left])
    table.alignments = [.left, .left, .left, .left, .left, .right, .right]
    table.rows = groups.map { group in
      [
        group.id, group.name, group.kind.rawValue, group.state.rawValue, Formatting.date(group.created),
        "\(group.done) of \(group.plannedCount.map(String.init) ?? "–")", Formatting.duration(group.seconds),
      ]
    }
    return table.text
  }
}
