import Experiments
import Orchestrator
import Registry

/// Tells the user how training goes: on a terminal a live line, elsewhere a line an epoch.
final class ProgressObserver: TrainingObserver {
  private let isLive: Bool
  private let terminal: Terminal
  private var epochs = 0
  private var totalSteps = 0
  private var isLineOpen = false
  private var lastShown = ContinuousClock.now - .seconds(1)
  /// Sums over the epoch under way: the loss, then the metrics.
  private var sums: [Figure] = []
  private var summed = 0

  init(_ terminal: Terminal) {
    self.terminal = terminal
    isLive = terminal.isInteractive
  }

  func observe(_ event: TrainingEvent) -> TrainingDecision {
    switch event {
    case .started(let start): tell(start)
    case .stepped(let report): tell(report)
    case .epochEnded(let report): tell(report)
    case .evaluated(let report) where report.split == .test:
      line("test  \(Self.text(report.figures))")
    case .warned(let text): line("warning: \(text)")
    case .finished(let outcome):
      line(
        "\(outcome.status.rawValue) after \(Formatting.count(outcome.steps, "step")), \(Formatting.duration(outcome.seconds))"
      )
    case .saved, .evaluated: break
    }
    return .goOn
  }

  /// Which run of a group comes now.
  func tell(_ start: MemberStart) {
    let values = start.values.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
    line("\(start.group): \(start.position) of \(start.count), \(values)")
  }

  /// Leaves the live line, so that whatever follows starts a line of its own.
  func end() {
    if isLineOpen { Console.write("\r\u{1B}[K") }
    isLineOpen = false
  }

  private func tell(_ start: TrainingStart) {
    epochs = start.epochs
    totalSteps = start.totalSteps
    let counts = Split.allCases.compactMap { split in
      start.examples[split].map { "\($0) \(split.rawValue)" }
    }.joined(separator: " + ")
    let name = start.name.map { " (\($0.printable))" } ?? ""
    let place =
      start.isResumed
      ? ", resumed at step \(start.firstStep)" : start.firstStep > 1 ? ", begins with step \(start.firstStep)" : ""
    let timed = start.timedKernels > 0 ? ", \(Formatting.count(start.timedKernels, "kernel")) chosen by timing" : ""
    line(
      "run \(start.runID)\(name): \(counts) examples, \(start.parameterCount) parameters, "
        + "\(Formatting.count(start.epochs, "epoch")) of \(Formatting.count(start.stepsPerEpoch, "step"))\(place)\(timed)"
    )
  }

  private func tell(_ report: StepReport) {
    guard isLive else { return }
    let figures = [Figure("loss", report.loss, .lower)] + report.metrics
    if sums.count == figures.count {
      sums = zip(sums, figures).map { Figure($0.name, $0.value + $1.value, $0.direction) }
    } else {
      sums = figures
    }
    summed += 1
    let now = ContinuousClock.now
    guard now - lastShown >= .milliseconds(100) else { return }
    lastShown = now
    let means = sums.map { Figure($0.name, $0.value / Double(summed), $0.direction) }
    let text = [
      "epoch \(report.epoch)/\(epochs)", "step \(report.step)/\(totalSteps)", Self.text(means),
      "\(Formatting.number(report.examplesPerSecond.rounded())) examples/s",
      "\(Formatting.duration(report.secondsLeft)) left",
    ].joined(separator: "  ")
    Console.write("\r\(text.prefix(terminal.width - 1))\u{1B}[K")
    isLineOpen = true
  }

  private func tell(_ report: EpochReport) {
    sums = []
    summed = 0
    var parts = ["epoch \(report.epoch)/\(epochs)", Self.text(report.training)]
    if !report.validation.isEmpty { parts.append("validation \(Self.text(report.validation))") }
    parts.append(Formatting.duration(report.seconds))
    if report.isBest { parts.append("best so far") }
    parts.append("\(Int((report.shareWaiting * 100).rounded())) % waiting for data")
    line(parts.joined(separator: "  "))
  }

  private func line(_ text: String) {
    end()
    Console.note(text)
  }

  private static func text(_ figures: [Figure]) -> String {
    figures.map { "\($0.name) \(Formatting.figure($0.value))" }.joined(separator: "  ")
  }
}
