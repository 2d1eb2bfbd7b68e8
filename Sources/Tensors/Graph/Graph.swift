/// A program as data: an arena of nodes in an order in which each comes after its operands.
public struct Graph: Sendable {
  public typealias ID = Int

  public struct Node: Sendable, Hashable {
    public let operation: Operation
    public let operands: [ID]
    public let shape: Shape
    /// How the elements lie in memory.
    public let layout: Layout

    package init(operation: Operation, operands: [ID], shape: Shape, layout: Layout = .rowMajor) {
      self.operation = operation
      self.operands = operands
      self.shape = shape
      self.layout = layout
    }

    /// Of operation and operands alone: shape and layout mostly follow from these.
    public func hash(into hasher: inout Hasher) {
      hasher.combine(operation)
      hasher.combine(operands)
    }

    public var stored: StoredShape { StoredShape(shape, layout) }
  }

  /// What the caller passes at each run.
  public struct Input: Sendable, Hashable {
    public let name: String
    public let shape: Shape

    package init(name: String, shape: Shape) {
      self.name = name
      self.shape = shape
    }
  }

  /// A named result.
  public struct Output: Sendable, Hashable {
    public let name: String
    public let node: ID

    package init(name: String, node: ID) {
      self.name = name
      self.node = node
    }
  }

  public package(set) var nodes: [Node] = []
  public package(set) var inputs: [Input] = []
  public package(set) var variables: [Variable] = []
  public package(set) var outputs: [Output] = []
  /// The variables are assigned only if this scalar is finite, so that one bad step cannot spoil a model.
  public package(set) var guardNode: ID?

  public init() {}

  public subscript(id: ID) -> Node { nodes[id] }

  /// The nodes that change variables, in order.
  public var assignments: [ID] {
    nodes.indices.filter { if case .assign = nodes[$0].operation { true } else { false } }
  }

  /// The nodes that must be computed whether or not another node needs them.
  public var roots: [ID] { outputs.map(\.node) + assignments + (guardNode.map { [$0] } ?? []) }

  /// How many nodes use each node, outputs included.
  public var useCounts: [Int] {
    var counts = Array(repeating: 0, count: nodes.count)
    for node in nodes { for operand in node.operands { counts[operand] += 1 } }
    for output in outputs { counts[output.node] += 1 }
    return counts
  }

  /// The same program without nodes that nothing needs.
  public func removingDeadNodes() -> Graph {
    var isNeeded = Array(repeating: false, count: nodes.count)
    for root in roots { isNeeded[root] = true }
    for id in nodes.indices.reversed() where isNeeded[id] {
      for operand in nodes[id].operands { isNeeded[operand] = true }
    }
    guard isNeeded.contains(false) else { return self }
    var graph = self
    graph.nodes = []
    var renumbered = Array(repeating: -1, count: nodes.count)
    for (id, node) in nodes.enumerated() where isNeeded[id] {
      renumbered[id] = graph.nodes.count
      graph.nodes.append(
        Node(
          operation: node.operation, operands: node.operands.map { renumbered[$0] }, shape: node.shape,
          layout: node.layout))
    }
    graph.outputs = outputs.map { Output(name: $0.name, node: renumbered[$0.node]) }
    graph.guardNode = guardNode.map { renumbered[$0] }
    return graph
  }
}

/// A tensor that outlives the step: a parameter, running statistics, an optimizer's state.
public struct Variable: Sendable, Hashable {
  public enum Role: String, Sendable, Codable {
    /// A factor of the layer's input; the only role that regularizers and weight decay touch.
    case weight
    case bias
    /// A factor of a normalisation, or an activation's slope.
    case scale
    /// Statistics that a layer keeps, such as a running mean.
    case statistic
    case optimizerState

    public var isLearned: Bool { self == .weight || self == .bias || self == .scale }
  }

  /// The path that names it in checkpoints and exports: `0.weight`.
  public let name: String
  public let shape: Shape
  public let role: Role

  public init(name: String, shape: Shape, role: Role) {
    self.name = name
    self.shape = shape
    self.role = role
  }
}

extension Graph {
  /// The same program with these inputs declared in this order, whether or not a node reads them.
  package func declaring(inputs declared: [Input]) -> Graph {
    var graph = self
    graph.inputs = declared
    graph.nodes = nodes.map { node in
      guard case .input(let index) = node.operation,
        let position = declared.firstIndex(where: { $0.name == inputs[index].name })
      else { return node }
      return Node(operation: .input(position), operands: [], shape: node.shape)
    }
    return graph
  }
}
