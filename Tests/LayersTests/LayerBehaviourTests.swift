import Layers
import Registry
import Tensors
import TestSupport
import Testing

@Suite struct LayerBehaviourTests {
  @Test("batch norm moves its statistics as PyTorch does")
  func runningStatistics() throws {
    let rows: [(String, Shape, [Double], [Double])] = [
      (
        "batch-norm", [6, 3], [0.012954279994108584, -0.0007436818409460413, -0.013352148036753492],
        [0.9694058502004793, 0.945728710708393, 0.9708874717347115]
      ),
      (
        "batch-norm(0.3, epsilon: 0.01)", [2, 3, 5, 6],
        [0.0013818518910192622, 0.003693449599276701, 0.0005878125723300652],
        [0.8552003166621233, 0.8489038686428858, 0.8560396911764048]
      ),
    ]
    for (specification, shape, mean, variance) in rows {
      let layer = try LayerHarness(specification, shape)
      _ = try layer.run()
      for (name, expected) in [("running_mean", mean), ("running_var", variance)] {
        let values = try #require(try layer.read(name))
        expectClose(values, expected, within: 1e-14, "\(specification) \(name)")
      }
    }
  }

  @Test func batchNormInfersWithItsStatistics() throws {
    let statistics = ["running_mean": [0.5, -1, 2], "running_var": [0.25, 4, 1]]
    let layer = try LayerHarness("batch-norm", [1, 3, 2, 2], .inference, statistics: statistics)
    let expected = [
      0.841454155893066, -0.3912781538076939, -2.2835193612137243, -2.06313166442554, 1.3054716577450234,
      1.4140411738600007, 1.2168841996343385, 1.0028361641982961, 2.1814846434410575, 1.0314025921435297,
      0.7841296082392722, 1.8019211924470089,
    ]
    expectClose(try layer.run().y.doubles, expected, within: 1e-14)
    #expect(try layer.read("running_mean") == statistics["running_mean"])
  }

  @Test func dropoutDropsItsShareAndScalesTheRest() throws {
    let layer = try LayerHarness("dropout(0.25)", [100, 100], seed: 3)
    let y = try layer.run(step: 1) { _ in 3 }.y.doubles
    #expect(Set(y) == [0, 4])
    let dropped = Double(y.count { $0 == 0 })
    // Five standard deviations of a binomial with n = 10,000, p = 1/4.
    #expect(abs(dropped - 2500) < 5 * (10_000 * 0.25 * 0.75).squareRoot())
    #expect(try layer.run(step: 1) { _ in 3 }.y.doubles == y)
    #expect(try layer.run(step: 2) { _ in 3 }.y.doubles != y)
  }

  @Test(arguments: [("dropout", Scope.Phase.inference), ("dropout(0)", .training)])
  func dropoutThatDropsNothingIsNoNode(_ specification: String, _ phase: Scope.Phase) throws {
    let layer = try LayerHarness(specification, [2, 3], phase)
    #expect(try layer.run { Double($0) }.y == Tensor([2, 3]) { Double($0) })
    #expect(layer.y.trace.graph.nodes.allSatisfy { if case .random = $0.operation { false } else { true } })
  }

  @Test(
    "errors name the place, the shapes and the remedy",
    arguments: [
      (
        "sequence(flatten, conv(8))", [128, 1, 28, 28],
        "layer 1, conv(8): expected 4 axes [batch, channels, height, width], got [128, 784]; "
          + "add reshape(channels, height, width) before it"
      ),
      (
        "sequence(dense(10))", [128, 1, 28, 28],
        "layer 0, dense(10): expected 2 axes [batch, features], got [128, 1, 28, 28]; add flatten before it"
      ),
      (
        "sequence(residual(relu, conv(64, stride: 2)))", [2, 32, 7, 7],
        "layer 0, residual(relu, conv(64, stride: 2)): the body makes [2, 64, 4, 4], the input is [2, 32, 7, 7], "
          + "and only equal shapes can be added; add shortcut: conv(64, kernel: 1, stride: 2)"
      ),
      (
        "sequence(residual(dense(5)))", [2, 4],
        "layer 0, residual(dense(5)): the body makes [2, 5], the input is [2, 4], and only equal shapes can be added; "
          + "add shortcut: dense(5)"
      ),
      (
        "sequence(max-pool, max-pool, max-pool)", [1, 1, 6, 6],
        "layer 2, max-pool: the window 2×2 stride 2×2 does not fit into images of 1×1; "
          + "use a smaller window, more padding, or less pooling before it"
      ),
      (
        "sequence(conv(6, groups: 2))", [1, 3, 6, 6],
        "layer 0, conv(6, groups: 2): groups 2 must divide the 3 input channels"
      ),
      (
        "sequence(reshape(3, 4))", [2, 8],
        "layer 0, reshape(3, 4): cannot give the 8 numbers of an example in [2, 8] the sizes [3, 4], which hold 12"
      ),
      (
        "conv-transpose(6, groups: 3)", [2, 4, 5, 5],
        "model: groups 3 must divide the 4 input channels"
      ),
      (
        "conv-transpose(4, kernel: 1, padding: 3)", [2, 4, 5, 5],
        "model: padding 3×3 leaves nothing of the output; use less padding or a larger filter"
      ),
      (
        "sequence(batch-norm)", [1, 8],
        "layer 0, batch-norm: one value a channel has no variance: training needs more than one, got [1, 8]; "
          + "use a batch size that leaves no batch of one"
      ),
      (
        "sequence(relu, sequence(relu, residual(relu, dense(2))))", [1, 2, 3],
        "layer 1.1.body.1, dense(2): expected 2 axes [batch, features], got [1, 2, 3]; add flatten before it"
      ),
      (
        "reshape(4611686018427387904, 4)", [2, 8],
        "model: cannot give the 8 numbers of an example in [2, 8] the sizes [4611686018427387904, 4], "
          + "which hold 9223372036854775807"
      ),
    ] as [(String, Shape, String)])
  func errors(_ specification: String, _ shape: Shape, _ expected: String) {
    let error = #expect(throws: ModelError.self) { try LayerHarness.declared(specification, shape) }
    #expect(error?.description == expected)
  }

  @Test(
    "specifications round-trip",
    arguments: [
      "conv(32)", "conv(32, kernel: 5, padding: valid)", "conv(32, padding: 2)",
      "conv-transpose(8, stride: 2)", "depthwise-conv(2)", "sequence(dense(10), relu)",
      "residual(relu, shortcut: dense(3))", "mlp", "mlp(300, 100, activation: tanh)", "mlp(128, 64)",
      "repeat(3, relu, dense(4))",
      "reshape(3, 4)", "max-pool(3, stride: 2)", "dense(4, initializer: ones)",
    ])
  func roundTrip(_ specification: String) throws {
    let part = try LayerHarness.make(specification)
    #expect(Specification(brief: part).description == specification)
    let full = Specification(of: part)
    #expect(Specification(of: try LayerHarness.make(full.description)) == full)
  }

  @Test(
    "values that no layer can have are refused",
    arguments: [
      "dense(0)", "dense(4000000000000000000)", "conv(8, padding: -1)", "conv(8, padding: some)", "conv(8, kernel: 0)",
      "dropout(1)", "batch-norm(epsilon: 0)", "repeat(100000, relu)", "zero-pad(-1)",
    ])
  func refused(_ specification: String) {
    #expect(throws: SpecificationError.self, "\(specification)") { try LayerHarness.make(specification) }
  }

  @Test(
    "sizes that no memory holds are refused by the layer that asks for them",
    arguments: [
      ("repeat(1000, repeat(1000, repeat(1000, dense(3))))", [2, 3], "more than 16384 parts"),
      ("repeat(1000, repeat(1000, dropout(0)))", [2, 3], "more than 16384 parts"),
      ("sequence(relu, dense(1048576))", [2, 1 << 21], "layer 1, dense(1048576)"),
      ("sequence(zero-pad(4096), conv(1048576, kernel: 4096, padding: 4096), relu)", [2, 1, 8, 8], "layer 1, conv"),
      (
        "repeat(3, depthwise-conv(1048576))", [2, 1, 8, 8],
        "depthwise-conv(1048576): '1.0.weight' would have shape [1099511627776, 1, 3, 3], and a tensor holds at most"
      ),
      (
        "sequence(conv-transpose(1048576, kernel: 4096, stride: 4096), relu)", [2, 1, 999, 999], "layer 0, conv-transp"
      ),
      ("reshape(9223372036854775807, 9223372036854775807)", [2, 3], "cannot give the 3 numbers of an example"),
    ] as [(String, Shape, String)])
  func greatSizes(_ specification: String, _ shape: Shape, _ message: String) throws {
    let trace = Trace()
    let model = ModelTrace(trace, phase: .training) { shape, _, _ in Tensor(shape) { _ in 0 } }
    let part = try LayerHarness.make(specification)
    let error = #expect(throws: ModelError.self) { try part(trace.input("x", shape), in: Scope(model)) }
    #expect(error?.description.contains(message) == true, "\(String(describing: error))")
  }
}
