/// The algorithm that runs use for an operation on a machine: a row of the table `plans`.
public struct KernelChoiceRecord: Sendable, Hashable, Codable {
  /// `convolution 3×3 padding 1×1`.
  public let operation: String
  /// Of operands and result, with the element type.
  public let shape: String
  public let algorithm: String
  /// Of one run when it was timed; nil for one that was chosen by rule.
  public let seconds: Double?

  public init(operation: String, shape: String, algorithm: String, seconds: Double? = nil) {
    self.operation = operation
    self.shape = shape
    self.algorithm = algorithm
    self.seconds = seconds
  }
}

/// Where choices hold: another library, machine or team of threads has its own.
public struct KernelChoiceScope: Sendable, Hashable, Codable {
  /// With its version: `oneDNN 2.6.3`.
  public let library: String
  /// The processor's model.
  public let machine: String
  public let threads: Int

  public init(library: String, machine: String, threads: Int) {
    self.library = library
    self.machine = machine
    self.threads = threads
  }
}
