public import Registry

public enum AugmentationsPlugin: Plugin {
  public static func register(in registry: inout Registry) {
    registry.register(AlternatingFlip.self)
    registry.register(Brightness.self)
    registry.register(Contrast.self)
    registry.register(Cutout.self)
    registry.register(HorizontalFlip.self)
    registry.register(RandomCrop.self)
    registry.register(Rotate.self)
    registry.register(VerticalFlip.self)
  }
}
