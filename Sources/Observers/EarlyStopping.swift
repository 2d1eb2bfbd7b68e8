import Foundation
public import Registry

/// Counts epochs in which the figure did not move the way it improves.
public struct EarlyStopping: Observer {
  public static let name = "early-stopping"
  public static let summary = "ends the run when a figure has not improved for some epochs"
  public static let formula = "stop when the best figure is patience epochs old"
  public static let reference = "Prechelt 1998, Early stopping — but when?"

  @Parameter("epochs without improvement that are allowed", in: 1...) public var patience = 5
  @Parameter("the figure: its split, a dot, and loss or a metric; empty for the one that the run monitors")
  public var metric = ""
  @Parameter("least change that counts as an improvement", in: 0...) public var minimumDelta = 0.0

  public init() {}

  public func makeObserver(figures: RunFigures) throws -> any TrainingObserver {
    EarlyStoppingObserver(
      patience: patience, figure: try figures.figure(metric, for: Self.name), minimumDelta: minimumDelta)
  }
}

private final class EarlyStoppingObserver: TrainingObserver {
  private let patience: Int
  private let figure: FigureDeclaration
  private let minimumDelta: Double
  private var memory = Memory()

  private struct Memory: Codable {
    /// As a bit pattern: JSON has no infinities.
    var best: UInt64?
    var epochsSince = 0
    /// Nil as version 0.1.0 wrote it.
    var figure: String?
  }

  init(patience: Int, figure: FigureDeclaration, minimumDelta: Double) {
    self.patience = patience
    self.figure = figure
    self.minimumDelta = minimumDelta
  }

  func observe(_ event: TrainingEvent) -> TrainingDecision {
    guard case .epochEnded(let report) = event, let value = report.figure(figure.name) else { return .goOn }
    let best = memory.best.map(Double.init(bitPattern:))
    if !value.isNaN, best.map({ figure.direction.isBetter(value, than: $0, by: minimumDelta) }) ?? true {
      memory = Memory(best: value.bitPattern, epochsSince: 0)
      return .goOn
    }
    memory.epochsSince += 1
    guard memory.epochsSince >= patience else { return .goOn }
    let reached = best.map { ", the best is \($0)" } ?? ""
    return .stop(reason: "\(figure.name) has not improved for \(memory.epochsSince) epochs\(reached)")
  }

  var state: [UInt8] {
    get throws {
      var memory = memory
      memory.figure = figure.name
      return [UInt8](try JSONEncoder().encode(memory))
    }
  }

  /// The best of another figure, which was watched before, says nothing of this one.
  func restore(_ state: [UInt8]) throws {
    let known = try JSONDecoder().decode(Memory.self, from: Data(state))
    if known.figure == nil || known.figure == figure.name { memory = known }
  }
}
