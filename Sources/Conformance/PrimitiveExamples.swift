import Tensors

/// One node of a primitive with operands for it.
struct PrimitiveExample {
  let operation: Tensors.Operation
  let operands: [(shape: Shape, numbers: Numbers)]
  let result: Shape

  /// What an operand is filled with.
  enum Numbers {
    /// Standard normal.
    case normal
    /// In [½, 1½).
    case positive
    /// 0, 1 … below a bound, so that some are equal and some are no row of a table.
    case whole(below: Int)
  }

  init(_ operation: Tensors.Operation, _ operands: [(Shape, Numbers)], _ result: Shape) {
    self.operation = operation
    self.operands = operands.map { (shape: $0, numbers: $1) }
    self.result = result
  }

  /// Every primitive but inputs, variables and assignments, which every program has.
  static let all = sources + elementwise + reductions + layouts + matrixProducts + convolutions + pools

  private static let sources = [
    PrimitiveExample(.constant(1.5), [], .scalar),
    PrimitiveExample(.iota(axis: 1), [], [3, 5]),
    PrimitiveExample(.random(stream: 7), [], [3, 50]),
  ]

  private static let elementwise: [PrimitiveExample] = {
    let shape: Shape = [3, 50]
    let unary = Tensors.Operation.Unary.allCases.map { unary in
      let numbers: Numbers =
        switch unary {
        case .squareRoot, .reciprocal, .logarithm, .logarithmOnePlus: .positive
        default: .normal
        }
      return PrimitiveExample(.unary(unary), [(shape, numbers)], shape)
    }
    let binary = Tensors.Operation.Binary.allCases.map { binary in
      let numbers: [(Shape, Numbers)] =
        switch binary {
        case .power: [(shape, .positive), (shape, .normal)]
        case .divide: [(shape, .normal), (shape, .positive)]
        case .maximum, .minimum, .less, .equal: [(shape, .whole(below: 3)), (shape, .whole(below: 3))]
        case .add, .subtract, .multiply: [(shape, .normal), (shape, .normal)]
        }
      return PrimitiveExample(.binary(binary), numbers, shape)
    }
    let moments: Shape = [1, 50]
    return unary + binary + [
      PrimitiveExample(.select, [(shape, .whole(below: 2)), (shape, .normal), (shape, .normal)], shape),
      PrimitiveExample(.detach, [(shape, .normal)], shape),
      PrimitiveExample(
        .normalize(axes: [0], epsilon: 1e-5), [(shape, .normal), (moments, .normal), (moments, .positive)], shape),
    ]
  }()

  private static let reductions = [[0], [1], [2], [0, 2], [0, 1, 2]].flatMap { axes -> [PrimitiveExample] in
    let shape: Shape = [3, 4, 5]
    return Tensors.Operation.Reduction.allCases.map {
      PrimitiveExample(.reduce($0, axes: axes), [(shape, .normal)], shape.reducing(axes))
    }
      + (axes.count > 1
        ? []
        : [
          PrimitiveExample(.argumentOfMaximum(axis: axes[0]), [(shape, .whole(below: 9))], shape.reducing(axes))
        ])
  }

  private static let layouts = [
    PrimitiveExample(.reshape, [([2, 6], .normal)], [3, 4]),
    PrimitiveExample(.broadcast, [([1, 5], .normal)], [3, 5]),
    PrimitiveExample(.broadcast, [([3, 1], .normal)], [2, 3, 5]),
    PrimitiveExample(.transpose([2, 0, 1]), [([2, 3, 4], .normal)], [4, 2, 3]),
    PrimitiveExample(.slice(starts: [1, 0], strides: [1, 2]), [([4, 7], .normal)], [2, 4]),
    PrimitiveExample(.pad(low: [1, 0], high: [0, 2]), [([2, 3], .normal)], [3, 5]),
    PrimitiveExample(.concatenate(axis: 1), [([2, 3], .normal), ([2, 1], .normal), ([2, 2], .normal)], [2, 6]),
    PrimitiveExample(.gatherRows, [([4, 3], .normal), ([9], .whole(below: 6))], [9, 3]),
    PrimitiveExample(.scatterRows, [([9, 3], .normal), ([9], .whole(below: 6))], [4, 3]),
  ]

  private static let matrixProducts = [false, true].flatMap { first in
    [false, true].map { second in
      PrimitiveExample(
        .matmul(transposeFirst: first, transposeSecond: second),
        [(first ? [7, 5] : [5, 7], .normal), (second ? [6, 7] : [7, 6], .normal)], [5, 6])
    }
  }

  private static let convolutions: [PrimitiveExample] = [
    (Window(kernel: .init(3), padding: .init(1)), [2, 4, 6, 7], 5),
    (Window(kernel: .init(3), stride: .init(2)), [2, 3, 8, 7], 4),
    (Window(kernel: .init(2, 3), dilation: .init(2, 1), groups: 2), [2, 4, 6, 6], 6),
  ].flatMap { (window: Window, images: Shape, channels: Int) in
    let size = window.outputSize(height: images[2], width: images[3])
    let outputs: Shape = [images[0], channels, size.height, size.width]
    let filters: Shape = [channels, images[1] / window.groups, window.kernel.height, window.kernel.width]
    return [
      PrimitiveExample(.convolution(window), [(images, .normal), (filters, .normal)], outputs),
      PrimitiveExample(.convolutionInputGradient(window), [(outputs, .normal), (filters, .normal)], images),
      PrimitiveExample(.convolutionFilterGradient(window), [(outputs, .normal), (images, .normal)], filters),
    ]
  }

  private static let pools: [PrimitiveExample] = [
    Window(kernel: .init(2), stride: .init(2)), Window(kernel: .init(3), stride: .init(2), padding: .init(1)),
  ].flatMap { window in
    let images: Shape = [2, 3, 6, 8]
    let size = window.outputSize(height: images[2], width: images[3])
    let outputs: Shape = [images[0], images[1], size.height, size.width]
    return [
      PrimitiveExample(.maxPool(window), [(images, .normal)], outputs),
      PrimitiveExample(.maxPoolGradient(window), [(outputs, .normal), (images, .normal)], images),
      PrimitiveExample(.averagePool(window), [(images, .normal)], outputs),
      PrimitiveExample(.averagePoolGradient(window), [(outputs, .normal)], images),
    ]
  }
}

extension ConformanceSuite {
  /// A program of each example, whose inputs are the operands, new ones at each step.
  func primitiveExperiments() throws -> [Experiment] {
    try PrimitiveExample.all.enumerated().map { index, example in
      let trace = Trace()
      let names = example.operands.indices.map { "operand \($0)" }
      let operands = zip(names, example.operands).map { trace.input($0, $1.shape) }
      trace.output(trace.insert(example.operation, operands.map(\.id), example.result), as: "the result")
      let shapes = example.operands.map { "\($0.shape)" }.joined(separator: ", ")
      return Experiment(
        title: "\(example.operation.title) of \(shapes), seed \(seed)", graph: try trace.finish(), variables: [],
        inputs: { step in
          let tensors = zip(names, example.operands).map { name, operand in
            (name, self.tensor(operand.shape, operand.numbers, "primitive \(index), \(name), step \(step)"))
          }
          return Dictionary(tensors) { first, _ in first }
        })
    }
  }

  private func tensor(_ shape: Shape, _ numbers: PrimitiveExample.Numbers, _ name: String) -> Tensor {
    switch numbers {
    case .normal: return normal(shape, name)
    case .positive:
      let values = uniform(shape, name).doubles
      return Tensor(shape) { 0.5 + values[$0] }
    case .whole(let bound):
      var stream = stream(name)
      return Tensor(shape) { _ in Double(stream.index(below: bound)) }
    }
  }
}
