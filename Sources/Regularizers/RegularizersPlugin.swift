public import Registry

public enum RegularizersPlugin: Plugin {
  public static func register(in registry: inout Registry) {
    registry.register(ElasticNet.self)
    registry.register(L1.self)
    registry.register(L2.self)
  }
}
