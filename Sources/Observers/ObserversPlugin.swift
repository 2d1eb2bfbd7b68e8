public import Registry

public enum ObserversPlugin: Plugin {
  public static func register(in registry: inout Registry) {
    registry.register(EarlyStopping.self)
  }
}
