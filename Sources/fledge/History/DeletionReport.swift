import Experiments

/// Which runs were deleted, or would be, and which stay for what reason.
struct DeletionReport {
  private let deletion: RunDeletion
  private let isDone: Bool

  init(_ deletion: RunDeletion, isDone: Bool) {
    self.deletion = deletion
    self.isDone = isDone
  }

  var text: String {
    guard !deletion.runs.isEmpty else { return "no runs" }
    var table = Table(["id", "name", "status", "created", isDone ? "done" : "to do"])
    table.rows = deletion.runs.map { run, fate in
      [run.id, run.name ?? "–", run.status.rawValue, Formatting.date(run.created), Self.reason(fate) ?? "delete"]
    }
    let count = "\(deletion.deleted.count) of \(Formatting.count(deletion.runs.count, "run"))"
    let sentence = isDone ? "deleted \(count)" : "nothing is deleted yet; --yes deletes \(count)"
    return "\(table.text)\n\n\(sentence)"
  }

  var json: JSONValue {
    .object([
      (isDone ? "deleted" : "wouldDelete", .texts(deletion.deleted.map(\.id))),
      (
        "kept",
        .array(
          deletion.runs.compactMap { run, fate in
            Self.reason(fate).map { .object([("id", .text(run.id)), ("reason", .text($0))]) }
          })
      ),
    ])
  }

  private static func reason(_ fate: RunDeletion.Fate) -> String? {
    switch fate {
    case .deleted: nil
    case .keptForGroup(let group): "keep: of group \(group)"
    case .keptAsActive: "keep: being trained"
    }
  }
}
