/// What a model is made of: its layers in order, with what each makes and learns.
public struct ModelSummary: Sendable, Hashable, Codable {
  public struct Layer: Sendable, Hashable, Codable {
    /// `3`: the position, which also heads the names of its parameters.
    public let path: String
    /// As it is specified: `conv(32)`.
    public let layer: String
    /// Of one example.
    public let outputShape: [Int]
    public let parameterCount: Int

    public init(path: String, layer: String, outputShape: [Int], parameterCount: Int) {
      self.path = path
      self.layer = layer
      self.outputShape = outputShape
      self.parameterCount = parameterCount
    }
  }

  public let inputShape: [Int]
  public let layers: [Layer]
  public let parameterCount: Int

  public init(inputShape: [Int], layers: [Layer], parameterCount: Int) {
    self.inputShape = inputShape
    self.layers = layers
    self.parameterCount = parameterCount
  }
}
