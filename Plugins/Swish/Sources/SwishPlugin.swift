import Activations
public import Registry

public enum SwishPlugin: Plugin {
  public static func register(in registry: inout Registry) {
    registry.register(Swish.self)
  }
}
