public import Registry

public enum ActivationsPlugin: Plugin {
  public static func register(in registry: inout Registry) {
    registry.register(ELU.self)
    registry.register(GELU.self)
    registry.register(HardSigmoid.self)
    registry.register(HardSwish.self)
    registry.register(Identity.self)
    registry.register(LeakyReLU.self)
    registry.register(LogSoftmax.self)
    registry.register(Maxout.self)
    registry.register(Mish.self)
    registry.register(PReLU.self)
    registry.register(RReLU.self)
    registry.register(ReLU.self)
    registry.register(ReLU6.self)
    registry.register(SELU.self)
    registry.register(SiLU.self)
    registry.register(Sigmoid.self)
    registry.register(Softmax.self)
    registry.register(Softplus.self)
    registry.register(Softsign.self)
    registry.register(Tanh.self)
  }
}
