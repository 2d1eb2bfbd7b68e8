public import Execution
public import Experiments

/// The training step of a recipe as it is planned, before anything is run.
public struct StepPlan: Sendable {
  /// In the order of execution.
  public let kernels: [Kernel]
  public let backend: String
  public let precision: Precision
  /// What differs from what the recipe asks for, and why.
  public let warnings: [String]
  public let batch: Int
  public let parameterCount: Int
  /// Of all intermediate results together, and what they would take without sharing.
  public let arenaBytes: Int
  public let unsharedBytes: Int
  /// Multiplications and additions of the matrix products and convolutions.
  public let floatingPointOperations: Double
  /// What a large matrix product and an elementwise loop reach here.
  public let machine: MachineSpeed

  public struct Kernel: Sendable {
    /// What it computes, in which shapes and layouts, and by which algorithm.
    public let title: String
    /// Nil where the backend cannot tell.
    public let cost: KernelCost?

    public var kind: String { cost?.kind ?? "kernel" }
  }

  /// The time that a kernel takes if its algorithm's arithmetic, or else its bytes, go as fast as the machine can; one that
  /// finds its operands in a cache can be faster.
  public func floorMilliseconds(of kernel: Kernel) -> Double {
    guard let cost = kernel.cost else { return 0 }
    return 1000
      * max(cost.performedOperations / machine.operationsPerSecond, Double(cost.bytes) / machine.bytesPerSecond)
  }

  /// The kernels' floors together; of the arithmetic alone where the backend does not tell of kernels.
  public var floorMilliseconds: Double {
    kernels.contains { $0.cost != nil }
      ? kernels.reduce(0) { $0 + floorMilliseconds(of: $1) }
      : 1000 * floatingPointOperations / machine.operationsPerSecond
  }

  /// Bytes that all kernels read and write.
  public var bytes: Int { kernels.reduce(0) { $0 + ($1.cost?.bytes ?? 0) } }
}

extension Orchestrator {
  /// Plans the training step of a recipe.
  ///
  /// - Parameters:
  ///   - recipe: what is trained.
  ///   - store: remembers which kernels are used; nil to remember nothing.
  ///   - retunes: whether kernels that the store remembers are chosen anew.
  /// - Returns: the kernels of the step.
  /// - Throws: as `train` does.
  public func plan(_ recipe: Recipe, in store: ExperimentStore? = nil, retunes: Bool = false) throws -> StepPlan {
    try TrainingStep(recipe, self, in: store, retunes: retunes).plan()
  }
}
