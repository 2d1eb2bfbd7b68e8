/// One argument of one part of a recipe, as a row that queries look into.
public struct ComponentArgument: Sendable, Hashable, Codable {
  /// What queries name: `optimizer`, `model`, `dataset` ….
  public let kind: String
  /// Where the part stands in the recipe: `optimizer`, `model.3`.
  public let path: String
  /// The part's name: `adam`.
  public let part: String
  /// The argument's name; nil in a row that only says that the part is there.
  public let argument: String?
  /// The value as it is written in a specification; one that reads as a number can be compared as one.
  public let value: String?

  public init(kind: String, path: String, part: String, argument: String? = nil, value: String? = nil) {
    self.kind = kind
    self.path = path
    self.part = part
    self.argument = argument
    self.value = value
  }
}

/// What is known of a run before its first step.
public struct NewRun: Sendable, Hashable, Codable {
  /// Need not be unique; nil for a run without one.
  public var name: String?
  public var tags: [String]
  /// The whole recipe, every default filled in.
  public var recipeYAML: String
  public var components: [ComponentArgument]
  public var seed: UInt64
  /// Program or library → version.
  public var versions: [String: String]
  public var host: String
  /// Of the working directory, where it is a git checkout.
  public var gitRevision: String?
  public var threads: Int
  public var backend: String
  /// The checkpoint that it was forked from.
  public var origin: RunOrigin?
  /// The process that trains it: the run counts as interrupted when it ends without finishing.
  public var owner: ProcessIdentity

  public init(
    name: String? = nil, tags: [String] = [], recipeYAML: String, components: [ComponentArgument] = [],
    seed: UInt64 = 0, versions: [String: String] = [:], host: String? = nil, gitRevision: String? = nil,
    threads: Int = 1, backend: String = "", origin: RunOrigin? = nil, owner: ProcessIdentity = .current()
  ) {
    self.name = name
    self.tags = tags
    self.recipeYAML = recipeYAML
    self.components = components
    self.seed = seed
    self.versions = versions
    self.host = host ?? owner.host
    self.gitRevision = gitRevision
    self.threads = threads
    self.backend = backend
    self.origin = origin
    self.owner = owner
  }
}
