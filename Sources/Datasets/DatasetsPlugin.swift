public import Registry

public enum DatasetsPlugin: Plugin {
  public static func register(in registry: inout Registry) {
    registry.register(CSV.self)
    registry.register(FashionMNIST.self)
    registry.register(MNIST.self)
    registry.register(Shapes.self)
    registry.register(Synthetic.self)
  }
}
