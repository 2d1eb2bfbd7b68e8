import Testing

@Suite struct CommonNamesTests {
  @Test(arguments: [
    ("--model", "linear(10)", "dense is what others call linear"),
    ("--model", "Conv2d(8)", "conv is what others call Conv2d"),
    ("--optimizer", "adam(lr: 0.1)", "rate is what others call lr"),
    ("--optimizer", "sgd(learning_rate: 0.1)", "rate is what others call learning_rate"),
    ("--optimizer", "momentum(0.9)", "sgd(momentum: 0.9) is what others call momentum"),
    ("--loss", "cross-entropy", "softmax-cross-entropy is what others call cross-entropy"),
    ("--set", "batch-size=5", "batch is what others call batch-size"),
  ])
  func errorsPointToTheRightName(flag: String, value: String, expected: String) async throws {
    let program = try Program()
    defer { program.remove() }
    var recipe = TrainedStore.recipe
    if let index = recipe.firstIndex(of: flag) { recipe.removeSubrange(index...index + 1) }
    try await program.fail(["train"] + recipe + [flag, value], saying: [expected])
  }

  @Test func aRecipeIsAnArgument() async throws {
    let program = try Program()
    defer { program.remove() }
    let model = "[average-pool: 16, flatten, {dense: {units: 10}}]"
    try program.write(
      "\u{FEFF}dataset: {shapes: {count: 40, test: 20}}\r\nmodel: \(model)\r\nbackend: reference\r\nbatch: 18\r\n",
      to: "small.yaml")
    let train = ["train", "small.yaml", "--epochs", "1", "--set", "model.dense.bias=false"]
    _ = try await program.succeed(train + ["--quiet"])
    let shown = try await program.succeed(["show", "last"])
    #expect(shown.output.contains("bias: false"), "\(shown.output)")
    try await program.fail(train + ["--recipe", "small.yaml"], code: 64, saying: ["a recipe is given twice"])
  }
}
