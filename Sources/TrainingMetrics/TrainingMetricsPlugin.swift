public import Registry

public enum TrainingMetricsPlugin: Plugin {
  public static func register(in registry: inout Registry) {
    registry.register(Accuracy.self)
    registry.register(ConfusionMatrix.self)
    registry.register(MeanAbsoluteError.self)
    registry.register(MeanSquaredError.self)
    registry.register(TopK.self)
  }
}
