public import Registry

public enum ExecutionPlugin: Plugin {
  public static func register(in registry: inout Registry) {
    registry.register(ReferenceBackend.self)
  }
}
