import Testing

@Suite struct RecipeFaults {
  private static let faults: [(arguments: [String], parts: [String])] = [
    // Names.
    (["--optimizer", "adm"], ["--optimizer, column 1", "no optimizer 'adm'", "did you mean 'adam'?"]),
    (["--model", "dense(4), residual(rely), dense(3)"], ["column 20", "no layer 'rely'", "did you mean 'relu'?"]),
    (["--scheduler", "accuracy"], ["--scheduler, column 1", "'accuracy' is a metric"]),
    (["--model", "dense(unts: 4), dense(3)"], ["no parameter 'unts'", "did you mean 'units'?"]),
    (["--model", "dense(4, inizializer: zeros), dense(3)"], ["did you mean 'initializer'?"]),
    (["--model", "dense(), dense(3)"], ["column 1", "dense needs 'units' (output features)"]),
    (["--set", "epchs=3"], ["no key 'epchs'", "did you mean 'epochs'?", "keys: dataset"]),
    // Ranges and types.
    (["--optimizer", "adam(beta1: 2)"], ["column 13", "'beta1' of adam must be at least 0.0 and below 1.0, not 2"]),
    (["--set", "optimizer.beta1=2"], ["--set optimizer.beta1", "must be at least 0.0 and below 1.0, not 2"]),
    (["--model", "dropout(1.5), dense(3)"], ["'rate' of dropout", "below 1.0, not 1.5"]),
    (["--model", "dense(0), dense(3)"], ["'units' of dense must be above 0", "not 0"]),
    (["--model", "dense(4.5), dense(3)"], ["'units' of dense is a whole number, not 4.5"]),
    (["--model", "dense(99999999999999999999), dense(3)"], ["'units' of dense is a whole number"]),
    (["--model", "dense(4, bias: maybe), dense(3)"], ["'bias' of dense", "not maybe"]),
    (["--epochs", "1.5"], ["--epochs", "a whole number", "'1.5'"]),
    (["--seed", "-1"], ["--seed", "at least 0", "'-1'"]),
    (["--shuffle", "maybe"], ["--shuffle", "true or false", "'maybe'"]),
    // Brackets.
    (["--model", "dense(4), dense(3))"], ["--model, column 19", "unbalanced )"]),
    (["--model", "dense(4), residual(dense(4), dense(3)"], ["--model, column 19", "never closed"]),
    (["--dataset", "csv('points.csv, label: kind)"], ["--dataset, column 5"]),
    // Shapes: the layer, its position, what it expected and what it got.
    (["--model", "dense(4), conv(8), dense(3)"], ["layer 1, conv(8)", "expected 4 axes", "got [4, 4]"]),
    (["--model", "dense(4), residual(dense(5)), dense(3)"], ["layer 1, residual(dense(5))", "[4, 5]", "[4, 4]"]),
    (["--model", "dense(4), repeat(2, max-pool), dense(3)"], ["layer 1", "max-pool", "got [4, 4]"]),
    (["--model", "dense(4), relu, dense(4)"], ["4 outputs", "3 classes", "dense(3)"]),
    (["--model", ""], ["--model", "'model' must be given"]),
    (["--loss", "mean-squared-error"], ["mean-squared-error takes numbers", "classes", "softmax-cross-entropy"]),
    (["--augment", "horizontal-flip"], ["horizontal-flip changes images", "[2]"]),
    // Amounts.
    (["--batch", "37"], ["a batch of 37", "36 training examples", "--batch 36 or less"]),
    (["--batch", "0"], ["--batch", "at least 1"]),
    (["--epochs", "0"], ["--epochs", "at least 1"]),
    (["--validation", "0.999"], ["validation 0.999"]),
  ]

  @Test("refuses", arguments: faults) func refuses(_ arguments: [String], _ parts: [String]) async throws {
    let bench = try await FaultBench()
    defer { bench.program.remove() }
    try await bench.refuses(bench.train(["--quiet"] + arguments), saying: parts)
    #expect(try await bench.runs().count == 1, "\(arguments): a run was begun")
  }

  @Test func recipeFilesNameTheLine() async throws {
    let bench = try await FaultBench()
    defer { bench.program.remove() }
    let faults: [(text: String, parts: [String])] = [
      ("epochs: 1\noptimiser: adam\n", ["recipe.yaml, line 2", "no key 'optimiser'", "did you mean 'optimizer'?"]),
      ("epochs: many\n", ["recipe.yaml", "'epochs' is a whole number", "many"]),
      ("optimizer: adam(rate: 1\n", ["recipe.yaml", "never closed"]),
      ("epochs: [1\n", ["recipe.yaml"]),
      ("- epochs\n", ["recipe.yaml"]),
    ]
    for (text, parts) in faults {
      try bench.program.write(text, to: "recipe.yaml")
      try await bench.refuses(bench.train(["--quiet", "--recipe", "recipe.yaml"]), saying: parts)
    }
  }

  private static let commands: [(arguments: [String], code: Int32, parts: [String])] = [
    (["list", "layr"], 1, ["no kind 'layr'", "did you mean 'layer'?", "kinds: activation"]),
    (["check", "activation", "rellu"], 1, ["no activation 'rellu'", "did you mean 'relu'?"]),
    (["train", "--optimzer", "adam"], 64, ["--optimzer", "--optimizer"]),
    (["evaluate", "before", "--checkpoint", "bset"], 64, ["bset", "best, last or a step"]),
    (["predict", "before", "."], 1, [".: it is a folder"]),
    (["predict", "before", "/dev/null"], 1, ["/dev/null: it is empty"]),
  ]

  @Test("commands refuse", arguments: commands)
  func commandsRefuse(_ arguments: [String], _ code: Int32, _ parts: [String]) async throws {
    let bench = try await FaultBench()
    defer { bench.program.remove() }
    try await bench.refuses(arguments, code: code, saying: parts)
  }
}
