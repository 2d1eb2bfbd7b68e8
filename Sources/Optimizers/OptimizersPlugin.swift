public import Registry

public enum OptimizersPlugin: Plugin {
  public static func register(in registry: inout Registry) {
    registry.register(AdaGrad.self)
    registry.register(Adam.self)
    registry.register(AdamW.self)
    registry.register(ClipNorm.self)
    registry.register(ClipValue.self)
    registry.register(Lookahead.self)
    registry.register(MaxNorm.self)
    registry.register(RMSProp.self)
    registry.register(SGD.self)
  }
}
