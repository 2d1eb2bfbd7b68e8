public import Registry

public enum LossesPlugin: Plugin {
  public static func register(in registry: inout Registry) {
    registry.register(BinaryCrossEntropy.self)
    registry.register(Hinge.self)
    registry.register(Huber.self)
    registry.register(MeanAbsoluteError.self)
    registry.register(MeanSquaredError.self)
    registry.register(SoftmaxCrossEntropy.self)
  }
}
