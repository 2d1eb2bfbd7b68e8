#if OneDNN
  import Activations
  import Conformance
  import Execution
  import Layers
  import Initializers
  import OneDNN
  import Registry
  import Tensors
  import Testing

  /// The backend against the reference, on the shapes that decide which kernels run.
  struct OneDNNTests {
    private func registry() -> Registry {
      var registry = Registry()
      ActivationsPlugin.register(in: &registry)
      ExecutionPlugin.register(in: &registry)
      InitializersPlugin.register(in: &registry)
      LayersPlugin.register(in: &registry)
      OneDNNPlugin.register(in: &registry)
      return registry
    }

    /// Channels before and after, size, batch, convolution.
    static let shapes: [(inputs: Int, outputs: Int, size: Int, batch: Int, window: Window)] = [
      (16, 16, 9, 2, Window(kernel: .init(3), padding: .init(1))),
      (32, 48, 7, 3, Window(kernel: .init(3), padding: .init(1))),
      (64, 32, 12, 1, Window(kernel: .init(3))),
      (3, 32, 11, 2, Window(kernel: .init(5), stride: .init(2), padding: .init(2))),
      (1, 16, 10, 5, Window(kernel: .init(3), dilation: .init(2))),
      (16, 32, 8, 2, Window(kernel: .init(1), stride: .init(2))),
      (32, 64, 9, 2, Window(kernel: .init(2, 3), stride: .init(2, 1), padding: .init(0, 1))),
      (20, 24, 6, 2, Window(kernel: .init(3))),
      (16, 20, 6, 2, Window(kernel: .init(3), padding: .init(1))),
      (32, 32, 6, 2, Window(kernel: .init(3), padding: .init(1), groups: 4)),
      (32, 32, 9, 2, Window(kernel: .init(3), padding: .init(1), groups: 32)),
      (48, 48, 11, 3, Window(kernel: .init(3), stride: .init(2), padding: .init(1), groups: 48)),
      (16, 16, 10, 1, Window(kernel: .init(3), dilation: .init(2), groups: 16)),
      (32, 32, 7, 3, Window(kernel: .init(5), padding: .init(2), groups: 32)),
      (32, 32, 9, 1, Window(kernel: .init(2, 3), stride: .init(2, 1), padding: .init(0, 1), groups: 32)),
      (16, 16, 4, 2, Window(kernel: .init(3), padding: .init(3), groups: 16)),
      (20, 20, 6, 2, Window(kernel: .init(3), padding: .init(1), groups: 20)),
      (16, 32, 6, 2, Window(kernel: .init(3), padding: .init(1), groups: 16)),
      (32, 64, 9, 2, Window(kernel: .init(3), padding: .init(1), groups: 2)),
      (96, 48, 8, 1, Window(kernel: .init(3), stride: .init(2), padding: .init(1), groups: 3)),
      (3, 48, 8, 2, Window(kernel: .init(3), padding: .init(1), groups: 3)),
      // Several groups of Winograd's tiles, with ragged ones: all widths of its products, all paddings.
      (16, 80, 13, 3, Window(kernel: .init(3))),
      (48, 96, 14, 5, Window(kernel: .init(3), padding: .init(2))),
      (80, 112, 9, 4, Window(kernel: .init(3), padding: .init(3, 0))),
      (64, 16, 17, 2, Window(kernel: .init(3), padding: .init(0, 1))),
    ]

    /// The length of the difference, in lengths of what was expected; without limit where the shapes differ.
    private static func relativeError(of found: Tensor, from expected: Tensor) -> Double {
      guard found.shape == expected.shape else { return .infinity }
      let length = { (values: [Double]) in values.reduce(0) { $0 + $1 * $1 }.squareRoot() }
      let difference = zip(found.doubles, expected.doubles).map { $0 - $1 }
      return length(difference) / max(length(expected.doubles), .leastNormalMagnitude)
    }

    @Test(
      "a convolution with its gradients, bias, relu and pool", arguments: shapes.indices,
      // Winograd may lose a little more than the sum's own rounding; 1e-4 is what counts as Float32. A bfloat16 number has 8
      // bits, and where two of a pool's pixels become equal, another may take the gradient.
      [(precision: Precision.float32, tolerance: 1e-4), (.bfloat16, 1e-1)])
    func convolution(index: Int, limit: (precision: Precision, tolerance: Double)) throws {
      let (inputs, outputs, size, batch, window) = Self.shapes[index]
      let trace = Trace()
      let x = trace.input("x", [batch, inputs, size, size])
      let images = Variable(name: "images", shape: x.shape, role: .weight)
      let filters = Variable(
        name: "w", shape: [outputs, inputs / window.groups, window.kernel.height, window.kernel.width], role: .weight)
      let bias = Variable(name: "b", shape: [outputs], role: .bias)
      let learned = [images, filters, bias].map(trace.variable)
      let convolved = (x + learned[0]).convolution(learned[1], window)
      let activated = max(convolved + learned[2].reshaped([1, outputs, 1, 1]), 0)
      let pooled = activated.maxPool(Window(kernel: .init(2), stride: .init(2)))
      let loss = (pooled * pooled).mean() + activated.averagePool(Window(kernel: .init(2))).mean()
      for (name, gradient) in zip(
        ["dx", "dw", "db"], try trace.gradients(of: loss.reshaped(.scalar), withRespectTo: learned))
      {
        trace.output(gradient, as: name)
      }
      trace.output(pooled, as: "pooled")
      let graph = try trace.finish()
      var stream = RandomStream(seed: UInt64(index), "values")
      let values = [images, filters, bias].map { variable in
        Tensor(variable.shape) { _ in stream.uniform(-0.5, 0.5) }.converted(to: .float32)
      }
      let input = Tensor(x.shape) { _ in stream.uniform(-0.5, 0.5) }.converted(to: .float32)
      func run(_ backend: String, _ known: KernelChoices = KernelChoices(), threads: Int) throws -> (
        outputs: [Tensor], choices: KernelChoices
      ) {
        let options = SessionOptions(threads: threads, precision: limit.precision, knownChoices: known)
        let session = try registry().make(backend, as: .backend, origin: "test").makeSession(options)
        for (variable, value) in zip([images, filters, bias], values) { try session.write(value, to: variable) }
        let program = try session.compile(graph)
        #expect(!program.plan.kernels.contains { $0.contains("oneDNN ref") }, "\(program.plan)")
        return (try program.run([input], step: 1), session.choices)
      }
      let expected = try run("reference", threads: 1).outputs
      let byRule = try run("onednn", threads: 1)
      let winograd = KernelChoices(byRule.choices.byKey.mapValues { _ in KernelChoices.Choice(algorithm: "winograd") })
      for (threads, known) in [(1, KernelChoices()), (2, KernelChoices()), (1, winograd), (3, winograd)] {
        let found = try run("onednn", known, threads: threads).outputs
        #expect(found.count == graph.outputs.count)
        for (output, (expected, found)) in zip(graph.outputs, zip(expected, found)) {
          let error = Self.relativeError(of: found, from: expected)
          #expect(error <= limit.tolerance, "\(output.name), threads \(threads), shapes \(index), \(known)")
        }
      }
    }

    @Test(
      "bias, residual sum and activation are part of the kernels of products",
      arguments: [(Precision.float32, 1e-4), (.bfloat16, 3e-2)], ["direct", "winograd", "bfloat16", "matmul"])
    func epilogues(limit: (precision: Precision, tolerance: Double), algorithm: String) throws {
      let trace = Trace()
      let variables = [
        Variable(name: "w0", shape: [32, 16, 3, 3], role: .weight), Variable(name: "b0", shape: [32], role: .bias),
        Variable(name: "w1", shape: [32, 32, 3, 3], role: .weight), Variable(name: "b1", shape: [32], role: .bias),
        Variable(name: "w2", shape: [32, 48, 3, 3], role: .weight), Variable(name: "b2", shape: [48], role: .bias),
        Variable(name: "w3", shape: [40, 48 * 7 * 9], role: .weight), Variable(name: "b3", shape: [40], role: .bias),
        Variable(name: "w4", shape: [40, 40], role: .weight),
      ]
      let learned = variables.map(trace.variable)
      let window = Window(kernel: .init(3), padding: .init(1))
      let x = trace.input("x", [3, 16, 7, 9])
      let first = max(x.convolution(learned[0], window) + learned[1].reshaped([1, 32, 1, 1]), 0)
      let second = first.convolution(learned[2], window) + learned[3].reshaped([1, 32, 1, 1]) + first
      let third =
        (second.convolutionTranspose(learned[4], window, to: [3, 48, 7, 9]) + learned[5].reshaped([1, 48, 1, 1]))
        .sigmoid()
      let fourth = max(third.reshaped([3, 48 * 7 * 9]).matmul(learned[6], transposeSecond: true) + learned[7], 0)
      trace.output(fourth.matmul(learned[8]) + fourth, as: "y")
      let graph = try trace.finish()
      var stream = RandomStream(seed: 9, "values")
      func random(_ shape: Shape) -> Tensor {
        let scale = 1 / Double(shape.rank > 1 ? shape.elementCount / shape[0] : 1).squareRoot()
        return Tensor(shape) { _ in scale * stream.uniform(-1, 1) }.converted(to: .float32)
      }
      let (input, values) = (random(x.shape), variables.map { random($0.shape) })
      func run(_ backend: String, _ known: KernelChoices) throws -> (output: Tensor, any Session, kernels: [String]) {
        let options = SessionOptions(threads: 2, precision: limit.precision, knownChoices: known)
        let session = try registry().make(backend, as: .backend, origin: "test").makeSession(options)
        for (variable, value) in zip(variables, values) { try session.write(value, to: variable) }
        let program = try session.compile(graph)
        return (try program.run([input], step: 1)[0], session, program.plan.kernels)
      }
      let expected = try run("reference", KernelChoices()).output
      let byRule = try run("onednn", KernelChoices()).1.choices
      let chosen = try run(
        "onednn", KernelChoices(byRule.byKey.mapValues { _ in KernelChoices.Choice(algorithm: algorithm) }))
      for title in [
        "convolution 3×3 padding 1×1 + bias, rectified", "convolution 3×3 padding 1×1 + bias + sum",
        "convolution-input-gradient 3×3 padding 1×1 + bias, sigmoid", "matmul ·ᵀ + bias, rectified",
        "matmul + sum",
      ] { #expect(chosen.kernels.contains { $0.contains("= \(title),") }, "\(title): \(chosen.kernels)") }
      let afterwards = chosen.kernels.filter { $0.contains("epilogue afterwards") }
      // Activations, but for Winograd's relu; and oneDNN's general routine adds nothing.
      let general = limit.precision == .float32 && algorithm != "matmul" ? 1 : 0
      #expect(afterwards.count == (algorithm == "winograd" ? 2 : 3) + general, "\(afterwards)")
      #expect(Self.relativeError(of: chosen.output, from: expected) <= limit.tolerance, "\(chosen.kernels)")
    }

    @Test(
      "a result that is not a number shows, whatever the kernel does to it",
      arguments: [Precision.float32, .bfloat16], ["direct", "winograd", "bfloat16", "matmul"])
    func notANumber(precision: Precision, algorithm: String) throws {
      let trace = Trace()
      let filters = Variable(name: "w", shape: [16, 16, 3, 3], role: .weight)
      let x = trace.input("x", [2, 16, 8, 8])
      let activations: [(String, (Value) -> Value)] = [
        ("relu", { max($0, 0) }), ("sigmoid", { $0.sigmoid() }), ("tanh", { $0.tanh() }),
      ]
      let halves = Window(kernel: .init(2), stride: .init(2))
      for (index, (name, activation)) in activations.enumerated() {
        // Different factors, so that each product is there once, with its epilogue.
        let factor = Double(index + 1)
        let y = (x * factor).convolution(trace.variable(filters), Window(kernel: .init(3), padding: .init(1)))
        let images = activation(y).averagePool(halves).maxPool(halves)
        trace.output(images, as: "\(name) of images")
        let rows = (x * -factor).reshaped([2, 1024]).matmul(trace.input("v\(index)", [1024, 8]))
        trace.output(activation(rows), as: "\(name) of a product")
      }
      let graph = try trace.finish()
      func run(_ known: KernelChoices) throws -> (outputs: [Tensor], choices: KernelChoices, plan: PlanSummary) {
        let session = try OneDNNBackend().makeSession(SessionOptions(precision: precision, knownChoices: known))
        try session.write(Tensor(filters.shape) { _ in 1 }.converted(to: .float32), to: filters)
        let program = try session.compile(graph)
        let inputs = graph.inputs.map { input in
          Tensor(input.shape) { $0 == 0 && input.name == "x" ? .nan : 1 }.converted(to: .float32)
        }
        return (try program.run(inputs, step: 1), session.choices, program.plan)
      }
      let byRule = try run(KernelChoices()).choices
      let known = KernelChoices(byRule.byKey.mapValues { _ in KernelChoices.Choice(algorithm: algorithm) })
      let result = try run(known)
      #expect(result.outputs.count == graph.outputs.count)
      for (output, tensor) in zip(graph.outputs, result.outputs) {
        #expect(tensor.doubles[0].isNaN, "\(output.name): \(result.plan)")
      }
    }

    @Test("a network in bfloat16 keeps its activations narrow, and the step near the reference")
    func mixedPrecision() throws {
      let trace = Trace()
      let (x, batch) = (trace.input("x", [9, 3, 12, 12]), 9.0)
      let variables = [
        Variable(name: "w0", shape: [32, 3, 3, 3], role: .weight),
        Variable(name: "w1", shape: [16, 32, 3, 3], role: .weight),
        Variable(name: "w2", shape: [10, 16 * 5 * 5], role: .weight),
      ]
      let learned = variables.map(trace.variable)
      let first = x.convolution(learned[0], Window(kernel: .init(3), padding: .init(1))).tanh()
      let second = first.convolution(learned[1], Window(kernel: .init(3))).tanh()
      let pooled = second.averagePool(Window(kernel: .init(2), stride: .init(2))).reshaped([9, 16 * 5 * 5])
      let scores = pooled.matmul(learned[2], transposeSecond: true)
      let loss = (scores * scores).sum(over: [0, 1]).reshaped(.scalar) / batch
      trace.output(loss, as: "loss")
      for (variable, gradient) in zip(variables, try trace.gradients(of: loss, withRespectTo: learned)) {
        trace.output(gradient, as: variable.name)
      }
      let graph = try trace.finish()
      var stream = RandomStream(seed: 1, "values")
      func draw(_ shape: Shape) -> Tensor {
        Tensor(shape) { _ in stream.uniform(-0.5, 0.5) }.converted(to: .float32)
      }
      let (values, input) = (variables.map { draw($0.shape) }, draw(x.shape))
      func run(_ backend: String, _ precision: Precision) throws -> (results: [Tensor], arena: Int) {
        let session = try registry().make(backend, as: .backend, origin: "test")
          .makeSession(SessionOptions(threads: 2, precision: precision))
        for (variable, value) in zip(variables, values) { try session.write(value, to: variable) }
        let program = try session.compile(graph)
        return (try program.run([input], step: 1), program.plan.unsharedBytes)
      }
      let (expected, wide) = (try run("reference", .float32), try run("onednn", .float32))
      let narrow = try run("onednn", .bfloat16)
      #expect(Double(narrow.arena) < 0.6 * Double(wide.arena))
      #expect(narrow.results.count == graph.outputs.count)
      for (output, (expected, found)) in zip(graph.outputs, zip(expected.results, narrow.results)) {
        #expect(Self.relativeError(of: found, from: expected) <= 5e-2, "\(output.name)")
      }
    }

    @Test("images stay in blocks between layers")
    func layout() throws {
      let trace = Trace()
      let filters = [16, 16].enumerated().map { index, inputs in
        Variable(name: "w\(index)", shape: [16, inputs, 3, 3], role: .weight)
      }
      var x = trace.input("x", [2, 16, 8, 8])
      for filter in filters {
        x = max(x.convolution(trace.variable(filter), Window(kernel: .init(3), padding: .init(1))), 0)
      }
      trace.output(x.mean(over: [2, 3]), as: "means")
      let session = try OneDNNBackend().makeSession(SessionOptions())
      for filter in filters { try session.write(Tensor(filter.shape) { _ in 0 }, to: filter) }
      let kernels = try session.compile(try trace.finish()).plan.kernels
      #expect(kernels.count { $0.contains(": copy") } == 1, "\(kernels)")
    }

    @Test(
      "depthwise convolutions take and leave blocks, forward and back", arguments: [1, 2],
      [Precision.float32, .bfloat16])
    func depthwise(stride: Int, precision: Precision) throws {
      let trace = Trace()
      let filters = [[32, 16, 1, 1], [32, 1, 3, 3], [16, 32, 1, 1]].enumerated().map { index, shape in
        Variable(name: "w\(index)", shape: Shape(shape), role: .weight)
      }
      let windows = [
        Window(kernel: .init(1)), Window(kernel: .init(3), stride: .init(stride), padding: .init(1), groups: 32),
        Window(kernel: .init(1)),
      ]
      var x = trace.input("x", [2, 16, 8, 8])
      for (filter, window) in zip(filters, windows) { x = max(x.convolution(trace.variable(filter), window), 0) }
      let means = x.mean(over: [2, 3])
      let loss = (means * means).mean().reshaped(.scalar)
      for gradient in try trace.gradients(of: loss, withRespectTo: filters.map(trace.variable)) {
        trace.output(gradient, as: "gradient")
      }
      let session = try OneDNNBackend().makeSession(SessionOptions(precision: precision))
      for filter in filters {
        try session.write(Tensor(filter.shape) { _ in 0 }.converted(to: session.elementType), to: filter)
      }
      let kernels = try session.compile(try trace.finish()).plan.kernels
      let name = precision == .float32 ? "oneDNN jit_dw:avx512_core" : "oneDNN jit_dw:avx512_core_bf16"
      #expect(kernels.count { $0.contains("groups 32") && $0.contains(name) } == 3, "\(kernels)")
      #expect(kernels.count { $0.contains(": copy") } == 1, "only the input's: \(kernels)")
    }

    @Test(
      "every layer conforms on it", arguments: ["conv", "max-pool", "average-pool", "batch-norm", "dense", "lenet"])
    func conformance(layer: String) {
      let failures = ConformanceSuite(registry: registry(), backends: ["onednn"]).check(kind: "layer", name: layer)
        .filter(\.isFailure)
      #expect(failures.isEmpty, "\(failures)")
    }
  }
#endif
