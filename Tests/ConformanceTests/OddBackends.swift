import Execution
import Registry
import Synchronization
import Tensors

/// The reference in Float32: results and variables are rounded after each step. Conforms.
struct Rounding: Backend {
  static let name = "rounding"
  static let summary = "the reference, rounded to Float32"
  static let reference = "none"
  func makeSession(_ options: SessionOptions) throws -> any Session {
    DistortedSession(ReferenceBackend().makeSession(options)) { tensor in tensor.converted(to: .float32) }
  }
}

/// Off by a thousandth.
struct Inexact: Backend {
  static let name = "inexact"
  static let summary = "the reference, off by a thousandth"
  static let reference = "none"
  func makeSession(_ options: SessionOptions) throws -> any Session {
    DistortedSession(ReferenceBackend().makeSession(options)) { tensor in
      let values = tensor.doubles
      return Tensor(tensor.shape) { values[$0] * 1.001 }.converted(to: .float32)
    }
  }
}

/// Other bits at every run.
struct Fickle: Backend {
  static let name = "fickle"
  static let summary = "the reference, with errors that change from run to run"
  static let reference = "none"
  func makeSession(_ options: SessionOptions) throws -> any Session {
    let calls = Calls()
    return DistortedSession(ReferenceBackend().makeSession(options)) { tensor in
      let values = tensor.doubles
      let error = 1 + 1e-6 * Double(calls.next())
      return Tensor(tensor.shape) { values[$0] * error }.converted(to: .float32)
    }
  }
}

/// Takes every step, whatever its guard says.
struct Reckless: Backend {
  static let name = "reckless"
  static let summary = "the reference without guards"
  static let reference = "none"
  func makeSession(_ options: SessionOptions) throws -> any Session {
    RecklessSession(ReferenceBackend().makeSession(options))
  }
}

/// Not to be had on this machine.
struct Absent: Backend {
  static let name = "absent"
  static let summary = "needs what no machine has"
  static let reference = "none"
  func makeSession(_ options: SessionOptions) throws -> any Session {
    throw ExecutionError.unavailable(backend: Self.name, reason: "no machine has it")
  }
}

/// Counts over all sessions of a process.
private final class Calls: Sendable {
  private static let count = Atomic(0)
  func next() -> Int { Self.count.add(1, ordering: .relaxed).newValue }
}

/// A reference session whose results pass through a distortion.
private final class DistortedSession: Session {
  let elementType = ElementType.float32
  private let base: any Session
  private let distort: (Tensor) -> Tensor

  init(_ base: any Session, _ distort: @escaping (Tensor) -> Tensor) {
    self.base = base
    self.distort = distort
  }

  func write(_ tensor: Tensor, to variable: Variable) throws(ExecutionError) {
    try base.write(tensor.converted(to: .float32), to: variable)
  }

  func read(_ variable: Variable) throws(ExecutionError) -> Tensor {
    try base.read(variable).converted(to: .float32)
  }

  func compile(_ graph: Graph) throws -> any Program { DistortedProgram(try base.compile(graph), base, distort) }
}

/// A reference session that does not see guards.
private final class RecklessSession: Session {
  private let base: any Session

  init(_ base: any Session) { self.base = base }

  var elementType: ElementType { base.elementType }
  func write(_ tensor: Tensor, to variable: Variable) throws(ExecutionError) { try base.write(tensor, to: variable) }
  func read(_ variable: Variable) throws(ExecutionError) -> Tensor { try base.read(variable) }

  func compile(_ graph: Graph) throws -> any Program {
    var graph = graph
    graph.guardNode = nil
    return try base.compile(graph)
  }
}

private final class DistortedProgram: Program {
  private let base: any Program
  private let session: any Session
  private let distort: (Tensor) -> Tensor

  init(_ base: any Program, _ session: any Session, _ distort: @escaping (Tensor) -> Tensor) {
    self.base = base
    self.session = session
    self.distort = distort
  }

  var graph: Graph { base.graph }
  var plan: PlanSummary { base.plan }

  func run(_ inputs: [Tensor], step: UInt64) throws(ExecutionError) -> [Tensor] {
    let results = try base.run(inputs, step: step)
    for variable in graph.variables {
      try session.write(try session.read(variable).converted(to: .float32), to: variable)
    }
    return results.map(distort)
  }
}
