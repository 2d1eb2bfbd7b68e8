public import Registry
import Execution

public enum OneDNNPlugin: Plugin {
  public static func register(in registry: inout Registry) {
    registry.register(OneDNNBackend.self)
  }
}
