public import Registry

public enum SchedulersPlugin: Plugin {
  public static func register(in registry: inout Registry) {
    registry.register(Constant.self)
    registry.register(Cosine.self)
    registry.register(Exponential.self)
    registry.register(InverseSquareRoot.self)
    registry.register(InverseTime.self)
    registry.register(Linear.self)
    registry.register(MultiStep.self)
    registry.register(Plateau.self)
    registry.register(Polynomial.self)
    registry.register(StepDecay.self)
    registry.register(Warmup.self)
  }
}
