import Experiments
import Orchestrator
import Testing

/// The scheduler that watches a figure.
@Suite struct PlateauTests {
  private func recipe(_ workshop: Workshop, _ scheduler: String) -> Recipe {
    workshop.recipe {
      $0.optimizer = "sgd(0.02)"
      $0.scheduler = scheduler
      $0.epochs = 8
    }
  }

  /// Without steps of any size nothing improves after the first epoch: each two more are one too many.
  @Test func theRateFallsWhereTheMonitoredFigureRests() throws {
    let workshop = try Workshop()
    let outcome = try workshop.train(
      workshop.recipe {
        $0 = recipe(workshop, "plateau(1, factor: 0.5)")
        $0.optimizer = "sgd(1e-6)"
      })
    try #require(Set(workshop.values(outcome.runID, "validation.accuracy")).count == 1)
    let falls = [1, 1, 1, 0.5, 0.5, 0.25, 0.25, 0.125].flatMap { Array(repeating: 1e-6 * $0, count: 4) }
    #expect(try workshop.values(outcome.runID, "learning-rate") == falls)
  }

  @Test func ratesFollowTheFigureThatWasStored() throws {
    let workshop = try Workshop()
    let outcome = try workshop.train(
      recipe(workshop, "plateau(0, factor: 0.5, metric: validation.loss, threshold: 0.2)"))
    let losses = try workshop.values(outcome.runID, "validation.loss")
    let rates = try workshop.values(outcome.runID, "learning-rate")
    try #require(losses.count == 8 && rates.count == 32)
    var (best, rate) = (Double.infinity, 0.02)
    var expected: [Double] = []
    for loss in losses {
      expected += Array(repeating: rate, count: 4)
      if loss < best * 0.8 { best = loss } else { rate *= 0.5 }
    }
    #expect(rates == expected && Set(rates).count > 1, "\(losses)")
  }

  @Test(arguments: [3, 6, 17, 20, 29])
  func takenUpAfterAnyStepItHasTheSameRates(step: Int) throws {
    let workshop = try Workshop()
    let scheduler = "plateau(0, factor: 0.5, threshold: 0.05)"
    let whole = try workshop.train(recipe(workshop, scheduler))
    let interruption = Interruption()
    let watcher = Watcher { event in
      if case .stepped(let report) = event, report.step == step { interruption.request() }
      return .goOn
    }
    let cut = try workshop.train(recipe(workshop, scheduler), observers: [watcher], interruption: interruption)
    _ = try workshop.orchestrator.resume(workshop.store.run(matching: cut.runID), in: workshop.store)
    let rates = try workshop.values(whole.runID, "learning-rate")
    #expect(Set(rates).count > 1)
    #expect(try workshop.values(cut.runID, "learning-rate") == rates)
    #expect(try workshop.tensors(cut.runID) == workshop.tensors(whole.runID))
  }

  @Test func aFigureThatTheRunDoesNotHaveIsNamedBeforeItBegins() throws {
    let workshop = try Workshop()
    let text = message { _ = try workshop.train(recipe(workshop, "warmup(plateau(metric: validation.los))")) }
    #expect(text.contains("did you mean 'validation.loss'?") && text.contains("train.accuracy"), "\(text)")
    #expect(message { _ = try workshop.store.run(matching: "last") }.contains("last"), "a run was begun")
  }
}
