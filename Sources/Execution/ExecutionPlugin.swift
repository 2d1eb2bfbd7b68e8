public import Registry

public enum ExecutionPlugin: Plugin {
  public static func register(in registry: inout Registry) {
    registry.register(CPUBackend.self)
    registry.register(NullBackend.self)
    registry.register(ReferenceBackend.self)
  }
}
