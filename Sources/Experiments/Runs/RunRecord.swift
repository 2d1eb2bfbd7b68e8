public import Foundation
import GRDB

/// Where a run stands.
public enum RunStatus: String, Sendable, Hashable, Codable, CaseIterable {
  case running
  /// Trained to its end.
  case completed
  /// Broken off, by a signal or with its process; can be resumed.
  case interrupted
  /// Ended by an error.
  case failed
  /// Ended early on purpose, by early stopping.
  case stopped

  /// Whether the run is trained to its end.
  public var isDone: Bool { self == .completed || self == .stopped }
}

/// A run as the store has it.
public struct RunRecord: Sendable, Hashable, Codable, Identifiable {
  /// Ten lower-case letters and digits, in the order of time; see `RunIdentifier`.
  public let id: String
  public let name: String?
  /// What a user wrote beside it.
  public let note: String?
  /// In alphabetical order.
  public let tags: [String]
  public let status: RunStatus
  public let stopReason: String?
  public let recipeYAML: String
  public let seed: UInt64
  public let versions: [String: String]
  public let host: String
  public let gitRevision: String?
  public let threads: Int
  public let backend: String
  public let created: Date
  public let finished: Date?
  /// Time spent training, over all resumptions.
  public let wallTimeSeconds: Double
  public let peakMemoryBytes: Int
  public let totalSteps: Int
  public let epochs: Int
  public let owner: ProcessIdentity
  /// The checkpoint that it was forked from.
  public let origin: RunOrigin?
  /// The name of the group that it belongs to.
  public let group: String?
  /// Its position there, from 1.
  public let member: Int?
}

extension RunRecord {
  /// What to select, and from where, for `init(_:tags:interrupted:)`.
  static let columns = "r.*, t.*, g.name AS group_name, m.position AS member"
  static let source = """
    runs r JOIN run_recipes t ON t.run = r.number LEFT JOIN group_members m ON m.run = r.number
      LEFT JOIN run_groups g ON g.number = m.group_number
    """

  /// `interrupted`: numbers of the runs whose process has ended.
  init(_ row: Row, tags: [String], interrupted: Set<Int64>) throws {
    let versions: String = try row.value("versions")
    let finished: Double? = try row.optional("finished")
    id = try row.value("id")
    name = try row.optional("name")
    note = try row.optional("note")
    self.tags = tags
    (status, stopReason) = try Liveness.standing(of: row, interrupted: interrupted)
    recipeYAML = try row.value("recipe")
    seed = UInt64(bitPattern: try row.value("seed"))
    self.versions = try JSONDecoder().decode([String: String].self, from: Data(versions.utf8))
    host = try row.value("host")
    gitRevision = try row.optional("git_revision")
    threads = try row.value("threads")
    backend = try row.value("backend")
    created = Date(timeIntervalSince1970: try row.value("created"))
    self.finished = finished.map(Date.init(timeIntervalSince1970:))
    wallTimeSeconds = try row.value("wall_time")
    peakMemoryBytes = try row.value("peak_memory")
    totalSteps = try row.value("steps")
    epochs = try row.value("epochs")
    owner = try Liveness.owner(of: row)
    let originStep: Int? = try row.optional("origin_step")
    origin = try row.optional("origin").map { RunOrigin(run: $0, step: originStep ?? 0) }
    group = try row.optional("group_name")
    member = try row.optional("member")
  }
}
