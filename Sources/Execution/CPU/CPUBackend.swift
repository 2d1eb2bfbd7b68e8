import CKernels
import COpenBLAS
import Registry
package import Tensors

/// Float32 on all cores: elementwise chains fused into loops over cache-sized tiles, matrix products by OpenBLAS, convolutions
/// by Winograd's algorithm or as matrix products, every intermediate result in one arena.
public struct CPUBackend: Backend {
  public static let name = "cpu"
  public static let summary = "Float32 on all cores: fused loops and OpenBLAS"
  public static let reference =
    "Goto and van de Geijn 2008 (matrix products); Chellapilla et al. 2006, Lavin and Gray 2015 (convolution)"

  public static let speed = 1

  public init() {}

  public func makeSession(_ options: SessionOptions) -> any Session {
    CPUSession(options, library: WinogradLibrary(options))
  }
}

/// Chosen once: to choose again while another session computes would spoil its results.
private let blasUsesWidestVectors: Void = fledge_blas_use_widest_vectors()

/// The variables, and the memory that all programs of the session work in.
package final class CPUSession: Session {
  package let elementType = ElementType.float32
  let options: SessionOptions
  private let library: (any KernelLibrary)?
  private var variables: [String: (shape: Shape, buffer: FloatBuffer)] = [:]
  /// Intermediate results. Programs run one at a time and keep nothing here between runs.
  private(set) var arena = FloatBuffer(count: 0)
  /// Working memory of the threads.
  private(set) var scratch = FloatBuffer(count: 0)

  package init(_ options: SessionOptions, library: (any KernelLibrary)? = nil) {
    self.options = options
    self.library = library
    _ = blasUsesWidestVectors
  }

  package func write(_ tensor: Tensor, to variable: Variable) throws(ExecutionError) {
    guard tensor.shape == variable.shape else {
      throw .wrongVariableShape(name: variable.name, expected: variable.shape, found: tensor.shape)
    }
    if let known = variables[variable.name], known.shape != variable.shape {
      throw .wrongVariableShape(name: variable.name, expected: known.shape, found: variable.shape)
    }
    let buffer = variables[variable.name]?.buffer ?? FloatBuffer(count: variable.shape.elementCount)
    buffer.copy(tensor.floats)
    variables[variable.name] = (variable.shape, buffer)
  }

  package func read(_ variable: Variable) throws(ExecutionError) -> Tensor {
    Tensor(unchecked: variable.shape, .float32(try buffer(of: variable).array))
  }

  package func compile(_ graph: Graph) throws -> any Program {
    try graph.checkMatrixSizes()
    try MachineMemory.check(program: graph.leastBytes(elementType))
    let plan = try Plan(graph, library, options.precision)
    try MachineMemory.check(program: plan.byteCount)
    let buffers = try plan.graph.variables.map { variable throws(ExecutionError) in try buffer(of: variable) }
    let program = try CPUProgram(graph, plan, self, buffers, library)
    library?.finishPlan()
    try MachineMemory.check(program: plan.byteCount + program.scratchCount * elementType.size)
    if arena.count < program.arenaCount { arena = FloatBuffer(count: program.arenaCount) }
    if scratch.count < program.scratchCount { scratch = FloatBuffer(count: program.scratchCount) }
    return program
  }

  package var choices: KernelChoices { library?.choices ?? KernelChoices() }

  private func buffer(of variable: Variable) throws(ExecutionError) -> FloatBuffer {
    guard let known = variables[variable.name] else { throw .unknownVariable(name: variable.name) }
    guard known.shape == variable.shape else {
      throw .wrongVariableShape(name: variable.name, expected: known.shape, found: variable.shape)
    }
    return known.buffer
  }
}
