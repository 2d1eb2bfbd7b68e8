public import Registry
public import Tensors

/// A source of examples.
///
/// Laws: the same parameters, files and seed give the same examples in the same order; a file that does not fit throws
/// ``DatasetError`` that names the place and the remedy.
public protocol Dataset: Component {
  func load(_ context: DatasetContext) throws -> DatasetSplits
}

/// Where a dataset may look, and the run's seed.
public struct DatasetContext: Sendable {
  /// The run's seed: for what a dataset draws anew in each run, such as a split.
  public var seed: UInt64
  /// The folders that the environment variable FLEDGE_DATA names.
  public var dataFolders: [String]
  /// What relative paths start from.
  public var workingFolder: String
  /// Where the system's packages put their data.
  public var systemFolder: String

  public init(
    seed: UInt64, dataFolders: [String] = [], workingFolder: String = ".", systemFolder: String = "/usr/share/datasets"
  ) {
    self.seed = seed
    self.dataFolders = dataFolders
    self.workingFolder = workingFolder
    self.systemFolder = systemFolder
  }

  /// The context of a process: FLEDGE_DATA is a list of folders separated by colons.
  public init(seed: UInt64, environment: [String: String]) {
    let folders = environment["FLEDGE_DATA", default: ""].split(separator: ":").map(String.init)
    self.init(seed: seed, dataFolders: folders)
  }

  /// A path as the file system takes it.
  func path(_ path: String) -> String {
    path.hasPrefix("/") || workingFolder == "." ? path : "\(workingFolder)/\(path)"
  }
}

/// The examples to train on and, where the source tells them apart, those to test on.
public struct DatasetSplits: Sendable {
  public var train: Examples
  public var test: Examples?

  public init(train: Examples, test: Examples?) {
    self.train = train
    self.test = test
  }

  /// The first examples of each split.
  func limited(to count: Int?) -> DatasetSplits {
    guard let count else { return self }
    return DatasetSplits(train: train.prefix(count), test: test?.prefix(count))
  }
}

extension Examples {
  fileprivate func prefix(_ limit: Int) -> Examples { limit < count ? self[0..<limit] : self }
}

extension Kind where Part == any Dataset {
  public static var dataset: Self { Kind("dataset", example: "fashion-mnist", template: .dataset) }
}

extension Registry {
  public mutating func register(_ part: (some Dataset).Type) { add(part, as: .dataset) }
}
