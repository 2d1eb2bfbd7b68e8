public import Registry

public enum PreprocessorsPlugin: Plugin {
  public static func register(in registry: inout Registry) {
    registry.register(ChannelMean.self)
    registry.register(ChannelStandardize.self)
    registry.register(MeanImage.self)
    registry.register(Scale.self)
    registry.register(Standardize.self)
  }
}
