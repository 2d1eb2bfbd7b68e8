// What a program trains with, and queries, is the orchestrator and the store themselves.
@_exported public import Experiments
import Foundation
@_exported public import Orchestrator
@_exported public import Registry

extension Orchestrator {
  /// The orchestrator of all parts that are linked into the library, and of the caller's own.
  ///
  ///     let store = try ExperimentStore(path: "fledge.sqlite", access: .readWrite)
  ///     let orchestrator = try Orchestrator(adding: [SnakePlugin.self])
  ///     let outcome = try orchestrator.train(recipe, in: store)
  ///     let good = try store.runs(RunQuery(where: "optimizer = adam and validation.accuracy > 0.9"))
  ///
  /// The environment is the process's; relative paths start from the folder that it runs in.
  /// - Throws: `RegistryError` if two parts of a kind have one name, or if a part is badly declared.
  public init(adding plugins: [any Plugin.Type] = []) throws {
    var registry = try Registry.linked()
    for plugin in plugins { plugin.register(in: &registry) }
    try registry.validate()
    self.init(registry: registry, environment: ProcessInfo.processInfo.environment)
  }
}
