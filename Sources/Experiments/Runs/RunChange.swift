/// What was changed of a run's recipe when it was resumed.
public struct RunChange: Sendable, Hashable, Codable {
  /// Of the checkpoint after which it is trained so.
  public let step: Int
  /// A key of the recipe, or an argument of a part: `epochs`, `optimizer.rate`.
  public let path: String
  /// As a recipe has it.
  public let old: String
  public let new: String

  public init(step: Int, path: String, old: String, new: String) {
    self.step = step
    self.path = path
    self.old = old
    self.new = new
  }
}

/// What becomes of a run's recipe when it is resumed.
public struct RunUpdate: Sendable, Hashable {
  /// The run as it is trained from here on; its name, tags, seed and origin stay as they are in the store.
  public let run: NewRun
  public let changes: [RunChange]

  public init(_ run: NewRun, changes: [RunChange]) {
    self.run = run
    self.changes = changes
  }
}

/// The checkpoint that a run was forked from.
public struct RunOrigin: Sendable, Hashable, Codable {
  /// The run's id; it may have been deleted meanwhile.
  public let run: String
  public let step: Int

  public init(run: String, step: Int) {
    self.run = run
    self.step = step
  }
}
