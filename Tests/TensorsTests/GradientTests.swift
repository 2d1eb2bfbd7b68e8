import Execution
import Foundation
import Tensors
import Testing

/// An expression whose gradients are compared with central differences, on the reference backend.
struct GradientCase: Sendable, CustomStringConvertible {
  let description: String
  let shapes: [Shape]
  /// Where the inputs lie.
  let range: ClosedRange<Double>
  let formula: @Sendable ([Value]) -> Value

  init(
    _ description: String, _ shapes: [Shape], in range: ClosedRange<Double> = -2...2,
    _ formula: @escaping @Sendable ([Value]) -> Value
  ) {
    (self.description, self.shapes, self.range, self.formula) = (description, shapes, range, formula)
  }
}

@Suite struct GradientTests {
  static let image: Shape = [2, 4, 5, 6]
  static let plain = Window(kernel: .init(2))
  static let odd = Window(
    kernel: .init(3, 2), stride: .init(2, 1), padding: .init(1, 0), dilation: .init(1, 2), groups: 2)
  static let overlapping = Window(kernel: .init(3), stride: .init(2), padding: .init(1))

  static let unary: [GradientCase] = Tensors.Operation.Unary.allCases.map { unary in
    let isPositive = [.squareRoot, .reciprocal, .logarithm, .logarithmOnePlus].contains(unary)
    return GradientCase("unary \(unary.rawValue)", [[3, 4]], in: isPositive ? 0.3...3 : -2...2) { values in
      values[0].trace.insert(.unary(unary), [values[0].id], values[0].shape)
    }
  }

  static let binary: [GradientCase] = Tensors.Operation.Binary.allCases.map { binary in
    let isPositive = [.divide, .power].contains(binary)
    return GradientCase("binary \(binary.rawValue)", [[3, 4], [3, 4]], in: isPositive ? 0.3...2 : -2...2) { values in
      values[0].trace.insert(.binary(binary), values.map(\.id), values[0].shape)
    }
  }

  static let layout: [GradientCase] = [
    GradientCase("select", [[3, 4], [3, 4], [3, 4]]) { ($0[0] .< 0.5).select($0[1], $0[2]) },
    GradientCase("broadcast of a row and a column", [[4], [3, 1]]) { $0[0] * $0[1] },
    GradientCase("normalize", [image]) { $0[0].normalized(over: [0, 2, 3], epsilon: 1e-3).normalized },
    GradientCase("moments", [[5, 3]]) { $0[0].normalized(over: [0], epsilon: 0.1).variance },
    GradientCase("sum over two axes", [image]) { $0[0].sum(over: [1, 3]) },
    GradientCase("maximum", [[3, 5]]) { $0[0].maximum(over: [1]) },
    GradientCase("argument of maximum", [[3, 5]]) { $0[0] * $0[0].argumentOfMaximum(axis: 1) },
    GradientCase("log-sum-exp", [[3, 5]]) { $0[0].logarithmOfSumOfExponentials(axis: 1) },
    GradientCase("reshape", [[3, 4]]) { $0[0].reshaped([2, 6]) },
    GradientCase("transpose", [[2, 3, 4]]) { $0[0].transposed([2, 0, 1]) },
    GradientCase("slice", [[4, 5]]) { $0[0].slice(from: [1, 2], sizes: [2, 3]) },
    GradientCase("pad", [[2, 3]]) { $0[0].padded(low: [1, 0], high: [0, 2]) },
    GradientCase("concatenate", [[2, 3], [2, 1]]) { $0[0].concatenated(with: [$0[1], $0[0]], axis: 1) },
    GradientCase("gather rows, twice the same and out of range", [[4, 3]]) { values in
      values[0].gatheringRows((values[0].trace.iota([6], axis: 0) * 0.5).floor() * 2)
    },
    GradientCase("scatter rows", [[3, 2]]) { values in
      let rows = (values[0].trace.iota([3], axis: 0) * 0.5).floor()
      return values[0].trace.insert(.scatterRows, [values[0].id, rows.id], [4, 2])
    },
    GradientCase("detach", [[3]]) { $0[0] + $0[0].detached() * 0 },
  ]

  static let contractions: [GradientCase] =
    [false, true].flatMap { first in
      [false, true].map { second in
        GradientCase("matmul \(first) \(second)", [first ? [3, 2] : [2, 3], second ? [4, 3] : [3, 4]]) {
          $0[0].matmul($0[1], transposeFirst: first, transposeSecond: second)
        }
      }
    } + [
      GradientCase("convolution", [image, [3, 4, 2, 2]]) { $0[0].convolution($0[1], plain) },
      GradientCase("odd convolution", [image, [6, 2, 3, 2]]) { $0[0].convolution($0[1], odd) },
      GradientCase("convolution-input-gradient", [[2, 6, 3, 4], [6, 2, 3, 2]]) { values in
        values[0].trace.insert(.convolutionInputGradient(odd), values.map(\.id), image)
      },
      GradientCase("convolution-filter-gradient", [[2, 6, 3, 4], image]) { values in
        values[0].trace.insert(.convolutionFilterGradient(odd), values.map(\.id), [6, 2, 3, 2])
      },
      GradientCase("max-pool", [image]) { $0[0].maxPool(overlapping) },
      GradientCase("average-pool", [image]) { $0[0].averagePool(overlapping) },
      GradientCase("average-pool-gradient", [[2, 4, 3, 3]]) { values in
        values[0].trace.insert(.averagePoolGradient(overlapping), [values[0].id], image)
      },
    ]

  @Test(arguments: unary + binary + layout + contractions)
  func gradientsAgreeWithCentralDifferences(_ test: GradientCase) throws {
    let inputs = test.shapes.enumerated().map { index, shape in
      var stream = RandomStream(seed: 17, "\(test) \(index)")
      return Tensor(shape) { _ in stream.uniform(test.range.lowerBound, test.range.upperBound) }
    }
    let (value, gradients) = try programs(test)
    let exact = try gradients.run(inputs, step: 1)
    let width = 1e-5
    for (index, input) in inputs.enumerated() {
      let numbers = input.doubles
      for element in numbers.indices {
        let ends = try [width, -width].map { offset in
          var moved = inputs
          moved[index] = Tensor(input.shape) { numbers[$0] + ($0 == element ? offset : 0) }
          return try value.run(moved, step: 1)[0].doubles[0]
        }
        let numeric = (ends[0] - ends[1]) / (2 * width)
        let symbolic = exact[index].doubles[element]
        #expect(
          abs(numeric - symbolic) <= 1e-6 * max(1, abs(numeric)),
          "\(test), input \(index), element \(element): \(symbolic), differences give \(numeric)")
      }
    }
  }

  /// The formula's weighted sum, and that sum's gradients.
  private func programs(_ test: GradientCase) throws -> (value: any Program, gradients: any Program) {
    let session = ReferenceBackend().makeSession(SessionOptions())
    func write(_ trace: Trace) throws -> (sum: Value, inputs: [Value]) {
      let inputs = test.shapes.enumerated().map { trace.input("input \($0)", $1) }
      let y = test.formula(inputs)
      try trace.check()
      let weights = trace.iota([y.shape.elementCount], axis: 0).reshaped(y.shape)
      return (((weights * 0.7).cosine() * y).total(), inputs)
    }
    let (first, second) = (Trace(), Trace())
    first.output(try write(first).sum, as: "value")
    let (sum, inputs) = try write(second)
    for gradient in try second.gradients(of: sum, withRespectTo: inputs) { second.output(gradient, as: "gradient") }
    return (
      try session.compile(try first.finish()),
      try session.compile(try second.finish())
    )
  }

  @Test func secondDerivativesComeFree() throws {
    let trace = Trace()
    let x = trace.input("x", [3])
    let first = try trace.gradients(of: (x * x * x).total(), withRespectTo: [x])[0]
    trace.output(try trace.gradients(of: first.total(), withRespectTo: [x])[0], as: "second")
    let program = try ReferenceBackend().makeSession(SessionOptions()).compile(try trace.finish())
    #expect(try program.run([Tensor([3]) { Double($0) - 1 }], step: 1)[0].doubles == [-6, 0, 6])
  }

  @Test func whatDoesNotDependHasAZeroGradient() throws {
    let trace = Trace()
    let (x, y) = (trace.input("x", [2]), trace.input("y", [3]))
    let gradient = try trace.gradients(of: x.total(), withRespectTo: [y])[0]
    #expect(gradient.shape == [3])
    trace.output(gradient, as: "gradient")
    let program = try ReferenceBackend().makeSession(SessionOptions()).compile(try trace.finish())
    let inputs = program.graph.inputs.map { Tensor($0.shape) { _ in 1 } }
    #expect(try program.run(inputs, step: 1)[0].doubles == [0, 0, 0])
  }

  @Test func aDerivativeThatHasNoExpressionIsSaid() throws {
    let trace = Trace()
    let x = trace.input("x", [1, 1, 4, 4])
    let strided = x.slice(from: [0, 0, 0, 0], sizes: [1, 1, 2, 2], strides: [1, 1, 2, 2])
    #expect(throws: GradientError.self) { try trace.gradients(of: strided, withRespectTo: [x]) }
    let first = try trace.gradients(of: x.maxPool(Self.plain).squared(), withRespectTo: [x])[0]
    #expect(throws: GradientError.self) { try trace.gradients(of: first, withRespectTo: [x]) }
  }
}
