extension Graph: CustomStringConvertible {
  /// One line a node, as golden tests pin it: `%3 [128, 10] = matmul(%0, %1ᵀ)`.
  public var description: String {
    var lines = nodes.indices.map(line)
    lines += outputs.map { "return \($0.name): %\($0.node)" }
    if let guardNode { lines.append("guard finite: %\(guardNode)") }
    return lines.joined(separator: "\n")
  }

  /// The node and what it is computed from, for messages about it.
  public func line(_ id: ID) -> String {
    let node = nodes[id]
    let operands = node.operands.map { "%\($0)" }.joined(separator: ", ")
    let layout = node.stored.channelBlock.map { " in blocks of \($0)" } ?? ""
    return "%\(id) \(node.shape)\(layout) = \(title(node.operation))\(operands.isEmpty ? "" : "(\(operands))")"
  }

  private func title(_ operation: Operation) -> String {
    switch operation {
    case .input(let index) where inputs.indices.contains(index): "input \(inputs[index].name)"
    case .variable(let index) where variables.indices.contains(index): "variable \(variables[index].name)"
    case .assign(let index) where variables.indices.contains(index): "assign \(variables[index].name) :="
    default: operation.title
    }
  }
}

extension Operation {
  /// The primitive's name with its attributes.
  public var title: String {
    switch self {
    case .input(let index): "input \(index)"
    case .variable(let index): "variable \(index)"
    case .constant(let value): "constant \(value)"
    case .iota(let axis): "iota axis \(axis)"
    case .random(let stream): "random stream \(String(stream, radix: 16))"
    case .unary(let unary): unary.rawValue
    case .binary(let binary): binary.rawValue
    case .select: "select"
    case .detach: "detach"
    case .normalize(let axes, let epsilon): "normalize axes \(axes) epsilon \(epsilon)"
    case .reduce(let reduction, let axes): "\(reduction.rawValue) over \(axes)"
    case .argumentOfMaximum(let axis): "argument-of-maximum axis \(axis)"
    case .reshape: "reshape"
    case .broadcast: "broadcast"
    case .transpose(let order): "transpose \(order)"
    case .slice(let starts, let strides): "slice from \(starts) by \(strides)"
    case .pad(let low, let high): "pad \(low) \(high)"
    case .concatenate(let axis): "concatenate axis \(axis)"
    case .gatherRows: "gather-rows"
    case .scatterRows: "scatter-rows"
    case .matmul(let first, let second): "matmul\(first ? " ᵀ" : "")\(second ? " ·ᵀ" : "")"
    case .convolution(let window): "convolution \(window)"
    case .convolutionInputGradient(let window): "convolution-input-gradient \(window)"
    case .convolutionFilterGradient(let window): "convolution-filter-gradient \(window)"
    case .maxPool(let window): "max-pool \(window)"
    case .maxPoolGradient(let window): "max-pool-gradient \(window)"
    case .averagePool(let window): "average-pool \(window)"
    case .averagePoolGradient(let window): "average-pool-gradient \(window)"
    case .relayout: "relayout"
    case .assign(let index): "assign \(index)"
    }
  }
}

extension Window: CustomStringConvertible {
  /// The kernel and whatever differs from the plain window: `3×3 padding 1×1`.
  public var description: String {
    var text = "\(kernel)"
    if stride != Pair(1) { text += " stride \(stride)" }
    if padding != Pair(0) { text += " padding \(padding)" }
    if dilation != Pair(1) { text += " dilation \(dilation)" }
    if groups != 1 { text += " groups \(groups)" }
    return text
  }
}

extension Window.Pair: CustomStringConvertible {
  public var description: String { "\(height)×\(width)" }
}
