import Observers
import Registry

extension ConformanceSuite {
  /// The laws of an observer, on runs of a few epochs whose figures fall, rise, rest and are no numbers.
  func observerChecks(_ entry: Registry.Entry) -> [CheckResult] {
    [
      result(entry, "watches") {
        try checkThatItWatches(entry)
        try forEachRun(entry) { _ = try $0.decisions() }
        return "\(ObservedRun.all.count) runs"
      },
      result(entry, "repeatable") {
        try forEachRun(entry) { run in
          let first = try watched(run)
          let second = try watched(run)
          guard first == second else {
            throw Failure("\(run.title): decides \(first), and the second time \(second)")
          }
        }
        return "the same decisions twice"
      },
      result(entry, "restored") {
        try forEachRun(entry) { run in
          let whole = try watched(run)
          guard try watched(run) == whole else { throw Skip(reason: "is not repeatable") }
          for cut in ObservedRun.Cut.allCases {
            let found = try run.decisions(cut: cut)
            guard found == whole else {
              throw Failure("\(run.title): decides \(whole); interrupted and restored \(cut.rawValue), \(found)")
            }
          }
        }
        return ObservedRun.Cut.allCases.map(\.rawValue).joined(separator: ", ")
      },
    ]
  }

  private func watched(_ run: ObservedRun) throws -> [TrainingDecision] {
    do { return try run.decisions() } catch { throw Skip(reason: "does not watch a whole run") }
  }

  /// Every variant of the part on every run that it can watch.
  private func forEachRun(_ entry: Registry.Entry, _ body: (ObservedRun) throws -> Void) throws {
    for (title, component) in try variants(of: entry) {
      guard let part = component as? any Observer else { continue }
      for run in ObservedRun.all.map({ $0.watched(by: part, title: title) }) where (try? run.makeObserver()) != nil {
        try body(run)
      }
    }
  }

  /// Throws unless there is a run that the part watches, with its example.
  private func checkThatItWatches(_ entry: Registry.Entry) throws {
    guard let (title, component) = try variants(of: entry).first, let part = component as? any Observer else { return }
    let refusals = ObservedRun.all.compactMap { run -> (any Error)? in
      do {
        _ = try run.watched(by: part, title: title).makeObserver()
        return nil
      } catch {
        return error
      }
    }
    if refusals.count == ObservedRun.all.count, let refusal = refusals.last {
      throw Failure("\(title) watches no run: \(refusal)")
    }
  }
}

/// What happens in a run, made up, and who watches it.
struct ObservedRun {
  /// Where the run is interrupted and goes on with another observer, which is given the state of the last.
  enum Cut: String, CaseIterable {
    case epochs = "after every epoch"
    case steps = "after every step"
  }

  private(set) var title: String
  private let losses: [Double]
  private let hasValidation: Bool
  private var part: (any Observer)?

  private static let stepsPerEpoch = 3

  private static let courses: [(title: String, losses: [Double])] = [
    ("falling", [8, 7, 6, 5, 4, 3, 2, 1]), ("rising", [1, 2, 3, 4, 5, 6, 7, 8]),
    ("at rest", Array(repeating: 0.5, count: 8)), ("no number at times", [1, .nan, 2, .infinity, 1, .nan, .nan, 0.5]),
  ]

  /// Each course of the loss, with validation examples and a metric, and without.
  static let all = courses.flatMap { course in
    [true, false].map { hasValidation in
      ObservedRun(
        title: "the loss is \(course.title)\(hasValidation ? "" : ", no validation")", losses: course.losses,
        hasValidation: hasValidation)
    }
  }

  private init(title: String, losses: [Double], hasValidation: Bool) {
    self.title = title
    self.losses = losses
    self.hasValidation = hasValidation
  }

  func watched(by part: any Observer, title: String) -> ObservedRun {
    var run = self
    run.part = part
    run.title = "\(title), \(self.title)"
    return run
  }

  func makeObserver() throws -> any TrainingObserver {
    guard let part else { throw Failure("nobody watches the run") }
    let names = hasValidation ? ["loss", "accuracy"] : ["loss"]
    let all = (hasValidation ? [Split.train, .validation] : [.train]).flatMap { split in
      names.map { FigureDeclaration($0, $0 == "loss" ? .lower : .higher).of(split) }
    }
    return try part.makeObserver(figures: RunFigures(all, monitored: all[all.count - 1]))
  }

  /// What the observer says of each step and epoch until it ends the run.
  func decisions(cut: Cut? = nil) throws -> [TrainingDecision] {
    var observer = try makeObserver()
    var decisions: [TrainingDecision] = []
    var step = 0

    func interrupt() throws {
      let state = try observer.state
      observer = try makeObserver()
      try observer.restore(state)
      _ = try observer.observe(.started(start(firstStep: step + 1)))
    }

    _ = try observer.observe(.started(start(firstStep: 1)))
    for epoch in 1...losses.count {
      for stepOfEpoch in 1...Self.stepsPerEpoch {
        step += 1
        decisions.append(try observer.observe(.stepped(report(step, epoch, stepOfEpoch))))
        if decisions.last != .goOn { return decisions }
        if cut == .steps { try interrupt() }
      }
      if hasValidation {
        decisions.append(
          try observer.observe(
            .evaluated(EvaluationReport(epoch: epoch, step: step, split: .validation, figures: figures(epoch)))))
      }
      decisions.append(
        try observer.observe(
          .epochEnded(
            EpochReport(
              epoch: epoch, step: step, training: figures(epoch), validation: hasValidation ? figures(epoch) : [],
              seconds: 1))))
      if decisions.suffix(2).contains(where: { $0 != .goOn }) { return decisions }
      if cut == nil { _ = try observer.observe(.saved(step: step, isBest: false)) } else { try interrupt() }
    }
    return decisions
  }

  private func figures(_ epoch: Int) -> [Figure] {
    let loss = Figure(.loss, losses[epoch - 1])
    return hasValidation ? [loss, Figure("accuracy", 1 / (1 + losses[epoch - 1]), .higher)] : [loss]
  }

  private func start(firstStep: Int) -> TrainingStart {
    let steps = losses.count * Self.stepsPerEpoch
    return TrainingStart(
      runID: "conformance", recipe: "", model: ModelSummary(inputShape: [4], layers: [], parameterCount: 0),
      stepsPerEpoch: Self.stepsPerEpoch, epochs: losses.count, totalSteps: steps,
      examples: hasValidation ? [.train: 12, .validation: 4] : [.train: 12], firstStep: firstStep,
      isResumed: firstStep > 1)
  }

  private func report(_ step: Int, _ epoch: Int, _ stepOfEpoch: Int) -> StepReport {
    StepReport(
      step: step, epoch: epoch, stepOfEpoch: stepOfEpoch, loss: losses[epoch - 1],
      metrics: Array(figures(epoch).dropFirst()), rate: 0.1, examplesPerSecond: 100, secondsLeft: 1,
      examplesSoFar: 4 * step)
  }
}
