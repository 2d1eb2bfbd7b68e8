import Experiments
import Foundation
import Orchestrator
import Registry
import Tensors
import Testing

@Suite struct TrainingTests {
  @Test func lossFallsAndTheRunIsStored() throws {
    let workshop = try Workshop()
    let outcome = try workshop.train(
      workshop.recipe {
        $0.epochs = 12
        $0.name = "flowers"
        $0.tags = ["small"]
      })
    #expect(outcome.status == .completed && outcome.epochs == 12 && outcome.steps == 48)
    let losses = try workshop.values("last", "train.loss")
    #expect(losses.count == 48)
    let (early, late) = (losses.prefix(4).reduce(0, +), losses.suffix(4).reduce(0, +))
    #expect(late < 0.5 * early, "\(losses)")
    #expect(try workshop.values("last", "validation.accuracy").count == 12)
    #expect(outcome.figures["test.accuracy"].map { $0 > 0.8 } == true, "\(outcome.figures)")

    let run = try workshop.store.run(matching: "flowers")
    #expect(run.status == .completed && run.tags == ["small"] && run.totalSteps == 48 && run.epochs == 12)
    #expect(run.versions["fledge"] == fledgeVersion && run.threads == 1 && run.backend == "reference")
    #expect(try workshop.store.checkpoints(ofRun: run.id).contains(where: \.isBest))
  }

  @Test func theCommitOfTheWorkingFolderIsStored() throws {
    let workshop = try Workshop()
    let commit = "0123456789abcdef0123456789abcdef01234567"
    for folder in [".git", ".git/refs", ".git/refs/heads"] {
      try FileManager.default.createDirectory(atPath: "\(workshop.folder)/\(folder)", withIntermediateDirectories: true)
    }
    try workshop.write(".git/HEAD", "ref: refs/heads/main\n")
    try workshop.write(".git/refs/heads/main", commit + "\n")
    _ = try workshop.train(workshop.recipe { $0.epochs = 1 })
    #expect(try workshop.store.run(matching: "last").gitRevision == commit)
    try FileManager.default.removeItem(atPath: workshop.folder + "/.git/refs/heads/main")
    try workshop.write(".git/packed-refs", "# pack-refs with: peeled\n\(commit.uppercased()) refs/heads/main\n")
    _ = try workshop.train(workshop.recipe { $0.epochs = 1 })
    #expect(try workshop.store.run(matching: "last").gitRevision == commit.uppercased())
  }

  @Test func theRecipeIsStoredWithEveryDefault() throws {
    let workshop = try Workshop()
    _ = try workshop.train(workshop.recipe { $0.epochs = 1 })
    let recipe = try Recipe(yaml: workshop.store.run(matching: "last").recipeYAML, origin: "store")
    #expect(recipe.optimizer.hasPrefix("adam(0.02, beta1: 0.9, beta2: 0.999"), "\(recipe.optimizer)")
    #expect(recipe.loss.hasPrefix("softmax-cross-entropy(") && recipe.metrics == "accuracy")
    #expect(recipe.preprocess == "none" && recipe.model.hasPrefix("dense(8, bias: true)"))
    let components = try workshop.store.components(ofRun: "last")
    let beta = ComponentArgument(kind: "optimizer", path: "optimizer", part: "adam", argument: "beta1", value: "0.9")
    #expect(components.contains(beta))
    #expect(components.contains { $0.path == "model.2" && $0.part == "dense" && $0.value == "3" })
    #expect(components.contains { $0.path == "batch" && $0.argument == "batch" && $0.value == "12" })
  }

  @Test func nestedPartsAreRowsToo() throws {
    let workshop = try Workshop()
    _ = try workshop.train(
      workshop.recipe {
        $0.epochs = 1
        $0.model = "dense(8), residual(dense(8), tanh), dense(3)"
        $0.scheduler = "warmup(cosine(0.001), fraction: 0.2)"
      })
    let components = try workshop.store.components(ofRun: "last")
    #expect(components.contains { $0.path == "model.1.body.1" && $0.part == "tanh" }, "\(components)")
    #expect(
      components.contains { $0.path == "scheduler.inner" && $0.argument == "minimum" && $0.value == "0.001" },
      "\(components)")
  }

  @Test func theSameRecipeGivesTheSameBits() throws {
    let workshop = try Workshop()
    let recipe = workshop.recipe { $0.model = "dense(8), batch-norm, relu, dropout(0.3), dense(3)" }
    let first = try workshop.train(recipe)
    let second = try workshop.train(recipe)
    #expect(try workshop.tensors(first.runID) == workshop.tensors(second.runID))
    #expect(try workshop.points(first.runID) == workshop.points(second.runID))
    let other = try workshop.train(workshop.recipe { $0.seed = 1 })
    #expect(try workshop.values(first.runID, "train.loss") != workshop.values(other.runID, "train.loss"))
  }

  @Test func imagesAreScaledAndAugmentedTheSameWayEachTime() throws {
    let workshop = try Workshop()
    let recipe = workshop.recipe {
      $0.dataset = "shapes(20, test: 4)"
      $0.model = "average-pool(16), flatten, dense(10)"
      $0.augment = "horizontal-flip, random-crop"
      $0.epochs = 1
      $0.batch = 9
    }
    let first = try workshop.train(recipe)
    let second = try workshop.train(recipe)
    #expect(try workshop.tensors(first.runID) == workshop.tensors(second.runID))
    let plain = try workshop.train(
      workshop.recipe {
        $0 = recipe
        $0.augment = "none"
      })
    #expect(try workshop.tensors(first.runID) != workshop.tensors(plain.runID))
    let stored = try Recipe(yaml: workshop.store.run(matching: "last").recipeYAML, origin: "store")
    #expect(stored.preprocess == "scale(255)")
  }

  @Test func eventsComeInOrder() throws {
    let workshop = try Workshop()
    var seen: [String] = []
    var start: TrainingStart?
    var reports: [StepReport] = []
    let watcher = Watcher { event in
      switch event {
      case .started(let report):
        start = report
        seen.append("started")
      case .stepped(let report):
        reports.append(report)
        if seen.last != "stepped" { seen.append("stepped") }
      case .evaluated(let report): seen.append("evaluated \(report.split.rawValue)")
      case .epochEnded(let report): seen.append("epoch \(report.epoch)")
      case .saved(let step, _): seen.append("saved \(step)")
      case .warned: seen.append("warned")
      case .finished: seen.append("finished")
      }
      return .goOn
    }
    _ = try workshop.train(workshop.recipe { $0.epochs = 2 }, observers: [watcher])
    let epoch = { (number: Int) in ["stepped", "evaluated validation", "epoch \(number)", "saved \(4 * number)"] }
    #expect(seen == ["started"] + epoch(1) + epoch(2) + ["evaluated test", "finished"])
    #expect(start?.model.layers.map(\.layer) == ["dense(8)", "relu", "dense(3)"])
    #expect(start?.parameterCount == 4 * 8 + 8 + 8 * 3 + 3)
    #expect(start?.examples == [.train: 43, .validation: 5, .test: 12])
    #expect(reports.map(\.step) == Array(1...8) && reports.map(\.stepOfEpoch) == [1, 2, 3, 4, 1, 2, 3, 4])
    #expect(reports.last?.examplesSoFar == 86)
  }

  @Test func onlySomeStepsAreLogged() throws {
    let workshop = try Workshop()
    _ = try workshop.train(workshop.recipe { $0.logEvery = 5 })
    #expect(try workshop.store.metrics(ofRun: "last", name: "train.loss").map(\.step) == [5, 10])
    #expect(try workshop.store.metrics(ofRun: "last", name: "learning-rate").map(\.value) == [0.02, 0.02])
  }

  @Test func penaltiesAreKeptApartFromTheLoss() throws {
    let workshop = try Workshop()
    let plain = try workshop.train(workshop.recipe { $0.epochs = 1 })
    let heavy = try workshop.train(
      workshop.recipe {
        $0.epochs = 1
        $0.regularizer = "l2(0.5)"
      })
    #expect(try workshop.values(plain.runID, "train.loss")[0] == workshop.values(heavy.runID, "train.loss")[0])
    #expect(try workshop.values(heavy.runID, "train.penalty")[0] > 0.1)
    #expect(try workshop.values(plain.runID, "train.loss")[1] != workshop.values(heavy.runID, "train.loss")[1])
  }

  @Test func numbersAreTrainedOnToo() throws {
    let workshop = try Workshop()
    let outcome = try workshop.train(
      workshop.recipe {
        $0.dataset = "csv('slopes.csv', label: y, task: regression)"
        $0.model = "dense(1)"
        $0.optimizer = "adam(0.2)"
        $0.epochs = 30
        $0.preprocess = "standardize"
      })
    #expect(outcome.figures["test.loss"].map { $0 < 0.2 } == true, "\(outcome.figures)")
    #expect(outcome.figures["test.mean-absolute-error"] != nil)
  }

  @Test func earlyStoppingEndsTheRun() throws {
    let workshop = try Workshop()
    let outcome = try workshop.train(
      workshop.recipe {
        $0.optimizer = "sgd(0)"
        $0.epochs = 20
        $0.observers = "early-stopping(patience: 2)"
      })
    #expect(outcome.status == .stopped && outcome.epochs == 3, "\(outcome)")
    #expect(outcome.stopReason?.contains("validation.accuracy has not improved for 2 epochs") == true)
    #expect(try workshop.store.run(matching: "last").status == .stopped)
    let text = message {
      _ = try workshop.train(workshop.recipe { $0.observers = "early-stopping(metric: validation.acuracy)" })
    }
    #expect(text.contains("did you mean 'validation.accuracy'?"), "\(text)")
  }

  @Test func evaluationAndPredictionAgreeWithTraining() throws {
    let workshop = try Workshop()
    let outcome = try workshop.train(
      workshop.recipe {
        $0.preprocess = "standardize"
        $0.model = "dense(8), batch-norm, relu, dropout(0.5), dense(3)"
      })
    let run = try workshop.store.run(matching: outcome.runID)
    let test = try workshop.orchestrator.evaluate(
      run, in: workshop.store, checkpoint: .last, backend: "reference")
    #expect(test.figures["loss"] == outcome.figures["test.loss"])
    #expect(test.figures["accuracy"] == outcome.figures["test.accuracy"])
    #expect(test.examples == 12 && test.step == 12)
    let validation = try workshop.orchestrator.evaluate(
      run, in: workshop.store, checkpoint: .last, split: .validation, backend: "reference")
    #expect(validation.figures["loss"] == outcome.figures["validation.loss"])

    // The same test rows by hand: the rows of the file that the dataset's split holds out.
    let lines = Workshop.flowers().split(separator: "\n").dropFirst()
    let rows = lines.map { line in line.split(separator: ",").map(String.init) }
    var stream = RandomStream(seed: 0, "csv split")
    let held = stream.permutation(60).prefix(12)
    let model = try workshop.orchestrator.load(run, in: workshop.store, checkpoint: .last)
    #expect(model.classNames == ["iris", "rose", "tulip"] && model.inputShape == [4])
    let inputs = held.map { row in Tensor([4]) { Double(Float(rows[row][$0]) ?? .nan) } }
    let predictions = try model.predict(inputs)
    let correct = zip(held, predictions).count { rows[$0][4] == $1.className }
    #expect(Double(correct) / 12 == test.figures["accuracy"])
    for prediction in predictions {
      #expect(abs((prediction.probabilities ?? []).reduce(0, +) - 1) < 1e-6)
    }
    #expect(
      message { _ = try model.predict([Tensor([5]) { _ in 0 }]) }.contains("shape [5], the model takes [4]"))
  }

  @Test func theBestCheckpointIsTheOneWithTheBestFigure() throws {
    let workshop = try Workshop()
    let outcome = try workshop.train(
      workshop.recipe {
        $0.epochs = 6
        $0.metrics = "none"
      })
    let losses = try workshop.store.metrics(ofRun: "last", name: "validation.loss")
    let best = losses.min { $0.value < $1.value }
    #expect(outcome.bestStep == best?.step)
    let run = try workshop.store.run(matching: "last")
    #expect(
      try workshop.orchestrator.evaluate(run, in: workshop.store, split: .validation, backend: "reference")
        .figures["loss"] == best?.value)
  }

  @Test func namesOfWeightsAreThoseOfASequential() throws {
    let workshop = try Workshop()
    _ = try workshop.train(
      workshop.recipe {
        $0.epochs = 1
        $0.model = "dense(8), batch-norm, relu, dense(3)"
      })
    let run = try workshop.store.run(matching: "last")
    let weights = try workshop.orchestrator.weights(of: run, in: workshop.store, checkpoint: .last)
    #expect(
      weights.map(\.name) == [
        "0.weight", "0.bias", "1.weight", "1.bias", "1.running_mean", "1.running_var", "3.weight", "3.bias",
      ])
    #expect(weights[0].shape == [8, 4] && weights[0].elements.count == 32)
    _ = try workshop.train(
      workshop.recipe {
        $0.epochs = 1
        $0.model = "mlp([8], classes: 3)"
      })
    let named = try workshop.orchestrator.weights(
      of: workshop.store.run(matching: "last"), in: workshop.store, checkpoint: .last)
    #expect(named.map(\.name) == ["1.weight", "1.bias", "3.weight", "3.bias"])
  }
}
