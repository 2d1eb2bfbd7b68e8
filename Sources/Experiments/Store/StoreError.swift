/// What went wrong with a store, as data; `description` says it with the path and the remedy.
public struct StoreError: Error, Sendable {
  public enum Code: Sendable, Equatable {
    /// There is no file at the path, and it was opened for reading.
    case missing
    case notADatabase
    /// An SQLite file of some other program.
    case foreignDatabase
    /// A later Fledge added this migration.
    case newerVersion(migration: String)
    /// An earlier Fledge wrote it, and it cannot be brought up to date without writing.
    case olderVersion(migration: String)
    case cannotOpen(reason: String)
    case readOnly(reason: String)
    case diskFull
    /// A write would have made a file larger than this process may (RLIMIT_FSIZE).
    case sizeLimit(bytes: Int)
    /// Another process kept the lock for this many seconds.
    case busy(seconds: Double)
    /// SQLite found the file itself damaged.
    case damaged
    case corrupted(Corruption)
    case unknownRun(String, nearest: [String], newest: [String])
    case ambiguousRun(String, matches: [String])
    /// A living process is training the run.
    case activeRun(id: String, process: Int, host: String)
    /// Another process resumed or deleted the run that this one was recording.
    case lostRun(id: String)
    /// A group was named where a run was asked for; the names of its runs.
    case groupAsRun(String, members: [String])
    /// A run was named where a group was asked for.
    case runAsGroup(String)
    /// A living process works on the group.
    case activeGroup(String, process: Int, host: String)
    /// Another process took the group up, or deleted it, while this one worked on it.
    case lostGroup(String)
    /// A run of a group cannot be deleted by itself.
    case memberOfGroup(run: String, group: String)
    /// The name is a group's, or kept for its members.
    case nameOfGroup(String, group: String)
    /// A group's name must be no run's, nor the beginning of one as its members have.
    case nameOfRun(String, run: String)
    case unknownCheckpoint(run: String, wanted: String, steps: [Int])
    case unknownMetric(String, run: String, nearest: String?, existing: [String])
    /// A tag that was to be taken off a run that does not have it.
    case unknownTag(String, run: String, nearest: String?, existing: [String])
    case invalidName(String, reason: String)
    case invalidTensor(name: String, expectedBytes: Int, foundBytes: Int)
    case invalidQuery(QueryError)
    case closed
    case crossedFork
    case failed(reason: String)
  }

  /// A stored tensor that is not what was saved.
  public struct Corruption: Sendable, Equatable {
    public let run: String
    /// The path of the tensor, or nil for the trainer's state.
    public let tensor: String?
    public let step: Int
    /// SHA-256 of the bytes that were saved, in hexadecimal.
    public let hash: String
    /// The newest other checkpoint of the run that was just read and found whole.
    public let intactStep: Int?
  }

  public let code: Code
  public let path: String
  /// What the layer below said: SQLite, the operating system.
  public let cause: (any Error)?

  public init(_ code: Code, path: String, cause: (any Error)? = nil) {
    self.code = code
    self.path = path
    self.cause = cause
  }
}
