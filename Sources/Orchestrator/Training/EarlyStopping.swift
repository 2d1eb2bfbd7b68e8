import Experiments
import Foundation
public import Registry

/// Counts epochs; figures whose names end in loss or error are to fall, others to rise.
public struct EarlyStopping: Observer {
  public static let name = "early-stopping"
  public static let summary = "ends the run when a figure has not improved for some epochs"
  public static let formula = "stop when the best figure is patience epochs old"
  public static let reference = "Prechelt 1998, Early stopping — but when?"

  @Parameter("epochs without improvement that are allowed", in: 1...) public var patience = 5
  @Parameter("the figure: its split, a dot, and loss or a metric") public var metric = "validation.loss"
  @Parameter("least change that counts as an improvement", in: 0...) public var minimumDelta = 0.0

  public init() {}

  public func makeObserver(figures: [String]) throws -> any TrainingObserver {
    guard figures.contains(metric) else {
      throw OrchestratorError.unknownFigure(metric, observer: Self.name, existing: figures)
    }
    return EarlyStoppingObserver(patience: patience, metric: metric, minimumDelta: minimumDelta)
  }
}

private final class EarlyStoppingObserver: TrainingObserver {
  private let patience: Int
  private let metric: String
  private let minimumDelta: Double
  private var memory = Memory()

  private struct Memory: Codable {
    /// As a bit pattern: JSON has no infinities.
    var best: UInt64?
    var epochsSince = 0
  }

  init(patience: Int, metric: String, minimumDelta: Double) {
    self.patience = patience
    self.metric = metric
    self.minimumDelta = minimumDelta
  }

  func observe(_ event: TrainingEvent) -> TrainingDecision {
    guard case .epochEnded(let report) = event, let value = report.figure(metric) else { return .goOn }
    let best = memory.best.map(Double.init(bitPattern:))
    let sign = MetricDirection(guessedFrom: metric) == .lower ? -1.0 : 1.0
    if !value.isNaN, best.map({ sign * (value - $0) > minimumDelta }) ?? true {
      memory = Memory(best: value.bitPattern, epochsSince: 0)
      return .goOn
    }
    memory.epochsSince += 1
    guard memory.epochsSince >= patience else { return .goOn }
    let figure = best.map { ", the best is \($0)" } ?? ""
    return .stop(reason: "\(metric) has not improved for \(memory.epochsSince) epochs\(figure)")
  }

  var state: [UInt8] {
    get throws { [UInt8](try JSONEncoder().encode(memory)) }
  }

  func restore(_ state: [UInt8]) throws { memory = try JSONDecoder().decode(Memory.self, from: Data(state)) }
}

extension EpochReport {
  /// A figure by its full name: `validation.loss`.
  func figure(_ name: String) -> Double? {
    training.first { "train.\($0.name)" == name }?.value ?? validation.first { "validation.\($0.name)" == name }?.value
  }
}
