import ArgumentParser
import Experiments
import Foundation

/// The file that holds the runs. Nothing is opened before a command asks for it.
struct StoreOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp("The file of runs (default: $FLEDGE_STORE, else ./fledge.sqlite).", valueName: "file"),
    completion: .file(extensions: ["sqlite"]))
  var store: String?

  var path: String {
    if let store { return store }
    let named = ProcessInfo.processInfo.environment["FLEDGE_STORE"] ?? ""
    return named.isEmpty ? "fledge.sqlite" : named
  }

  /// The store as a memory of which kernels are fastest: nil where there is none and none is named.
  func openForKernelChoices() throws -> ExperimentStore? {
    guard store != nil || FileManager.default.fileExists(atPath: path) else { return nil }
    do {
      return try open(.readWrite)
    } catch let error as StoreError {
      // One that cannot be written still says what it knows.
      guard case .readOnly = error.code else { throw error }
      return try open(.readOnly)
    }
  }

  /// Changes a store that is there: a writer alone would make one.
  func change<Result>(_ body: (ExperimentStore) throws -> Result) throws -> Result {
    try open().close()
    let store = try open(.readWrite)
    let result = try body(store)
    try store.close()
    return result
  }

  func open(_ access: ExperimentStore.Access = .readOnly) throws -> ExperimentStore {
    try ExperimentStore(path: path, access: access)
  }
}
