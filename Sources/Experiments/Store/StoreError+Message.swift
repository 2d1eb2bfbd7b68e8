extension StoreError: CustomStringConvertible {
  public var description: String {
    switch code {
    case .invalidQuery(let error): error.description
    default: "store \(path): \(message)"
    }
  }

  /// The sentence and the remedy, without the path.
  public var message: String {
    switch code {
    case .missing:
      "there is no such file; train a run first, or name another store with --store or $FLEDGE_STORE"
    case .notADatabase:
      "this file is not an SQLite database; it was left as it is; name another path with --store or $FLEDGE_STORE"
    case .foreignDatabase:
      "this SQLite database belongs to another program; it was left as it is; name another path with --store or $FLEDGE_STORE"
    case .newerVersion(let migration):
      "a newer Fledge wrote it (it has the migration '\(migration)'); update Fledge to open it"
    case .olderVersion(let migration):
      "an older Fledge wrote it (it lacks the migration '\(migration)') and it cannot be written to; "
        + "make it writable, or copy it to where it is"
    case .cannotOpen(let reason):
      "it cannot be opened: \(reason)"
    case .readOnly(let reason):
      "it cannot be written to: \(reason); change the permissions, or name another path with --store or $FLEDGE_STORE"
    case .diskFull:
      "the disk is full; what was committed before is safe; free some space, then resume the run"
    case .sizeLimit(let bytes):
      "a file of it may not grow past \(bytes) bytes in this process (ulimit -f); what was committed before is safe; "
        + "raise the limit, then resume the run"
    case .busy(let seconds):
      "another process has held its lock (\(path).lock) for over \(format(seconds)) s; wait for it, or stop it"
    case .damaged:
      "the file is damaged; copy what can be saved with: sqlite3 '\(path)' .recover"
    case .corrupted(let corruption):
      message(of: corruption)
    case .unknownRun(let name, let nearest, let newest):
      "there is no run '\(name)'" + suggestion(nearest, newest)
    case .ambiguousRun(let prefix, let matches):
      "several runs begin with '\(prefix)': \(list(matches, upTo: 8)); give more of the id"
    case .activeRun(let id, let process, let host):
      "run \(id) is being trained by process \(process) on \(host); stop that process first"
    case .lostRun(let id):
      "run \(id) was resumed or deleted by another process; this one can record no more of it"
    case .groupAsRun(let name, let members):
      "'\(name)' is a group of runs; name one of them: \(list(members, upTo: 8))"
    case .runAsGroup(let name):
      "'\(name)' is a run by itself, not a group of runs"
    case .activeGroup(let name, let process, let host):
      "process \(process) on \(host) is at work on group '\(name)'; stop that process first"
    case .lostGroup(let name):
      "group '\(name)' was resumed or deleted by another process; this one can go on with it no more"
    case .memberOfGroup(let run, let group):
      "run \(run) belongs to group '\(group)', which is deleted as one: fledge delete \(group)"
    case .nameOfGroup(let name, let group):
      "the name '\(name)' is taken by group '\(group)'; choose another, or delete the group"
    case .nameOfRun(let name, let run):
      "the name '\(name)' cannot be a group's: a run is called '\(run)'; choose another"
    case .unknownCheckpoint(let run, let wanted, let steps):
      steps.isEmpty
        ? "run \(run) has no checkpoints yet"
        : "run \(run) has no \(wanted) checkpoint; it has steps \(steps.map(String.init).joined(separator: ", "))"
    case .unknownMetric(let name, let run, let nearest, let existing):
      "run \(run) has no metric '\(name)'"
        + (nearest.map { "; did you mean '\($0)'?" }
          ?? (existing.isEmpty ? "; it has recorded none yet" : "; it has \(list(existing, upTo: 12))"))
    case .unknownTag(let tag, let run, let nearest, let existing):
      "run \(run) has no tag '\(tag)'"
        + (nearest.map { "; did you mean '\($0)'?" }
          ?? (existing.isEmpty ? "; it has none" : "; it has \(list(existing, upTo: 12))"))
    case .invalidName(let name, let reason):
      "'\(name)' cannot name a run: \(reason)"
    case .invalidTensor(let name, let expected, let found):
      "tensor '\(name)' should have \(expected) bytes by its shape, and has \(found)"
    case .invalidQuery(let error):
      error.description
    case .closed:
      "it was closed"
    case .crossedFork:
      "it was opened before this process forked; open it again in the child"
    case .failed(let reason):
      reason
    }
  }

  private func message(of corruption: Corruption) -> String {
    let subject = corruption.tensor.map { "tensor '\($0)'" } ?? "the trainer's state"
    let remedy =
      corruption.intactStep.map {
        "the checkpoint at step \($0) is intact: resume with --from \($0), or read it with --checkpoint \($0)"
      }
      ?? "no other checkpoint of the run is intact: train it again"
    return "\(subject) of run \(corruption.run), checkpoint at step \(corruption.step), is corrupted "
      + "(its bytes do not have the SHA-256 \(corruption.hash)); \(remedy)"
  }

  private func suggestion(_ nearest: [String], _ newest: [String]) -> String {
    if !nearest.isEmpty {
      return "; did you mean \(nearest.map { "'\($0)'" }.joined(separator: " or "))?"
    }
    return newest.isEmpty ? "; the store has no runs yet" : "; the newest are \(newest.joined(separator: ", "))"
  }

  private func format(_ seconds: Double) -> String {
    seconds == seconds.rounded() ? String(Int(seconds)) : String(seconds)
  }
}

/// The first so many of a list, and how many there are beyond.
func list(_ items: [String], upTo limit: Int) -> String {
  let shown = items.prefix(limit).joined(separator: ", ")
  return items.count <= limit ? shown : "\(shown) and \(items.count - limit) more"
}
