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

  func open(_ access: ExperimentStore.Access = .readOnly) throws -> ExperimentStore {
    try ExperimentStore(path: path, access: access)
  }
}
