public import Experiments

/// One recipe with several seeds, one after another: how much of a figure is chance.
public struct Repeats: GroupPlan {
  public static let kind = GroupKind.repeats

  /// YAML.
  public let recipe: String
  public let seeds: [UInt64]

  /// - Parameters:
  ///   - recipe: its seed is the first of the seeds; they go up by one.
  ///   - count: at least 1.
  init(of recipe: Recipe, count: Int) {
    self.recipe = recipe.yaml
    seeds = (0..<UInt64(max(1, count))).map { recipe.seed &+ $0 }
  }

  public var members: [PlannedMember] {
    get throws {
      let recipe = try Recipe(yaml: recipe, origin: "the recipe of the group")
      return seeds.map { seed in
        var member = recipe
        member.seed = seed
        return PlannedMember(member, values: ["seed": String(seed)])
      }
    }
  }
}
