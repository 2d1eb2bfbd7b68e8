import Activations
import Augmentations
import Conformance
import Datasets
import Execution
import Initializers
import Layers
import Losses
import Observers
import Optimizers
import Preprocessors
import Registry
import Regularizers
import Schedulers
import Testing
import TrainingMetrics

@Suite struct CatalogueConformanceTests {
  static func catalogue() -> Registry {
    var registry = Registry()
    ActivationsPlugin.register(in: &registry)
    AugmentationsPlugin.register(in: &registry)
    DatasetsPlugin.register(in: &registry)
    ExecutionPlugin.register(in: &registry)
    InitializersPlugin.register(in: &registry)
    LayersPlugin.register(in: &registry)
    LossesPlugin.register(in: &registry)
    ObserversPlugin.register(in: &registry)
    OptimizersPlugin.register(in: &registry)
    PreprocessorsPlugin.register(in: &registry)
    RegularizersPlugin.register(in: &registry)
    SchedulersPlugin.register(in: &registry)
    TrainingMetricsPlugin.register(in: &registry)
    return registry
  }

  static let parts = catalogue().kinds.flatMap { kind in
    catalogue().entries(of: kind).map { (kind, $0.name) }
  }

  @Test("every part conforms", arguments: parts)
  func conforms(_ kind: String, _ name: String) {
    let results = ConformanceSuite(registry: Self.catalogue()).check(kind: kind, name: name)
    #expect(!results.isEmpty)
    for failure in results where failure.isFailure { Issue.record("\(failure)") }
  }

  @Test("the greatest arguments are tried, three deep: of repeat the nested one alone is refused")
  func extremes() throws {
    let results = ConformanceSuite(registry: Self.catalogue(), backends: []).check(kind: "layer", name: "repeat")
    let result = try #require(results.first { $0.check == "extreme arguments" })
    #expect(result.detail == "extreme arguments tried: 4, refused: 1")
  }
}
