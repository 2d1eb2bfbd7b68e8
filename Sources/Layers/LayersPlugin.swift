public import Registry

public enum LayersPlugin: Plugin {
  public static func register(in registry: inout Registry) {
    registry.register(AveragePool.self)
    registry.register(BatchNorm.self)
    registry.register(Conv.self)
    registry.register(ConvTranspose.self)
    registry.register(Dense.self)
    registry.register(DepthwiseConv.self)
    registry.register(Dropout.self)
    registry.register(Flatten.self)
    registry.register(GlobalAveragePool.self)
    registry.register(LeNet.self)
    registry.register(MLP.self)
    registry.register(MaxPool.self)
    registry.register(Repeat.self)
    registry.register(Reshape.self)
    registry.register(Residual.self)
    registry.register(SequenceLayer.self)
    registry.register(ZeroPad.self)
  }
}
