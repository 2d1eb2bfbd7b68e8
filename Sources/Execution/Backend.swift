public import Registry
public import Tensors

/// Something that runs graphs.
///
/// It may be of another package: all that it needs is public. For the primitives that it does not compute better itself
/// it falls back to the CPU backend, whose session compiles the ``Tensors/Graph/isolating(_:)`` of the node.
///
/// Laws, each a check in `Conformance`: every primitive agrees with the reference backend; the same session options,
/// values and inputs give the same bits; a variable reads back what was written, bit for bit, in the session's element
/// type; variables change only if the guard is finite; what does not fit is refused with an ``ExecutionError``.
public protocol Backend: Component {
  /// How fast it is among backends: where none is named, the greatest that the machine can run is chosen. Default: 0,
  /// which is never chosen.
  static var speed: Int { get }

  /// Whether its programs give numbers. Default: true; false for one that only plans, whose outputs mean nothing.
  static var computes: Bool { get }

  /// What computes, with its version: choices between its kernels are remembered for it alone. Default: the backend's
  /// name.
  static var library: String { get }

  /// Why it cannot compute in a precision on this machine; nil if it can. Default: Float32 alone.
  func obstacle(to precision: Precision) -> String?

  /// A session of its own memory. Throws if the machine lacks what the backend needs.
  func makeSession(_ options: SessionOptions) throws -> any Session
}

extension Backend {
  public static var speed: Int { 0 }
  public static var computes: Bool { true }
  public static var library: String { name }

  public func obstacle(to precision: Precision) -> String? {
    precision == .float32 ? nil : "backend '\(Self.name)' does not compute in \(precision.rawValue)"
  }
}

extension Registry {
  private var backends: [any Backend.Type] {
    entries(of: Kind<any Backend>.backend.name).compactMap { $0.type as? any Backend.Type }
  }

  /// The names of the backends whose programs give numbers.
  public var computingBackends: [String] { backends.filter { $0.computes }.map { $0.name } }

  /// The name of the fastest backend that the machine can run; nil if there is none.
  public var fastestBackend: String? {
    backends.filter { $0.speed > 0 }.sorted { $0.speed > $1.speed }
      .first { (try? $0.init().makeSession(SessionOptions())) != nil }?.name
  }
}

/// What a session is made with; the options are part of what determines a run.
public struct SessionOptions: Sendable {
  /// Threads that compute; at least one.
  public var threads: Int
  /// The key of every random number that programs draw.
  public var seed: UInt64
  /// What products multiply in. Default: Float32.
  public var precision: Precision
  /// Whether programs note how long each kernel takes.
  public var isProfiled: Bool
  /// Which kernels to use, of those that a library has several of.
  public var knownChoices: KernelChoices
  /// What is done for kernels of which nothing is known. Default: nothing is timed.
  public var tuning: Tuning
  /// Whether algorithms that round otherwise than sums do (Winograd's) are left out.
  public var isExact: Bool

  public init(
    threads: Int = 1, seed: UInt64 = 0, precision: Precision = .float32, isProfiled: Bool = false,
    knownChoices: KernelChoices = KernelChoices(), tuning: Tuning = .never, isExact: Bool = false
  ) {
    self.threads = max(1, threads)
    self.seed = seed
    self.precision = precision
    self.isProfiled = isProfiled
    self.knownChoices = knownChoices
    self.tuning = tuning
    self.isExact = isExact
  }
}

/// The variables that programs share, and the programs. Used by one thread at a time.
public protocol Session: AnyObject {
  /// The type that variables and results have here.
  var elementType: ElementType { get }

  /// Sets a variable, making it if it is new. Throws if the shape is not the variable's.
  func write(_ tensor: Tensor, to variable: Variable) throws(ExecutionError)

  /// A variable's present value. Throws if it was never written.
  func read(_ variable: Variable) throws(ExecutionError) -> Tensor

  /// Plans a graph. Throws if one of its variables was never written, or if a node is not legal.
  func compile(_ graph: Graph) throws -> any Program

  /// Which kernels the programs so far use, of those that a library has several of. Default: none.
  var choices: KernelChoices { get }
}

extension Session {
  public var choices: KernelChoices { KernelChoices() }
}

/// A compiled graph over a session's variables.
public protocol Program: AnyObject {
  var graph: Graph { get }

  /// What was planned: kernels and memory.
  var plan: PlanSummary { get }

  /// Seconds that each kernel of the plan has taken in all runs; empty unless the session is profiled and the backend
  /// can tell. Default: empty.
  var kernelSeconds: [Double] { get }

  /// Runs one step and returns the outputs in order. `step` places the step in every random stream. When the graph's
  /// guard is not finite, no variable changes. Throws if the inputs are not those of the graph, or if a kernel fails;
  /// after a kernel's failure, variables may hold their values of before the step or of after it.
  func run(_ inputs: [Tensor], step: UInt64) throws(ExecutionError) -> [Tensor]
}

extension Program {
  public var kernelSeconds: [Double] { [] }
}

/// What a plan amounts to, in counts that do not depend on the machine's speed.
public struct PlanSummary: Sendable, Equatable, CustomStringConvertible {
  /// One line a kernel, in the order of execution.
  public var kernels: [String]
  /// Bytes of the arena that all intermediate results share.
  public var arenaBytes: Int
  /// Bytes that they would take without sharing.
  public var unsharedBytes: Int
  /// What each kernel asks of the machine; empty where the backend cannot tell.
  public var costs: [KernelCost]

  public init(kernels: [String], arenaBytes: Int, unsharedBytes: Int, costs: [KernelCost] = []) {
    self.kernels = kernels
    self.arenaBytes = arenaBytes
    self.unsharedBytes = unsharedBytes
    self.costs = costs
  }

  public var description: String {
    (kernels + ["arena: \(arenaBytes) bytes, \(unsharedBytes) without sharing"]).joined(separator: "\n")
  }
}

/// A call that does not fit the program or session, or that failed.
public enum ExecutionError: Error, Sendable, Equatable, CustomStringConvertible {
  case wrongInputCount(expected: Int, found: Int)
  case wrongInputShape(name: String, expected: Shape, found: Shape)
  case wrongVariableShape(name: String, expected: Shape, found: Shape)
  case unknownVariable(name: String)
  case unavailable(backend: String, reason: String)
  /// `kernel` is the title of what it computes, such as `convolution 3×3`.
  case kernelFailed(kernel: String, reason: String)

  public var description: String {
    switch self {
    case .wrongInputCount(let expected, let found): "the program takes \(expected) inputs, got \(found)"
    case .wrongInputShape(let name, let expected, let found): "input '\(name)' has shape \(expected), got \(found)"
    case .wrongVariableShape(let name, let expected, let found):
      "variable '\(name)' has shape \(expected), got \(found)"
    case .unknownVariable(let name): "variable '\(name)' has no value yet"
    case .unavailable(let backend, let reason): "backend '\(backend)' cannot run here: \(reason)"
    case .kernelFailed(let kernel, let reason): "the kernel of '\(kernel)' failed: \(reason)"
    }
  }
}

extension Kind where Part == any Backend {
  public static var backend: Self { Kind("backend", example: "cpu", template: .backend) }
}

extension Registry {
  public mutating func register(_ part: (some Backend).Type) { add(part, as: .backend) }
}

extension Graph {
  /// Throws unless `tensors` are this graph's inputs: what a program checks before it runs.
  public func check(inputs tensors: [Tensor]) throws(ExecutionError) {
    guard tensors.count == inputs.count else {
      throw .wrongInputCount(expected: inputs.count, found: tensors.count)
    }
    for (input, tensor) in zip(inputs, tensors) where input.shape != tensor.shape {
      throw .wrongInputShape(name: input.name, expected: input.shape, found: tensor.shape)
    }
  }
}
