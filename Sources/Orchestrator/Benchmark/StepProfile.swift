/// Where the time of a step goes.
public struct StepProfile: Sendable {
  /// The slowest first; empty unless the step was profiled.
  public let kernels: [Kernel]
  /// Kernels of a kind together, the slowest kind first.
  public let kinds: [Kind]
  /// Waiting for the batch, and what the host does between kernels.
  public let outsideMilliseconds: Double
  private let stepMilliseconds: Double

  public struct Kernel: Sendable {
    public let title: String
    public let kind: String
    /// The mean of the timed steps.
    public let milliseconds: Double
    public let floorMilliseconds: Double
  }

  public struct Kind: Sendable {
    public let name: String
    public let count: Int
    public let milliseconds: Double
    public let floorMilliseconds: Double
  }

  init(_ result: StepBenchmark) {
    let plan = result.plan
    kernels = zip(plan.kernels, result.kernelMilliseconds).map { kernel, milliseconds in
      Kernel(
        title: kernel.title, kind: kernel.kind, milliseconds: milliseconds,
        floorMilliseconds: plan.floorMilliseconds(of: kernel))
    }.sorted { $0.milliseconds > $1.milliseconds }
    kinds = Dictionary(grouping: kernels, by: \.kind).map { name, kernels in
      Kind(
        name: name, count: kernels.count, milliseconds: kernels.reduce(0) { $0 + $1.milliseconds },
        floorMilliseconds: kernels.reduce(0) { $0 + $1.floorMilliseconds })
    }.sorted { ($1.milliseconds, $0.name) < ($0.milliseconds, $1.name) }
    stepMilliseconds = result.meanMilliseconds
    outsideMilliseconds = max(0, stepMilliseconds - kernels.reduce(0) { $0 + $1.milliseconds })
  }

  /// The part of the mean step.
  public func share(_ milliseconds: Double) -> Double { milliseconds / stepMilliseconds }
}

extension StepBenchmark {
  public var profile: StepProfile { StepProfile(self) }
}
