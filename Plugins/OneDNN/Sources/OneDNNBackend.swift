import COneDNN
public import Execution
import Registry
import Tensors

/// The CPU backend with oneDNN's convolutions and matrix products beside its own, images in blocks of 16 channels.
public struct OneDNNBackend: Backend {
  public static let name = "onednn"
  public static let summary = "Float32 on all cores: fused loops, and oneDNN's convolutions and matrix products"
  public static let reference = "oneDNN; Lavin and Gray 2015 (Winograd convolution)"

  public static let speed = 2
  public static var library: String { "oneDNN \(OneDNNLibrary.version)" }

  public init() {}

  public func obstacle(to precision: Precision) -> String? {
    precision == .float32 || fledge_dnn_has_bfloat16() != 0
      ? nil : "this processor has no bfloat16 instructions (AVX-512 BF16 or AMX)"
  }

  public func makeSession(_ options: SessionOptions) throws -> any Session {
    guard let library = OneDNNLibrary(options) else {
      throw ExecutionError.unavailable(backend: Self.name, reason: "oneDNN \(OneDNNLibrary.version) finds no engine")
    }
    return CPUSession(options, library: library)
  }
}
