import Execution
import Tensors
import Testing

/// Programs of which a kernel fails.
@Suite struct FailingKernelTests {
  /// What the library's kernels do from now on.
  private final class Switch {
    var fails = false
  }

  private struct Fragile: Kernel {
    let kernel: any Kernel
    let title: String
    let control: Switch

    func run(_ memory: Memory) throws(ExecutionError) {
      guard !control.fails else { throw .kernelFailed(kernel: title, reason: "out of luck") }
      try kernel.run(memory)
    }
  }

  /// The CPU backend's matrix products, made fragile.
  private struct Library: KernelLibrary {
    let control: Switch

    func prepare(_ graph: Graph) -> Graph { graph }

    func makeKernel(_ node: LibraryNode) -> (any Kernel)? {
      guard case .matmul = node.operation else { return nil }
      return Fragile(kernel: makeLibraryKernel(node), title: node.title, control: control)
    }
  }

  @Test(arguments: [false, true])
  func aProgramThrowsWhatItsKernelThrows(isProfiled: Bool) throws {
    let trace = Trace()
    let x = trace.input("x", [2, 2])
    let w = Variable(name: "w", shape: [2, 2], role: .weight)
    let product = x.matmul(trace.variable(w))
    trace.output(product, as: "y")
    trace.assign(product, to: w)
    let control = Switch()
    let session = CPUSession(SessionOptions(isProfiled: isProfiled), library: Library(control: control))
    let ones = Tensor([2, 2]) { _ in 1 }.converted(to: .float32)
    try session.write(ones, to: w)
    let program = try session.compile(trace.finish())

    control.fails = true
    #expect(throws: ExecutionError.kernelFailed(kernel: "matmul", reason: "out of luck")) {
      try program.run([ones], step: 1)
    }
    // The product comes before the variable's update, which never began.
    #expect(try session.read(w) == ones)

    control.fails = false
    #expect(try program.run([ones], step: 1)[0].doubles == [2, 2, 2, 2])
    #expect(try session.read(w).doubles == [2, 2, 2, 2])
  }

  @Test func theErrorNamesKernelAndReason() {
    let error = ExecutionError.kernelFailed(kernel: "convolution 3×3", reason: "oneDNN says out_of_memory")
    #expect(error.description == "the kernel of 'convolution 3×3' failed: oneDNN says out_of_memory")
  }
}
