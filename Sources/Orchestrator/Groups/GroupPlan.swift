public import Experiments

/// What a group of runs is to train, as a value: the store keeps it as JSON, and the members follow from it.
public protocol GroupPlan: Codable, Sendable {
  static var kind: GroupKind { get }
  /// Those that are known, in order: what stands at a position never changes.
  var members: [PlannedMember] { get throws }
  /// Whether a run that failed is a result like any other, rather than the end of the group. Default: false.
  var countsFailures: Bool { get }
}

extension GroupPlan {
  public var countsFailures: Bool { false }
}

/// A run that a group is to have.
public struct PlannedMember: Sendable, Hashable {
  /// Its name is left to the group.
  public let recipe: Recipe
  /// What tells it from the others: `seed` → `3`.
  public let values: [String: String]
  /// The positions, from 1, of the members that must be done before it begins: it starts from what they learned.
  public let needs: [Int]

  public init(_ recipe: Recipe, values: [String: String], needs: [Int] = []) {
    self.recipe = recipe
    self.values = values
    self.needs = needs
  }
}
