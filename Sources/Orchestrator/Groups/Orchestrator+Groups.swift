public import Observers
public import Experiments
import Foundation

extension Orchestrator {
  /// Trains a recipe several times as a new group of the store, with seeds that go up from the recipe's; the group is
  /// called as the recipe, its runs NAME#1, NAME#2 ….
  ///
  /// - Parameters:
  ///   - recipe: what is trained.
  ///   - count: how many runs; at least 1.
  ///   - store: where the run is kept.
  ///   - retunes: whether kernels are timed anew that the store remembers as timed.
  ///   - observers: what else watches the run.
  ///   - interruption: through which the caller stops it.
  ///   - announce: called before each run is trained.
  /// - Returns: the group as it ended: completed, or interrupted by request.
  /// - Throws: as ``train(_:in:as:retunes:observers:interruption:)``; the group is then in the store as failed, unless
  ///   its first run could not begin. `StoreError` for a name that is taken.
  public func train(
    _ recipe: Recipe, repeats count: Int, in store: ExperimentStore, retunes: Bool = false,
    observers: [any TrainingObserver] = [], interruption: Interruption = Interruption(),
    announce: @escaping (MemberStart) throws -> Void = { _ in }
  ) throws -> GroupRecord {
    let recipe = try recipe.prepared(registry)
    let plan = Repeats(of: recipe, count: count)
    let group = NewGroup(
      name: recipe.name.isEmpty ? nil : recipe.name, kind: Repeats.kind, plan: try GroupPlanText.encode(plan))
    var trainer = GroupTrainer(
      orchestrator: self, store: store, plan: plan, id: group.id, name: group.name, group: .new(group),
      retunes: retunes, observers: observers, interruption: interruption, announce: announce)
    return try trainer.run()
  }

  /// Goes on with a group: what follows is what would have followed without the interruption, bit for bit. A run that
  /// failed is gone on with from its last checkpoint.
  ///
  /// - Parameters:
  ///   - group: the group, which no other process works on.
  ///   - store: where it is kept.
  ///   - evenIfActive: for a group whose process, on a host that is gone, can no longer be asked.
  ///   - observers: what else watches the run.
  ///   - interruption: through which the caller stops it.
  ///   - announce: called before each run is trained.
  /// - Returns: the group as it ended.
  /// - Throws: as ``resume(_:in:from:evenIfActive:overriding:observers:interruption:)``; `StoreError` with
  ///   `activeGroup` while a process works on it; ``GroupError``.
  public func resume(
    _ group: GroupRecord, in store: ExperimentStore, evenIfActive: Bool = false,
    observers: [any TrainingObserver] = [], interruption: Interruption = Interruption(),
    announce: @escaping (MemberStart) throws -> Void = { _ in }
  ) throws -> GroupRecord {
    let plan = try GroupPlanText.plan(of: group)
    let progress = GroupProgress(try plan.members, statuses: group.statuses, countsFailures: plan.countsFailures)
    if group.state == .completed, progress.next() == .complete {
      throw GroupError.nothingLeft(group: group.name, runs: group.done)
    }
    let taken = try store.resume(group: group.id, evenIfActive: evenIfActive)
    var trainer = GroupTrainer(
      orchestrator: self, store: store, plan: plan, id: taken.id, name: taken.name, group: .known(taken.id),
      evenIfActive: evenIfActive, observers: observers, interruption: interruption, announce: announce)
    return try trainer.run(retrying: true)
  }
}

extension GroupRecord {
  /// The runs that the group is to have, as far as they are known.
  /// - Throws: ``GroupError``.
  public var planned: [PlannedMember] {
    get throws { try GroupPlanText.plan(of: self).members }
  }
}

/// Plans as the store keeps them.
enum GroupPlanText {
  static func encode(_ plan: some GroupPlan) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(plan), as: UTF8.self)
  }

  /// The one place that knows which plans there are.
  static func plan(of group: GroupRecord) throws -> any GroupPlan {
    let text = Data(group.plan.utf8)
    do {
      switch group.kind {
      case .repeats: return try JSONDecoder().decode(Repeats.self, from: text)
      case .stages, .folds, .search, .experiment: throw GroupError.unknownKind(group: group.name, kind: group.kind)
      }
    } catch let error as DecodingError {
      throw GroupError.badPlan(group: group.name, reason: "\(error)")
    }
  }
}

/// Why a group cannot be trained.
public enum GroupError: Error, Sendable, Hashable {
  /// All its runs are done.
  case nothingLeft(group: String, runs: Int)
  case unknownKind(group: String, kind: GroupKind)
  case badPlan(group: String, reason: String)
}

extension GroupError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .nothingLeft(let group, let runs):
      "group '\(group)' is complete: all of its \(runs) runs are done; "
        + "to train one of them further: fledge resume \(NewMember.name(inGroup: group, position: 1)) --set epochs=…"
    case .unknownKind(let group, let kind):
      "group '\(group)' is of the kind '\(kind.rawValue)', which this Fledge cannot train; it can train "
        + GroupKind.repeats.rawValue
    case .badPlan(let group, let reason):
      "the plan of group '\(group)' cannot be read: \(reason)"
    }
  }
}
