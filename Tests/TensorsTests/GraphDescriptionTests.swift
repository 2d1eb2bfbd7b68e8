import Tensors
import Testing

@Suite struct GraphDescriptionTests {
  /// One step of a perceptron with one hidden layer: forward, backward, update.
  static func trainingStep() throws -> Graph {
    let trace = Trace()
    let x = trace.input("x", [8, 3])
    let target = trace.input("target", [8])
    let variables = [
      Variable(name: "0.weight", shape: [4, 3], role: .weight), Variable(name: "0.bias", shape: [4], role: .bias),
      Variable(name: "2.weight", shape: [2, 4], role: .weight), Variable(name: "2.bias", shape: [2], role: .bias),
    ]
    let parameters = variables.map(trace.variable)
    let hidden = max(x.matmul(parameters[0], transposeSecond: true) + parameters[1], 0)
    let scores = hidden.matmul(parameters[2], transposeSecond: true) + parameters[3]
    let losses = scores.logarithmOfSumOfExponentials(axis: 1) - (scores * target.oneHot(2)).sum(over: [1])
    let loss = losses.total() / 8
    let gradients = try trace.gradients(of: loss, withRespectTo: parameters)
    for (variable, (parameter, gradient)) in zip(variables, zip(parameters, gradients)) {
      trace.assign(parameter - 0.1 * gradient, to: variable)
    }
    trace.output(loss, as: "loss")
    trace.guardAssignments(by: loss)
    return try trace.finish()
  }

  @Test func aTrainingStepPrintsAsEver() throws {
    #expect(
      try Self.trainingStep().description == """
        %0 [8, 3] = input x
        %1 [8] = input target
        %2 [4, 3] = variable 0.weight
        %3 [4] = variable 0.bias
        %4 [2, 4] = variable 2.weight
        %5 [2] = variable 2.bias
        %6 [8, 4] = matmul ·ᵀ(%0, %2)
        %7 [8, 4] = broadcast(%3)
        %8 [8, 4] = add(%6, %7)
        %9 [] = constant 0.0
        %10 [8, 4] = broadcast(%9)
        %11 [8, 4] = maximum(%8, %10)
        %12 [8, 2] = matmul ·ᵀ(%11, %4)
        %13 [8, 2] = broadcast(%5)
        %14 [8, 2] = add(%12, %13)
        %15 [8, 1] = maximum over [1](%14)
        %16 [8, 1] = detach(%15)
        %17 [8, 2] = broadcast(%16)
        %18 [8, 2] = subtract(%14, %17)
        %19 [8, 2] = exponential(%18)
        %20 [8, 1] = sum over [1](%19)
        %21 [8, 1] = logarithm(%20)
        %22 [8, 1] = add(%21, %16)
        %23 [8, 2] = iota axis 1
        %24 [8, 1] = reshape(%1)
        %25 [8, 2] = broadcast(%24)
        %26 [8, 2] = equal(%23, %25)
        %27 [8, 2] = multiply(%14, %26)
        %28 [8, 1] = sum over [1](%27)
        %29 [8, 1] = subtract(%22, %28)
        %30 [1, 1] = sum over [0, 1](%29)
        %31 [] = reshape(%30)
        %32 [] = constant 8.0
        %33 [] = divide(%31, %32)
        %34 [] = constant 1.0
        %35 [] = broadcast(%34)
        %36 [] = divide(%35, %32)
        %37 [1, 1] = reshape(%36)
        %38 [8, 1] = broadcast(%37)
        %39 [8, 1] = negate(%38)
        %40 [8, 2] = broadcast(%39)
        %41 [8, 2] = multiply(%40, %26)
        %42 [8, 1] = divide(%38, %20)
        %43 [8, 2] = broadcast(%42)
        %44 [8, 2] = multiply(%43, %19)
        %45 [8, 2] = add(%41, %44)
        %46 [1, 2] = sum over [0](%45)
        %47 [2] = reshape(%46)
        %48 [8, 4] = matmul(%45, %4)
        %49 [2, 4] = matmul ᵀ(%45, %11)
        %50 [8, 4] = less(%10, %11)
        %51 [8, 4] = select(%50, %48, %10)
        %52 [1, 4] = sum over [0](%51)
        %53 [4] = reshape(%52)
        %54 [4, 3] = matmul ᵀ(%51, %0)
        %55 [] = constant 0.1
        %56 [4, 3] = broadcast(%55)
        %57 [4, 3] = multiply(%56, %54)
        %58 [4, 3] = subtract(%2, %57)
        %59 [4, 3] = assign 0.weight :=(%58)
        %60 [4] = broadcast(%55)
        %61 [4] = multiply(%60, %53)
        %62 [4] = subtract(%3, %61)
        %63 [4] = assign 0.bias :=(%62)
        %64 [2, 4] = broadcast(%55)
        %65 [2, 4] = multiply(%64, %49)
        %66 [2, 4] = subtract(%4, %65)
        %67 [2, 4] = assign 2.weight :=(%66)
        %68 [2] = broadcast(%55)
        %69 [2] = multiply(%68, %47)
        %70 [2] = subtract(%5, %69)
        %71 [2] = assign 2.bias :=(%70)
        return loss: %33
        guard finite: %33
        """)
  }

  @Test func tracingTwiceGivesTheSameGraph() throws {
    #expect(try Self.trainingStep().nodes == Self.trainingStep().nodes)
  }

  @Test func theGraphSaysWhatItChangesAndNeeds() throws {
    let graph = try Self.trainingStep()
    #expect(graph.assignments.count == 4)
    #expect(graph.roots.count == 6)
    #expect(graph.inputs.map(\.name) == ["x", "target"])
    #expect(graph.variables.map(\.name) == ["0.weight", "0.bias", "2.weight", "2.bias"])
    let uses = graph.useCounts
    // Nothing is left that nobody uses.
    #expect(graph.nodes.indices.allSatisfy { uses[$0] > 0 || graph.roots.contains($0) })
  }

  @Test(arguments: [
    (Window(kernel: .init(3)), "3×3"), (Window(kernel: .init(3, 2), stride: .init(2)), "3×2 stride 2×2"),
    (
      Window(kernel: .init(1), padding: .init(1, 0), dilation: .init(2, 1), groups: 4),
      "1×1 padding 1×0 dilation 2×1 groups 4"
    ),
  ])
  func windowsPrintWhatDiffersFromThePlainOne(_ window: Window, _ text: String) {
    #expect(window.description == text)
  }
}
