import Experiments
import Orchestrator
import Testing

/// The figure that a run goes by.
@Suite struct MonitorTests {
  @Test(arguments: [
    (0.2, "top-k(2), accuracy", "validation.top-k"), (0.2, "none", "validation.loss"),
    (0.2, "", "validation.accuracy"), (0.2, "confusion-matrix", "validation.loss"),
    (0, "accuracy, top-k(2)", "train.accuracy"), (0, "none", "train.loss"), (0, "confusion-matrix", "train.loss"),
  ])
  func theResolvedRecipeSaysIt(validation: Double, metrics: String, expected: String) throws {
    let workshop = try Workshop()
    let outcome = try workshop.train(
      workshop.recipe {
        $0.epochs = 1
        $0.validation = validation
        $0.metrics = metrics
      })
    #expect(try workshop.monitor(outcome) == expected)
  }

  /// By hand: the step where the stored points of the figure are best; of equal ones, where the loss is lowest.
  @Test(arguments: ["validation.loss", "validation.accuracy", "train.loss", "train.accuracy"])
  func theBestCheckpointGoesByIt(monitor: String) throws {
    let workshop = try Workshop()
    var epochs: [EpochReport] = []
    let watcher = Watcher { event in
      if case .epochEnded(let report) = event { epochs.append(report) }
      return .goOn
    }
    let outcome = try workshop.train(
      workshop.recipe {
        $0.epochs = 6
        $0.optimizer = "sgd(0.5)"
        $0.monitor = monitor
      }, observers: [watcher])
    func value(_ name: String, _ report: EpochReport) -> Double {
      let figures = name.hasPrefix("train") ? report.training : report.validation
      return figures.first { name.hasSuffix($0.name) }?.value ?? .nan
    }
    let sign = monitor.hasSuffix("loss") ? 1.0 : -1
    let best = epochs.min {
      (sign * value(monitor, $0), value("validation.loss", $0)) < (
        sign * value(monitor, $1), value("validation.loss", $1)
      )
    }
    #expect(outcome.bestStep == best?.step && best != nil)
    let score = try workshop.store.checkpoints(ofRun: outcome.runID).first(where: \.isBest)?.score
    #expect(score == best.map { value(monitor, $0) })
  }

  @Test func earlyStoppingWatchesItUnlessItNamesAnother() throws {
    let workshop = try Workshop()
    func reason(_ monitor: String, _ observer: String) throws -> String? {
      try workshop.train(
        workshop.recipe {
          $0.optimizer = "sgd(0)"
          $0.epochs = 9
          $0.monitor = monitor
          $0.observers = observer
        }
      ).stopReason
    }
    #expect(try reason("train.loss", "early-stopping(2)")?.hasPrefix("train.loss has") == true)
    #expect(try reason("", "early-stopping(2)")?.hasPrefix("validation.accuracy has") == true)
    let own = try reason("train.loss", "early-stopping(2, metric: validation.loss)")
    #expect(own?.hasPrefix("validation.loss has") == true)
  }

  @Test func aNameThatTheRunDoesNotHaveIsRefusedBeforeItBegins() throws {
    let workshop = try Workshop()
    let text = message { _ = try workshop.train(workshop.recipe { $0.monitor = "validation.acuracy" }) }
    #expect(text.contains("monitor watches 'validation.acuracy'"), "\(text)")
    #expect(text.contains("did you mean 'validation.accuracy'?") && text.contains("train.loss"), "\(text)")
    #expect(message { _ = try workshop.store.run(matching: "last") }.contains("last"), "a run was begun")
    let withheld = message {
      _ = try workshop.train(
        workshop.recipe {
          $0.validation = 0
          $0.monitor = "validation.loss"
        })
    }
    #expect(withheld.contains("figures: train.loss, train.accuracy"), "\(withheld)")
  }

  /// Where nothing was held out, version 0.1.0 went by the loss, and so goes a run of its that is taken up.
  @Test func aRecipeFromBeforeTheKeyKeepsWhatItHad() throws {
    let workshop = try Workshop()
    let interruption = Interruption()
    let watcher = Watcher { event in
      if case .stepped(let report) = event, report.step == 7 { interruption.request() }
      return .goOn
    }
    func recipe(_ monitor: String) -> Recipe {
      workshop.recipe {
        $0.validation = 0
        $0.monitor = monitor
      }
    }
    let whole = try workshop.train(recipe("train.loss"))
    let cut = try workshop.train(recipe("train.loss"), observers: [watcher], interruption: interruption)
    let run = try workshop.store.run(matching: cut.runID)
    try workshop.rewriteState(of: run) { state in
      state["monitored"] = nil
      let lines = (state["recipe"] as? String ?? "").split(separator: "\n").filter { !$0.hasPrefix("monitor") }
      state["recipe"] = lines.joined(separator: "\n")
    }
    let resumed = try workshop.orchestrator.resume(run, in: workshop.store)
    #expect(resumed.bestStep == whole.bestStep)
    let best = try workshop.store.checkpoints(ofRun: run.id).first(where: \.isBest)
    #expect(best?.score == (try workshop.store.checkpoints(ofRun: whole.runID).first(where: \.isBest)?.score))
  }

  @Test func anotherFigureHasItsOwnBest() throws {
    let workshop = try Workshop()
    let short = try workshop.train(workshop.recipe { $0.monitor = "validation.accuracy" })
    let run = try workshop.store.run(matching: short.runID)
    // A loss is less than the accuracy that was best: it is not compared with it.
    let longer = try workshop.orchestrator.resume(
      run, in: workshop.store, overriding: [("epochs", "4"), ("monitor", "train.accuracy")])
    #expect(longer.bestStep == 16)
  }
}
