import Layers
import Registry
import Tensors
import Testing

@Suite struct LayersTests {
  /// Layer, input, output, checksums of output and of the input's gradient: PyTorch 2.15 in Float64.
  static let published: [(String, Shape, Shape, Double, Double)] = [
    ("dense(5)", [3, 4], [3, 5], 0.8364324635128224, 1.0358555855769396),
    ("dense(5, bias: false)", [3, 4], [3, 5], 1.4299800384022279, 1.0358555855769396),
    ("conv(4)", [2, 3, 5, 6], [2, 4, 5, 6], 0.4999731137987731, 45.015496289144295),
    (
      "conv(4, kernel: 3, stride: 2, padding: valid)", [2, 3, 5, 6], [2, 4, 2, 2], -6.0640114726973, 1.6084765196493498
    ),
    (
      "conv(4, 3, padding: 3, dilation: 2, groups: 2)", [2, 4, 5, 6], [2, 4, 7, 8], -39.20322918489409,
      -38.53561803308176
    ),
    ("conv(4, kernel: 5, stride: 2, bias: false)", [2, 3, 5, 6], [2, 4, 3, 3], -6.81518269629109, -4.085483733398352),
    ("conv-transpose(4)", [2, 3, 5, 6], [2, 4, 5, 6], -3.536602181409976, 287.3987642936679),
    ("conv-transpose(4, stride: 2)", [2, 3, 5, 6], [2, 4, 10, 12], -0.7050768484283922, -0.04073446916722212),
    (
      "conv-transpose(4, kernel: 2, stride: 2, padding: valid)", [2, 3, 5, 6], [2, 4, 10, 12], -0.6137886342257186,
      -1.2164805984693459
    ),
    (
      "conv-transpose(6, 4, stride: 3, padding: 1, output-padding: 2, dilation: 2, groups: 2, bias: false)",
      [2, 4, 5, 6], [2, 6, 19, 22], -1.7914155428380356, -5.42497390783395
    ),
    ("depthwise-conv", [2, 3, 5, 6], [2, 3, 5, 6], 1.7549346071783614, 58.85953461205068),
    ("depthwise-conv(2, stride: 2)", [2, 3, 5, 6], [2, 6, 3, 3], 7.922264255221378, -13.555062158686948),
    ("max-pool", [2, 3, 5, 6], [2, 3, 2, 3], 1.48771805885844, -3.455847137687068),
    ("max-pool(3, stride: 2, padding: 1)", [2, 3, 5, 6], [2, 3, 3, 3], 0.5080913111486419, -0.9324510555797193),
    ("average-pool", [2, 3, 5, 6], [2, 3, 2, 3], 1.18523081420248, -0.5987044401425047),
    ("average-pool(3, stride: 2, padding: 1)", [2, 3, 5, 6], [2, 3, 3, 3], -1.2510598166168863, -0.08441311731293688),
    ("global-average-pool", [2, 3, 5, 6], [2, 3], -0.07000373926970788, -0.02762838723586089),
    ("flatten", [2, 3, 5, 6], [2, 90], -2.4007836404726546, 89.60147906019185),
    ("reshape(5, 6, 3)", [2, 3, 5, 6], [2, 5, 6, 3], -2.4007836404726546, 89.60147906019185),
    ("zero-pad(2)", [2, 3, 5, 6], [2, 3, 9, 10], 0.5237423226575619, 0.12631672331632737),
    ("batch-norm", [6, 3], [6, 3], 6.003883890873018, 2.7487689859832227),
    ("batch-norm(0.3, epsilon: 0.01)", [2, 3, 5, 6], [2, 3, 5, 6], 2.897756998186214, 13.093347882050578),
    ("sequence(dense(5), sequence(dense(4), dense(2)))", [3, 4], [3, 2], -0.49517963198840814, 1.154766147881468),
    (
      "residual(conv(4, stride: 2), batch-norm, shortcut: conv(4, kernel: 1, stride: 2))", [2, 3, 5, 6], [2, 4, 3, 3],
      1.6750264644960668, -13.522395695322354
    ),
    ("repeat(2, dense(4))", [3, 4], [3, 4], -1.080830664225196, 3.395914697453359),
    ("mlp(5, 4, classes: 3, activation: tanh)", [3, 2, 2], [3, 3], -2.255796521114264, 0.47584416145599395),
  ]

  @Test("outputs and gradients agree with PyTorch", arguments: published)
  func agrees(_ row: (String, Shape, Shape, Double, Double)) throws {
    let (specification, shape, outputShape, output, gradient) = row
    let results = try LayerHarness(specification, shape).run()
    #expect(results.y.shape == outputShape, "\(specification)")
    #expect(abs(checksum(results.y) - output) < 1e-9, "\(specification): output \(checksum(results.y)), not \(output)")
    #expect(
      abs(checksum(results.gradient) - gradient) < 1e-9,
      "\(specification): gradient \(checksum(results.gradient)), not \(gradient)")
  }

  @Test("parameters have the names and shapes of PyTorch's Sequential")
  func names() throws {
    func variables(_ specification: String, _ shape: Shape) throws -> [String] {
      try LayerHarness.declared(specification, shape).map { "\($0.name) \($0.shape) \($0.role)" }
    }
    #expect(
      try variables("lenet", [1, 1, 28, 28]) == [
        "0.weight [32, 1, 3, 3] weight", "0.bias [32] bias", "2.weight [64, 32, 3, 3] weight", "2.bias [64] bias",
        "7.weight [128, 9216] weight", "7.bias [128] bias", "10.weight [10, 128] weight", "10.bias [10] bias",
      ])
    #expect(
      try variables("mlp(20)", [1, 1, 4, 4]) == [
        "1.weight [20, 16] weight", "1.bias [20] bias", "3.weight [10, 20] weight", "3.bias [10] bias",
      ])
    #expect(
      try variables("sequence(residual(conv(4), shortcut: conv(4, kernel: 1, bias: false)), batch-norm)", [2, 3, 4, 4])
        == [
          "0.body.0.weight [4, 3, 3, 3] weight", "0.body.0.bias [4] bias", "0.shortcut.weight [4, 3, 1, 1] weight",
          "1.weight [4] scale", "1.bias [4] bias", "1.running_mean [4] statistic", "1.running_var [4] statistic",
        ])
    #expect(
      try variables("repeat(2, dense(3, bias: false))", [2, 3]) == [
        "0.0.weight [3, 3] weight", "1.0.weight [3, 3] weight",
      ])
    #expect(try variables("dense(3)", [2, 3]) == ["weight [3, 3] weight", "bias [3] bias"])
  }

  @Test func aLayersOwnInitializerWins() throws {
    let trace = Trace()
    let model = ModelTrace(trace, phase: .training) { shape, _, _ in Tensor(shape) { _ in 7 } }
    let x = trace.input("x", [2, 3])
    let part = try LayerHarness.make("sequence(dense(2), dense(2, initializer: ones))")
    _ = try part(x, in: Scope(model))
    let values = model.variables.map { model.initialValue(of: $0, seed: 1)?.doubles.first }
    #expect(values == [7, 0, 1, 0])
  }
}
