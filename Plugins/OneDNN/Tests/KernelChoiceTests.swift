#if OneDNN
  import Execution
  import OneDNN
  import Tensors
  import TestSupport
  import Testing

  /// Which kernels the backend chooses, and that the choice does not show in the result.
  struct KernelChoiceTests {
    private let images = Variable(name: "images", shape: [4, 64, 32, 32], role: .weight)
    private let filters = Variable(name: "filters", shape: [64, 64, 3, 3], role: .weight)

    /// A convolution that is worth timing, with both gradients and a product.
    private func graph() throws -> Graph {
      let trace = Trace()
      let (x, w) = (trace.variable(images), trace.variable(filters))
      let y = x.convolution(w, Window(kernel: .init(3), padding: .init(1)))
      let rows = y.reshaped([256, 1024])
      let loss = (rows.matmul(rows, transposeSecond: true) * 0.01).mean()
      trace.output(y, as: "y")
      for gradient in try trace.gradients(of: loss.reshaped(.scalar), withRespectTo: [x, w]) {
        trace.output(gradient, as: "gradient")
      }
      return try trace.finish()
    }

    private func compile(_ options: SessionOptions, backend: any Backend = OneDNNBackend()) throws -> (
      session: any Session, program: any Program
    ) {
      let session = try backend.makeSession(options)
      var stream = RandomStream(seed: 3, "values")
      for variable in [images, filters] {
        let value = Tensor(variable.shape) { _ in stream.uniform(-0.5, 0.5) }
        try session.write(value.converted(to: session.elementType), to: variable)
      }
      return (session, try session.compile(graph()))
    }

    private func convolutions(_ program: any Program) -> [String] {
      program.plan.kernels.filter { $0.contains("= convolution") }
    }

    @Test func winogradIsForbiddenWhereTheRunIsExact() throws {
      let byRule = try compile(SessionOptions()).session.choices
      #expect(byRule.byKey.values.allSatisfy { $0.seconds == nil })
      let known = KernelChoices(byRule.byKey.mapValues { _ in KernelChoices.Choice(algorithm: "winograd") })
      let chosen = try compile(SessionOptions(knownChoices: known)).program
      #expect(convolutions(chosen).count { $0.contains("Winograd") } == 3, "\(chosen.plan)")
      for tuning in [Tuning.never, .missing, .again] {
        let exact = try compile(SessionOptions(knownChoices: known, tuning: tuning, isExact: true)).program
        #expect(convolutions(exact).count { $0.contains("Winograd") } == 0, "\(tuning): \(exact.plan)")
        #expect(convolutions(exact).count { $0.contains("oneDNN jit:") } == 3, "\(tuning)")
      }
    }

    @Test func whatWasTimedIsRememberedAndGivesTheSameBits() throws {
      let options = SessionOptions(threads: 2, tuning: .missing)
      let timed = try compile(options)
      // On a busy machine a time may be missing; the line says so.
      let notes = convolutions(timed.program)
      #expect(notes.allSatisfy { $0.contains(" ms; ") || $0.contains("busy") }, "\(timed.program.plan)")
      var known = options
      known.knownChoices = timed.session.choices
      let remembered = try compile(known)
      for (was, now) in zip(notes, convolutions(remembered.program)) {
        #expect(
          now.hasSuffix(was.hasSuffix("busy)") ? "(remembered, not timed)" : "(remembered)"), "\(was), then \(now)")
      }
      #expect(remembered.session.choices == timed.session.choices)
      #expect(try remembered.program.run([], step: 1) == timed.program.run([], step: 1))
    }

    @Test(
      arguments: [("direct", "blocks"), ("winograd", "blocks"), ("direct", "plain"), ("gemm", "plain")],
      ["sgemm", "matmul", "OpenBLAS"])
    func everyChoiceAgreesWithTheCPUBackend(convolution: (algorithm: String, layout: String), product: String) throws {
      func choices(_ keys: some Sequence<KernelChoices.Key>) -> KernelChoices {
        KernelChoices(
          Dictionary(
            uniqueKeysWithValues: keys.map { key in
              let isLayout = key.operation.hasPrefix("layout")
              let algorithm =
                key.operation.hasPrefix("matmul") ? product : isLayout ? convolution.layout : convolution.algorithm
              return (key, KernelChoices.Choice(algorithm: algorithm))
            }))
      }
      let byRule = try compile(SessionOptions()).session.choices
      // In another layout the kernels are others.
      let inLayout = try compile(SessionOptions(knownChoices: choices(byRule.byKey.keys))).session.choices
      let options = SessionOptions(threads: 2, knownChoices: choices(inLayout.byKey.keys))
      let chosen = try compile(options)
      #expect(chosen.session.choices == options.knownChoices)
      let name = ["direct": "oneDNN jit", "winograd": "Winograd", "gemm": "OpenBLAS"][convolution.algorithm] ?? ""
      #expect(convolutions(chosen.program).count { $0.contains(name) } == 3, "\(chosen.program.plan)")
      let isBlocked = chosen.program.plan.kernels.contains { $0.contains("[4, 4, 32, 32, 16]") }
      #expect(isBlocked == (convolution.layout == "blocks"), "\(chosen.program.plan)")
      let expected = try compile(SessionOptions(), backend: CPUBackend()).program.run([], step: 1)
      let found = try chosen.program.run([], step: 1)
      try #require(found.count == expected.count && !found.isEmpty)
      for (index, (found, expected)) in zip(found, expected).enumerated() {
        let greatest = try #require(expected.doubles.map(abs).max())
        expectClose(found, expected, within: 1e-4 * greatest, "output \(index), \(convolution), \(product)")
      }
    }

    @Test(
      "a layout is chosen once for a convolution and its gradients, and is remembered", arguments: ["onednn", "cpu"])
    func layouts(backend: String) throws {
      let backend: any Backend = backend == "cpu" ? CPUBackend() : OneDNNBackend()
      let options = SessionOptions(threads: 2, tuning: .missing)
      let timed = try compile(options, backend: backend)
      let layouts = timed.session.choices.byKey.keys.filter { $0.operation.hasPrefix("layout of") }
      guard !layouts.isEmpty else { return }  // the cpu backend without AVX-512 has plain images alone
      #expect(layouts.map(\.operation) == ["layout of convolution 3×3 padding 1×1"])
      #expect(layouts.map(\.shape) == ["[4, 64, 32, 32] · [64, 64, 3, 3] → [4, 64, 32, 32] float32"])
      #expect(convolutions(timed.program).count { $0.contains("layout") } == 1, "\(timed.program.plan)")
      var known = options
      known.knownChoices = timed.session.choices
      let remembered = try compile(known, backend: backend)
      #expect(remembered.session.choices == timed.session.choices)
      // The machine may have been too busy to time, while other tests ran.
      #expect(convolutions(remembered.program).contains { $0.contains("(remembered") }, "\(remembered.program.plan)")
    }

    @Test(arguments: 1...4)
    func fewChannelsNeverMeetOneDNNsPlainReference(channels: Int) throws {
      let trace = Trace()
      let w = Variable(name: "w", shape: [16, channels, 3, 3], role: .weight)
      let x = trace.input("x", [2, channels, 8, 8])
      let y = x.convolution(trace.variable(w), Window(kernel: .init(3), padding: .init(1)))
      let loss = (y * y).mean().reshaped(.scalar)
      trace.output(try trace.gradients(of: loss, withRespectTo: [trace.variable(w)])[0], as: "gradient")
      let session = try OneDNNBackend().makeSession(SessionOptions())
      try session.write(Tensor(w.shape) { _ in 0 }.converted(to: .float32), to: w)
      let kernels = try session.compile(trace.finish()).plan.kernels
      #expect(!kernels.contains { $0.contains("oneDNN ref") }, "\(channels) channels: \(kernels)")
    }
  }
#endif
