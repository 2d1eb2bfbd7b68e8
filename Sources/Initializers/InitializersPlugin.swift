public import Registry

public enum InitializersPlugin: Plugin {
  public static func register(in registry: inout Registry) {
    registry.register(Constant.self)
    registry.register(HeNormal.self)
    registry.register(HeUniform.self)
    registry.register(LSUV.self)
    registry.register(LecunNormal.self)
    registry.register(LecunUniform.self)
    registry.register(Normal.self)
    registry.register(Ones.self)
    registry.register(Orthogonal.self)
    registry.register(TruncatedNormal.self)
    registry.register(Uniform.self)
    registry.register(XavierNormal.self)
    registry.register(XavierUniform.self)
    registry.register(Zeros.self)
  }
}
