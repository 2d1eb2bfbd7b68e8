import Observers
import Experiments

/// Trains the runs of a group one after another: which, its plan and the store say; how, ``Orchestrator`` as for any run.
struct GroupTrainer {
  let orchestrator: Orchestrator
  let store: ExperimentStore
  let plan: any GroupPlan
  let id: String
  let name: String
  /// New until its first run is in the store.
  var group: NewMember.Group
  /// Of the next run to begin.
  var retunes = false
  var evenIfActive = false
  let observers: [any TrainingObserver]
  let interruption: Interruption
  let announce: (MemberStart) throws -> Void

  /// Trains what is left; whatever goes wrong is written down as the end of the group.
  ///
  /// `retrying`: whether a run that failed is gone on with.
  mutating func run(retrying: Bool = false) throws -> GroupRecord {
    do {
      let (state, reason) = try train(retrying: retrying)
      try store.finish(group: id, state, reason: reason)
      return try store.group(matching: id)
    } catch {
      // Of a group whose first run could not begin, the store has nothing.
      try? store.finish(group: id, .failed, reason: "\(error)")
      throw error
    }
  }

  private mutating func train(retrying: Bool) throws -> (state: GroupState, reason: String?) {
    let members = try plan.members
    var retrying = retrying
    while true {
      let known: GroupRecord? = if case .known(let id) = group { try store.group(matching: id) } else { nil }
      let progress = GroupProgress(members, statuses: known?.statuses ?? [:], countsFailures: plan.countsFailures)
      let step = progress.next(retrying: retrying)
      retrying = false
      let position: Int
      switch step {
      case .complete: return (.completed, nil)
      case .fail(let failed): return (.failed, "run \(memberName(failed)) failed")
      // Somebody resumed the run by itself and still trains it: to resume it here, too, is refused in the right words.
      case .begin(let next), .resume(let next), .wait(for: let next): position = next
      }
      // A new group begins all the same, with a run that is interrupted before its first step, as any run would be.
      if case .known = group, interruption.isRequested { return (.interrupted, "a request to stop") }
      let start = MemberStart(
        group: name, position: position, count: members.count, values: members[position - 1].values)
      try announce(start)
      let outcome: TrainingOutcome
      if let run = known?.members.first(where: { $0.position == position }) {
        outcome = try orchestrator.resume(
          store.run(matching: run.runID), in: store, evenIfActive: evenIfActive, observers: observers,
          interruption: interruption)
      } else {
        outcome = try begin(members[position - 1], at: position)
      }
      if outcome.status == .interrupted { return (.interrupted, outcome.stopReason) }
    }
  }

  private mutating func begin(_ member: PlannedMember, at position: Int) throws -> TrainingOutcome {
    var recipe = member.recipe
    recipe.name = memberName(position)
    defer { retunes = false }
    let outcome = try orchestrator.train(
      recipe, in: store, as: NewMember(of: group, position: position, values: member.values), retunes: retunes,
      observers: observers, interruption: interruption)
    group = .known(id)
    return outcome
  }

  private func memberName(_ position: Int) -> String { NewMember.name(inGroup: name, position: position) }
}

/// A run of a group that is about to be trained.
public struct MemberStart: Sendable, Hashable {
  public let group: String
  /// From 1.
  public let position: Int
  /// How many runs the group is to have.
  public let count: Int
  /// What tells it from the others: `seed` → `3`.
  public let values: [String: String]
}
