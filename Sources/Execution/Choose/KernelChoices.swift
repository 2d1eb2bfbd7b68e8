/// Which algorithm computes each kernel of which a library has several: with a recipe, seed and thread count, these
/// determine the bits of a run.
public struct KernelChoices: Sendable, Equatable {
  /// What a choice is made for.
  public struct Key: Sendable, Hashable, Codable {
    /// `convolution 3×3 padding 1×1`.
    public let operation: String
    /// Of the operands, then of the result, then the element type: `[128, 512] · [256, 512] → [128, 256] float32`.
    public let shape: String

    public init(operation: String, shape: String) {
      self.operation = operation
      self.shape = shape
    }
  }

  public struct Choice: Sendable, Hashable {
    /// `winograd`.
    public let algorithm: String
    /// Of one run of the kernel when it was timed; nil for what was chosen by rule.
    public let seconds: Double?

    public init(algorithm: String, seconds: Double? = nil) {
      self.algorithm = algorithm
      self.seconds = seconds
    }
  }

  public var byKey: [Key: Choice]

  public init(_ byKey: [Key: Choice] = [:]) { self.byKey = byKey }

  public var isEmpty: Bool { byKey.isEmpty }

  /// By operation, then by shape.
  public var sorted: [(key: Key, choice: Choice)] {
    byKey.sorted { ($0.key.operation, $0.key.shape) < ($1.key.operation, $1.key.shape) }.map { ($0.key, $0.value) }
  }

  public subscript(key: Key) -> Choice? {
    get { byKey[key] }
    set { byKey[key] = newValue }
  }

  /// These, and those of `others` for keys that these lack.
  public func completed(by others: KernelChoices) -> KernelChoices {
    KernelChoices(byKey.merging(others.byKey) { mine, _ in mine })
  }
}

/// As a list in the order of keys, without times: the same choices give the same text.
extension KernelChoices: Codable {
  private struct Entry: Codable {
    let operation: String
    let shape: String
    let algorithm: String
  }

  public init(from decoder: any Decoder) throws {
    let entries = try [Entry](from: decoder).map {
      (Key(operation: $0.operation, shape: $0.shape), Choice(algorithm: $0.algorithm))
    }
    self.init(Dictionary(entries) { _, last in last })
  }

  public func encode(to encoder: any Encoder) throws {
    try sorted.map { Entry(operation: $0.operation, shape: $0.shape, algorithm: $1.algorithm) }.encode(to: encoder)
  }
}

/// When kernels are timed for choices.
public enum Tuning: Sendable {
  /// What is not known is chosen by rule, the same each time.
  case never
  /// What is not known is timed.
  case missing
  /// All is timed, whatever is known.
  case again
}
