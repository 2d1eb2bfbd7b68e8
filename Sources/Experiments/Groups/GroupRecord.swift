public import Foundation

/// What the runs of a group are to each other.
public enum GroupKind: String, Sendable, Hashable, Codable, CaseIterable {
  /// One recipe with several seeds.
  case repeats
  /// Trainings of one model, each from the weights of another.
  case stages
  /// One recipe, each time with another part of the examples for validation.
  case folds
  /// Trials of a search for good arguments.
  case search
  /// What an experiment of the laboratory compares.
  case experiment
}

/// Where a group stands.
public enum GroupState: String, Sendable, Hashable, Codable, CaseIterable {
  /// A process works on it.
  case running
  /// All that was planned is done.
  case completed
  /// Broken off, by a signal or with its process; can be resumed.
  case interrupted
  /// Ended by an error.
  case failed
}

/// A group as the store has it: runs that belong together, with a plan that says which come next.
public struct GroupRecord: Sendable, Hashable, Codable, Identifiable {
  /// Ten lower-case letters and digits, as runs have them; see `RunIdentifier`.
  public let id: String
  /// No other group has it, and no run; the id where none was given.
  public let name: String
  public let kind: GroupKind
  /// What is to be trained: JSON, of a form that the kind decides.
  public let plan: String
  public let state: GroupState
  public let reason: String?
  public let created: Date
  public let finished: Date?
  /// The process that works on it, or did last.
  public let owner: ProcessIdentity
  /// The runs that have begun, by position.
  public let members: [GroupMember]

  /// Of the runs that have begun, by position.
  public var statuses: [Int: RunStatus] {
    Dictionary(members.map { ($0.position, $0.status) }) { first, _ in first }
  }

  /// How many runs are trained to their end.
  public var done: Int { members.count(where: \.status.isDone) }
}

/// A run of a group.
public struct GroupMember: Sendable, Hashable, Codable {
  /// From 1.
  public let position: Int
  /// What tells it from the others: `seed` → `3`.
  public let values: [String: String]
  public let runID: String
  public let runName: String?
  public let status: RunStatus
  public let stopReason: String?
  public let steps: Int
  public let epochs: Int
  public let wallTimeSeconds: Double
}

/// A group that is about to begin with its first run.
public struct NewGroup: Sendable, Hashable {
  public let id: String
  public let name: String
  public let kind: GroupKind
  public let plan: String
  public var owner: ProcessIdentity

  /// - Parameters:
  ///   - name: nil for the id.
  ///   - kind: what its runs have in common.
  ///   - plan: JSON.
  ///   - owner: the process that works on it.
  public init(name: String? = nil, kind: GroupKind, plan: String, owner: ProcessIdentity = .current()) {
    var generator = SystemRandomNumberGenerator()
    id = RunIdentifier.make(using: &generator)
    self.name = name ?? id
    self.kind = kind
    self.plan = plan
    self.owner = owner
  }
}

/// The place of a new run in a group.
public struct NewMember: Sendable, Hashable {
  public enum Group: Sendable, Hashable {
    /// Begins in the same transaction, so that no group is without a run.
    case new(NewGroup)
    /// The id of one that has begun.
    case known(String)
  }

  public let group: Group
  /// From 1.
  public let position: Int
  /// What tells it from the others; a value that reads as a number can be compared as one.
  public let values: [String: String]

  public init(of group: Group, position: Int, values: [String: String]) {
    self.group = group
    self.position = position
    self.values = values
  }

  /// What a member is called: `NAME#2`.
  public static func name(inGroup group: String, position: Int) -> String { "\(group)#\(position)" }
}

/// What a name in a store stands for.
public enum StoreEntry: Sendable, Hashable {
  case run(RunRecord)
  case group(GroupRecord)
}
