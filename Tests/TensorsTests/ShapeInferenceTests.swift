import Tensors
import Testing

/// A node, and the shape that it must have or a part of what is said against it.
struct NodeCase: Sendable, CustomStringConvertible {
  let operation: Tensors.Operation
  let operands: [Shape]
  let declared: Shape
  let shape: Shape?
  let refusal: String

  init(_ operation: Tensors.Operation, _ operands: [Shape], _ declared: Shape, is shape: Shape) {
    (self.operation, self.operands, self.declared, self.shape, refusal) = (operation, operands, declared, shape, "")
  }

  init(_ operation: Tensors.Operation, _ operands: [Shape], _ declared: Shape, refused: String) {
    (self.operation, self.operands, self.declared, shape, refusal) = (operation, operands, declared, nil, refused)
  }

  var description: String { "\(operation.title) of \(operands) to \(declared)" }
}

@Suite struct ShapeInferenceTests {
  static let window = Window(kernel: .init(2))
  static let padded = Window(
    kernel: .init(3, 2), stride: .init(2), padding: .init(1, 0), dilation: .init(2, 1), groups: 2)
  static let cases: [NodeCase] = sources + elementwise + layout + contractions + pooling + greatNumbers

  static let sources: [NodeCase] = [
    NodeCase(.input(0), [], [2], is: [2]), NodeCase(.variable(0), [], [2], is: [2]),
    NodeCase(.constant(1), [], [], is: []), NodeCase(.random(stream: 1), [], [4, 5], is: [4, 5]),
    NodeCase(.constant(1), [[2]], [], refused: "takes 0...0 operands, got 1"),
    NodeCase(.iota(axis: 1), [], [4, 5], is: [4, 5]),
    NodeCase(.iota(axis: 2), [], [4, 5], refused: "no axis 2 in [4, 5]"),
    NodeCase(.assign(0), [[2]], [2], is: [2]), NodeCase(.assign(0), [], [2], refused: "takes 1...1 operands, got 0"),
  ]

  static let elementwise: [NodeCase] = [
    NodeCase(.unary(.tanh), [[2, 3]], [9], is: [2, 3]), NodeCase(.detach, [[2, 3]], [9], is: [2, 3]),
    NodeCase(.unary(.tanh), [[2], [2]], [2], refused: "got 2"),
    NodeCase(.binary(.add), [[2, 3], [2, 3]], [], is: [2, 3]),
    NodeCase(.binary(.add), [[2, 3], [3]], [2, 3], refused: "operands of one shape, got [2, 3] and [3]"),
    NodeCase(.select, [[2], [2], [2]], [2], is: [2]), NodeCase(.select, [[2], [2], [1]], [2], refused: "one shape"),
    NodeCase(.normalize(axes: [0], epsilon: 0), [[4, 3], [1, 3], [1, 3]], [], is: [4, 3]),
    NodeCase(
      .normalize(axes: [0], epsilon: 0), [[4, 3], [4, 1], [1, 3]], [], refused: "moments over [0] of [4, 3]"),
    NodeCase(.normalize(axes: [2], epsilon: 0), [[4, 3], [4, 3], [4, 3]], [], refused: "names axes that [4, 3]"),
    NodeCase(.reduce(.sum, axes: [0, 2]), [[4, 3, 2]], [], is: [1, 3, 1]),
    NodeCase(.reduce(.sum, axes: [2, 0]), [[4, 3, 2]], [], refused: "names axes"),
    NodeCase(.reduce(.sum, axes: [1, 1]), [[4, 3]], [], refused: "names axes"),
    NodeCase(.reduce(.maximum, axes: [-1]), [[4, 3]], [], refused: "names axes"),
    NodeCase(.argumentOfMaximum(axis: 1), [[4, 3]], [], is: [4, 1]),
    NodeCase(.argumentOfMaximum(axis: 0), [[]], [], refused: "names axes"),
  ]

  static let layout: [NodeCase] = [
    NodeCase(.reshape, [[2, 6]], [3, 4], is: [3, 4]),
    NodeCase(.reshape, [[2, 6]], [5], refused: "[2, 6] has 12 elements, [5] has 5"),
    NodeCase(.broadcast, [[3, 1]], [2, 3, 4], is: [2, 3, 4]),
    NodeCase(.broadcast, [[3]], [3, 4], refused: "[3] does not broadcast to [3, 4]"),
    NodeCase(.broadcast, [[2, 3]], [3], refused: "does not broadcast"),
    NodeCase(.transpose([2, 0, 1]), [[4, 5, 6]], [], is: [6, 4, 5]),
    NodeCase(.transpose([0, 0]), [[4, 5]], [], refused: "is not an order of the axes of [4, 5]"),
    NodeCase(.slice(starts: [1, 0], strides: [1, 2]), [[4, 5]], [3, 3], is: [3, 3]),
    NodeCase(.slice(starts: [2], strides: [1]), [[4]], [3], refused: "to [3] leaves [4]"),
    NodeCase(.slice(starts: [-1], strides: [1]), [[4]], [3], refused: "leaves"),
    NodeCase(.slice(starts: [0], strides: [0]), [[4]], [3], refused: "leaves"),
    NodeCase(.slice(starts: [0, 0], strides: [1, 1]), [[4]], [3], refused: "names other axes than [4] has"),
    NodeCase(.pad(low: [1, 0], high: [0, 2]), [[4, 5]], [], is: [5, 7]),
    NodeCase(.pad(low: [-1], high: [0]), [[4]], [], refused: "does not fit [4]"),
    NodeCase(.pad(low: [1], high: [0]), [[4, 5]], [], refused: "does not fit"),
    NodeCase(.concatenate(axis: 1), [[2, 3], [2, 0], [2, 4]], [], is: [2, 7]),
    NodeCase(.concatenate(axis: 1), [[2, 3], [3, 3]], [], refused: "differ along that axis alone"),
    NodeCase(.concatenate(axis: 2), [[2, 3]], [], refused: "names axes"),
    NodeCase(.gatherRows, [[5, 2], [3]], [], is: [3, 2]),
    NodeCase(.gatherRows, [[5, 2], [3, 1]], [], refused: "does not take [5, 2] and [3, 1]"),
    NodeCase(.gatherRows, [[], [3]], [], refused: "does not take"),
    NodeCase(.scatterRows, [[3, 2], [3]], [5, 2], is: [5, 2]),
    NodeCase(.scatterRows, [[3, 2], [4]], [5, 2], refused: "to [5, 2] does not take [3, 2] and [4]"),
  ]

  static let contractions: [NodeCase] = [
    NodeCase(.matmul(transposeFirst: false, transposeSecond: false), [[2, 3], [3, 4]], [], is: [2, 4]),
    NodeCase(.matmul(transposeFirst: true, transposeSecond: true), [[3, 2], [4, 3]], [], is: [2, 4]),
    NodeCase(.matmul(transposeFirst: false, transposeSecond: false), [[2, 3], [4, 3]], [], refused: "does not take"),
    NodeCase(.matmul(transposeFirst: false, transposeSecond: false), [[2, 3], [3]], [], refused: "does not take"),
    NodeCase(.convolution(window), [[1, 3, 5, 6], [4, 3, 2, 2]], [], is: [1, 4, 4, 5]),
    NodeCase(.convolution(padded), [[1, 4, 7, 6], [6, 2, 3, 2]], [], is: [1, 6, 3, 3]),
    NodeCase(.convolution(window), [[3, 5], [4, 3, 2, 2]], [], refused: "expected 4 axes [batch, channels"),
    NodeCase(.convolution(window), [[1, 2, 5, 6], [4, 3, 2, 2]], [], refused: "filters [4, 3, 2, 2] in 1 groups"),
    NodeCase(.convolution(window), [[1, 3, 5, 6], [4, 3, 3, 3]], [], refused: "do not fit images"),
    NodeCase(
      .convolution(window), [[1, 3, 1, 6], [4, 3, 2, 2]], [], refused: "a 2×2 window does not fit into images"),
    NodeCase(.convolutionInputGradient(window), [[1, 4, 4, 5], [4, 3, 2, 2]], [1, 3, 5, 6], is: [1, 3, 5, 6]),
    NodeCase(
      .convolutionInputGradient(window), [[1, 4, 4, 4], [4, 3, 2, 2]], [1, 3, 5, 6], refused: "does not fit"),
    NodeCase(.convolutionFilterGradient(window), [[1, 4, 4, 5], [1, 3, 5, 6]], [4, 3, 2, 2], is: [4, 3, 2, 2]),
    NodeCase(
      .convolutionFilterGradient(window), [[2, 4, 4, 5], [1, 3, 5, 6]], [4, 3, 2, 2], refused: "does not fit"),
  ]

  static let pooling: [NodeCase] = [
    NodeCase(.maxPool(Window(kernel: .init(2), stride: .init(2))), [[1, 3, 5, 6]], [], is: [1, 3, 2, 3]),
    NodeCase(.averagePool(window), [[1, 3, 5, 6]], [], is: [1, 3, 4, 5]),
    NodeCase(.maxPool(window), [[3, 5, 6]], [], refused: "expected 4 axes"),
    NodeCase(.averagePool(window), [[1, 3, 5, 1]], [], refused: "does not fit into images [1, 3, 5, 1]"),
    NodeCase(
      .maxPool(Window(kernel: .init(2), padding: .init(2))), [[1, 3, 5, 6]], [], refused: "more than half of the window"
    ),
    NodeCase(.maxPoolGradient(window), [[1, 3, 4, 5], [1, 3, 5, 6]], [1, 3, 5, 6], is: [1, 3, 5, 6]),
    NodeCase(.maxPoolGradient(window), [[1, 3, 4, 4], [1, 3, 5, 6]], [1, 3, 5, 6], refused: "does not fit"),
    NodeCase(.averagePoolGradient(window), [[1, 3, 4, 5]], [1, 3, 5, 6], is: [1, 3, 5, 6]),
    NodeCase(.averagePoolGradient(window), [[1, 3, 4, 5]], [1, 3, 6, 6], refused: "does not fit"),
    NodeCase(.relayout, [[1, 4, 2, 2]], [], is: [1, 4, 2, 2]),
  ]

  /// Products and sums that no integer holds.
  static let greatNumbers: [NodeCase] = [
    NodeCase(.input(0), [], [1 << 20, 1 << 20], is: [1 << 20, 1 << 20]),
    NodeCase(.pad(low: [.max], high: [.max]), [[4]], [], refused: "shape [9223372036854775807]"),
    NodeCase(
      .concatenate(axis: 0), [[1 << 40], [1 << 40]], [1], refused: "shape [2199023255552], and a tensor holds at most"),
    NodeCase(
      .matmul(transposeFirst: false, transposeSecond: false), [[1 << 39, 1], [1, 1 << 39]], [], refused: "2⁴⁰ numbers"),
    NodeCase(.slice(starts: [1], strides: [.max]), [[4]], [3], refused: "leaves [4]"),
    NodeCase(.slice(starts: [.max], strides: [1]), [[4]], [3], refused: "leaves [4]"),
    NodeCase(
      .convolution(Window(kernel: .init(2), groups: .max)), [[1, 3, 5, 6], [4, 3, 2, 2]], [], refused: "do not fit"),
    NodeCase(
      .convolution(Window(kernel: .init(2), padding: .init(.max), dilation: .init(.max))),
      [[1, 3, 5, 6], [4, 3, 2, 2]],
      [], refused: "does not fit"),
    NodeCase(
      .convolution(Window(kernel: .init(2), stride: .init(0))), [[1, 3, 5, 6], [4, 3, 2, 2]], [],
      refused: "does not fit"),
    NodeCase(
      .maxPool(Window(kernel: .init(.max), padding: .init(.max))), [[1, 3, 5, 6]], [], refused: "more than half"),
  ]

  @Test(
    arguments: [
      [], [0], [1 << 40], [0, 1 << 40], [1 << 20, 1, 1 << 20], [Int.max], [1 << 20, 1 << 20, 2], [0, 1 << 40, 1 << 40],
      [.max, .max], [.max, 0], [-1], [-1, -1], [.min, 2],
    ] as [Shape])
  func elementCountsAreBounded(_ shape: Shape) {
    let product = shape.sizes.reduce(1.0) { $0 * Double($1) }
    #expect(shape.elementCount == Int(exactly: product) ?? (product < 0 ? .min : .max))
    let greatest = shape.sizes.reduce(1.0) { $0 * Double(max(1, $1)) }
    #expect(shape.isWithinLimits == (!shape.sizes.contains { $0 < 0 } && greatest <= 0x1p40))
    let trace = Trace()
    let value = trace.input("x", shape)
    #expect((trace.problem == nil) == shape.isWithinLimits)
    if let problem = trace.problem { #expect(problem.description.hasPrefix("input 'x' would have shape \(shape)")) }
    // What stands in can be computed with.
    #expect(value.shape.rank == shape.rank && value.shape.isWithinLimits)
    _ = (value + 1).sum().reshaped(.scalar)
  }

  @Test(arguments: cases)
  func aNodeHasTheShapeOfTheTableOrIsRefused(_ node: NodeCase) throws {
    let trace = Trace()
    let operands = node.operands.enumerated().map { trace.input("operand \($0)", $1).id }
    let value = trace.insert(node.operation, operands, node.declared)
    guard let shape = node.shape else {
      let error = #expect(throws: ShapeError.self, "\(node)") { try trace.check() }
      #expect(error?.description.contains(node.refusal) == true, "\(node)")
      #expect(value.shape == node.declared, "what stands in for \(node)")
      return
    }
    try trace.check()
    #expect(value.shape == shape, "\(node)")
  }

  @Test func everyPrimitiveIsTried() {
    let tried = Set(Self.cases.filter { $0.shape != nil }.map { number(of: $0.operation) })
    #expect(Set(0..<30).subtracting(tried).isEmpty)
  }

  /// The compiler asks for a number when a primitive is new.
  private func number(of operation: Tensors.Operation) -> Int {
    switch operation {
    case .input: 0
    case .variable: 1
    case .constant: 2
    case .iota: 3
    case .random: 4
    case .unary: 5
    case .binary: 6
    case .select: 7
    case .detach: 8
    case .normalize: 9
    case .reduce: 10
    case .argumentOfMaximum: 11
    case .reshape: 12
    case .broadcast: 13
    case .transpose: 14
    case .slice: 15
    case .pad: 16
    case .concatenate: 17
    case .gatherRows: 18
    case .scatterRows: 19
    case .matmul: 20
    case .convolution: 21
    case .convolutionInputGradient: 22
    case .convolutionFilterGradient: 23
    case .maxPool: 24
    case .maxPoolGradient: 25
    case .averagePool: 26
    case .averagePoolGradient: 27
    case .assign: 28
    case .relayout: 29
    }
  }
}
