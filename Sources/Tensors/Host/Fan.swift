/// How many inputs and outputs a weight connects: what initializers scale by.
public struct Fan: Sendable, Equatable {
  /// Inputs that one output sums.
  public let input: Int
  /// Outputs that one input reaches.
  public let output: Int

  public init(input: Int, output: Int) {
    self.input = input
    self.output = output
  }
}
