import Execution
import Tensors

extension StepGraph {
  /// Throws ``OrchestratorError/tooLarge(layer:bytes:_:)`` unless variables and inputs, and the largest of their first
  /// values with its copies, fit into memory together with the least that the step takes: before the first is made.
  func checkMemory(_ type: ElementType) throws {
    let first = graph.variables.map(\.shape.elementCount).max() ?? 0
    // First values are made in Float64 and become Float32. Three batches are prepared ahead of the one in use.
    let copies = first * (ElementType.float64.size + ElementType.float32.size)
    let inputs = 4 * graph.inputs.reduce(0) { $0 + $1.shape.elementCount * ElementType.float32.size }
    try namingLayers {
      try MachineMemory.check(
        graph.variableBytes(type) + graph.leastBytes(type) + copies + inputs, for: "the training step",
        remedy: "use smaller layers or a smaller batch")
    }
  }

  /// Says of which layer most memory is, if there is too little.
  func namingLayers<Result>(_ body: () throws -> Result) throws -> Result {
    do {
      return try body()
    } catch let error as MemoryError {
      let layers = model.layers.map { layer in
        let own = graph.variables.filter { $0.name.hasPrefix("\(layer.path).") }
        let elements = own.reduce(layer.output.shape.elementCount) { $0 + $1.shape.elementCount }
        return (place: "\(layer.path), \(layer.layer)", bytes: elements * ElementType.float32.size)
      }
      // A container is as large as what it holds, and comes after it.
      guard let largest = layers.max(by: { $0.bytes < $1.bytes }),
        let innermost = layers.first(where: { 2 * $0.bytes > largest.bytes })
      else { throw error }
      throw OrchestratorError.tooLarge(layer: innermost.place, bytes: innermost.bytes, error)
    }
  }
}
