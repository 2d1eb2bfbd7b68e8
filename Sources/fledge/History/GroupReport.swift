import Experiments
import Foundation
import Orchestrator

/// All that is known of a group: its plan, its runs, and their figures together.
struct GroupReport {
  private let group: GroupRecord
  private let figures: [GroupFigure]

  init(_ group: GroupRecord, figures: [GroupFigure]) {
    self.group = group
    self.figures = figures
  }

  var text: String {
    let facts: [(String, String?)] = [
      ("group", group.id + (group.name == group.id ? "" : " (\(group.name))")),
      ("state", group.state.rawValue + (group.reason.map { ": \($0)" } ?? "")),
      ("created", Formatting.date(group.created)),
      ("finished", group.finished.map(Formatting.date)),
      ("plan", "\(group.kind.rawValue), \(group.done) of \(group.plannedCount.map(String.init) ?? "–") runs done"),
      ("trained", Formatting.duration(group.seconds)),
    ]
    var sections = [
      facts.compactMap { name, value in
        value.map { name.padding(toLength: 10, withPad: " ", startingAt: 0) + $0.printable }
      }.joined(separator: "\n"),
      runs,
    ]
    if !figures.isEmpty { sections.append(spread) }
    return sections.joined(separator: "\n\n")
  }

  /// Those that have begun, then those that are still planned.
  private var runs: String {
    let known = Dictionary(group.members.map { ($0.position, $0) }) { first, _ in first }
    let planned = ((try? group.planned) ?? []).map(\.values)
    let last = max(planned.count, group.members.last?.position ?? 0)
    let values = (1..<last + 1).map { known[$0]?.values ?? planned.dropFirst($0 - 1).first ?? [:] }
    let keys = Set(values.flatMap(\.keys)).sorted()
    var table = Table(
      ["member", "run"] + keys + ["status", "epochs", "steps", "duration"],
      [.right, .left] + keys.map { _ in .right } + [.left, .right, .right, .right])
    table.rows = values.enumerated().map { index, values in
      let member = known[index + 1]
      let rest = member.map {
        [$0.status.rawValue, String($0.epochs), String($0.steps), Formatting.duration($0.wallTimeSeconds)]
      }
      return [String(index + 1), member?.runID ?? "–"] + keys.map { values[$0] ?? "–" }
        + (rest ?? ["planned", "–", "–", "–"])
    }
    return table.text
  }

  private var spread: String {
    var table = Table(
      ["metric", "last: mean ± standard deviation", "runs", "best", "of member"],
      [.left, .right, .right, .right, .right])
    table.rows = figures.map { figure in
      let deviation = figure.standardDeviation.map { " ± \(Formatting.number($0))" } ?? ""
      return [
        figure.name, Formatting.number(figure.mean) + deviation, String(figure.count),
        figure.best.map(Formatting.number) ?? "–", figure.bestMember.map(String.init) ?? "–",
      ]
    }
    return table.text
  }

  var members: [(String, JSONValue)] {
    [
      ("id", .text(group.id)), ("name", .text(group.name)), ("kind", .text(group.kind.rawValue)),
      ("state", .text(group.state.rawValue)), ("reason", .optional(group.reason)), ("created", .date(group.created)),
      ("finished", .date(group.finished)), ("plan", .text(group.plan)),
      (
        "members",
        .array(
          group.members.map { member in
            .object([
              ("member", .integer(member.position)), ("run", .text(member.runID)), ("name", .optional(member.runName)),
              ("values", .object(member.values.mapValues(JSONValue.text))), ("status", .text(member.status.rawValue)),
              ("reason", .optional(member.stopReason)), ("epochs", .integer(member.epochs)),
              ("steps", .integer(member.steps)), ("duration", .number(member.wallTimeSeconds)),
            ])
          })
      ),
      (
        "figures",
        .array(
          figures.map { figure in
            .object([
              ("name", .text(figure.name)), ("runs", .integer(figure.count)), ("mean", .number(figure.mean)),
              ("standardDeviation", .optional(figure.standardDeviation)), ("best", .optional(figure.best)),
              ("bestMember", figure.bestMember.map(JSONValue.integer) ?? .null),
            ])
          })
      ),
    ]
  }
}

extension GroupRecord {
  /// How many runs it is to have; nil where its plan cannot be read.
  var plannedCount: Int? { try? planned.count }

  /// Spent training, over all runs.
  var seconds: Double { members.reduce(0) { $0 + $1.wallTimeSeconds } }
}
