import Experiments
import Orchestrator
import Registry
import Testing

@Suite struct FaultTests {
  @Test func aLossThatIsNotFiniteEndsTheRunAndNamesTheLayer() throws {
    let workshop = try Workshop()
    var caught: OrchestratorError.NotFinite?
    do {
      _ = try workshop.train(
        workshop.recipe {
          $0.optimizer = "sgd(1e200)"
          $0.checkpointEvery = 1
        })
      Issue.record("nothing was thrown")
    } catch OrchestratorError.notFinite(let fault) {
      caught = fault
    }
    #expect(caught?.step == 2 && caught?.epoch == 1)
    #expect(caught?.layer == "2, dense(3)")
    #expect(caught?.checkpoint == 1 && caught?.inInputs == false && caught?.parameters == [])
    let run = try workshop.store.run(matching: "last")
    #expect(
      run.status == .failed && run.stopReason?.contains("the first layer with such a number is 2, dense(3)") == true)
    #expect(run.stopReason?.contains("lower learning rate") == true)
    #expect(try workshop.store.checkpoints(ofRun: run.id).map(\.step) == [1])
    #expect(try workshop.tensors(run.id)["0.weight"] != nil)
  }

  @Test(arguments: [
    ("dataset", "shaps", "there is no dataset 'shaps'; did you mean 'shapes'?"),
    ("dataset", "", "'dataset' must be given"),
    ("model", "", "'model' must be given"),
    ("model", "dense(8), rel, dense(3)", "there is no layer 'rel'; did you mean 'relu'?"),
    ("model", "dense(8", "never closed"),
    ("model", "adam", "'adam' is an optimizer, and a layer is expected here"),
    ("model", "conv(8), dense(3)", "layer 0, conv(8): expected 4 axes"),
    (
      "model", "dense(8), relu, dense(10)",
      "the model ends with 10 outputs but the data has 3 classes: end it with dense(3)"
    ),
    ("model", "dropout(0.5)", "4 outputs but the data has 3 classes"),
    ("optimizer", "adam(rat: 1)", "did you mean 'rate'?"),
    ("optimizer", "adam(rate: -1)", "'rate' of adam must be at least 0.0, not -1"),
    ("optimizer", "adam(rate: fast)", "'rate' of adam is a number, not fast"),
    ("scheduler", "cosin", "did you mean 'cosine'?"),
    ("loss", "mean-squared-error", "loss mean-squared-error takes numbers, and the targets of csv are classes; use"),
    ("metrics", "acuracy", "did you mean 'accuracy'?"),
    ("augment", "horizontal-flip", "horizontal-flip changes images"),
    ("backend", "refrence", "did you mean 'reference'?"),
    ("observers", "early-stoping", "did you mean 'early-stopping'?"),
    ("batch", "100", "a batch of 100 is more than the 43 training examples (5 are held out for validation)"),
    ("batch", "42", "42"),
    ("validation", "0.99", "cannot be split with validation 0.99"),
    ("initial-weights", "nowhere.safetensors", "nowhere.safetensors"),
    ("dataset", "csv('nowhere.csv', label: kind)", "there is no file 'nowhere.csv'"),
    ("dataset", "csv('flowers.csv', label: kinds)", "kinds"),
  ])
  func badInputIsNamedBeforeARunIsBegun(key: String, value: String, expected: String) throws {
    let workshop = try Workshop()
    var recipe = workshop.recipe { if key == "batch", value == "42" { $0.model = "dense(8), batch-norm, dense(3)" } }
    try recipe.set(key, to: value, origin: "--\(key)")
    let text = message("\(key) \(value)") { _ = try workshop.train(recipe) }
    #expect(text.contains(expected), "\(text)")
    #expect(message { _ = try workshop.store.run(matching: "last") }.contains("last"), "a run was begun")
  }

  @Test func originsPointAtTheFlag() throws {
    let workshop = try Workshop()
    var recipe = workshop.recipe()
    try recipe.set("optimizer", to: "adam(rat: 1)", origin: "--optimizer")
    let text = message { _ = try workshop.train(recipe) }
    #expect(text.hasPrefix("--optimizer, column 11:"), "\(text)")
    #expect(
      message { _ = try workshop.train(workshop.recipe { $0.optimizer = "adma" }) }.hasPrefix("recipe key optimizer"))
  }

  @Test func oneClassIsNothingToLearn() throws {
    let workshop = try Workshop()
    try workshop.write("same.csv", "a,kind\n" + (0..<20).map { "\($0),iris\n" }.joined())
    let text = message { _ = try workshop.train(workshop.recipe { $0.dataset = "csv('same.csv', label: kind)" }) }
    #expect(text.contains("one class"), "\(text)")
  }

  @Test func aLastBatchOfOneIsExplained() throws {
    let workshop = try Workshop()
    let text = message {
      _ = try workshop.train(
        workshop.recipe {
          $0.batch = 42
          $0.model = "dense(8), batch-norm, dense(3)"
        })
    }
    #expect(text.contains("43 training examples in batches of 42") && text.contains("batch of 1"), "\(text)")
  }

  @Test func valuesSetByAProgramAreCheckedToo() throws {
    let workshop = try Workshop()
    #expect(
      message { _ = try workshop.train(workshop.recipe { $0.epochs = 0 }) }.contains(
        "'epochs' is a whole number, at least 1"))
    #expect(message { _ = try workshop.train(workshop.recipe { $0.validation = 1 }) }.contains("'validation'"))
  }

  @Test func splitsThatAreNotThereAreNamed() throws {
    let workshop = try Workshop()
    _ = try workshop.train(
      workshop.recipe {
        $0.dataset = "csv('flowers.csv', label: kind, test: 0)"
        $0.validation = 0
        $0.epochs = 1
      })
    let run = try workshop.store.run(matching: "last")
    let text = message { _ = try workshop.orchestrator.evaluate(run, in: workshop.store) }
    #expect(text == "csv has no test examples here")
    #expect(try workshop.orchestrator.evaluate(run, in: workshop.store, split: .train).examples == 60)
  }
}
