public import Registry

public enum OrchestratorPlugin: Plugin {
  public static func register(in registry: inout Registry) {
    registry.register(EarlyStopping.self)
  }
}
