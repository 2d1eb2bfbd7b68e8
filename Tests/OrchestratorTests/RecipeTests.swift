import Orchestrator
import Registry
import Testing

@Suite struct RecipeTests {
  @Test func defaultsRoundTrip() throws {
    let recipe = Recipe()
    #expect(try Recipe(yaml: recipe.yaml, origin: "test") == recipe)
    #expect(recipe.epochs == 10 && recipe.batch == 128 && recipe.validation == 0.1 && recipe.backend.isEmpty)
  }

  @Test func everyKeyRoundTrips() throws {
    var recipe = Recipe()
    recipe.dataset = "csv('a b: c''s.csv', label: kind)"
    recipe.model = "conv(32, kernel: 3), relu"
    recipe.augment = "horizontal-flip, random-crop(padding: 4)"
    recipe.backend = "null"
    recipe.name = "it's: a \"name\" # not a comment"
    recipe.initialWeights = "two\nlines\ttab\\.safetensors"
    recipe.tags = ["first try", "true", "7"]
    recipe.seed = .max
    recipe.validation = 0.30000000000000004
    recipe.shuffle = false
    recipe.epochs = 3
    recipe.checkpointEvery = 5
    #expect(try Recipe(yaml: recipe.yaml, origin: "test") == recipe, "\(recipe.yaml)")
  }

  @Test func listsAreJoinedAndSpecificationsNeedNoQuotes() throws {
    let recipe = try Recipe(
      yaml: """
        # a comment
        dataset: shapes(count: 100, test: 20)   # ten classes
        model:
          - conv(32, kernel: 3, stride: 2)
          - relu
          - dense(10)
        optimizer: 'adam(rate: 0.01)'
        tags: [one, two]
        epochs: 4
        shuffle: false
        """, origin: "recipe.yaml")
    #expect(recipe.dataset == "shapes(count: 100, test: 20)")
    #expect(recipe.model == "conv(32, kernel: 3, stride: 2), relu, dense(10)")
    #expect(recipe.optimizer == "adam(rate: 0.01)")
    #expect(recipe.tags == ["one", "two"])
    #expect(recipe.epochs == 4 && !recipe.shuffle)
  }

  @Test(arguments: [
    ("optimiser: adam", "recipe.yaml, line 1: there is no key 'optimiser'; did you mean 'optimizer'?"),
    ("\nepochs: many", "recipe.yaml, line 2: 'epochs' is a whole number, at least 1, not 'many'"),
    ("epochs: 0", "'epochs' is a whole number, at least 1, not '0'"),
    ("batch: 0", "'batch' is a whole number, at least 1, not '0'"),
    ("validation: 1", "'validation' is a number from 0 to below 1, not '1'"),
    ("validation: nan", "'validation' is a number from 0 to below 1, not 'nan'"),
    ("seed: -1", "'seed' is a whole number, at least 0, not '-1'"),
    ("shuffle: maybe", "'shuffle' is true or false, not 'maybe'"),
    ("log-every: 0", "'log-every' is a whole number, at least 1"),
    ("threads: 5000", "'threads' is a whole number from 0 to 1024"),
    ("optimizer: {adam: 1, sgd: 2}", "line 1: 'optimizer' is one part, such as adam(rate: 0.001) or {adam:"),
    ("epochs: {a: 1}", "line 1: 'epochs' is a text, a number or a list of texts, not 'a mapping'"),
    ("epochs: 1\nbatch: 2\nepochs: 3", "line 3: 'epochs' is given twice, in lines 1 and 3; keep one"),
    ("seed: 1\r\n'epochs': 1\r\nepochs: 3", "'epochs' is given twice, in lines 2 and 3"),
    ("optimizer:\n  adam:\n    rate: 1\n    rate: 2", "'rate' is given twice, in lines 3 and 4"),
    ("lr: 0.1", "line 1: there is no key 'lr'; optimizer.rate is what others call lr"),
    ("batch_size: 32", "there is no key 'batch_size'; batch is what others call batch_size"),
    ("just words", "expected one 'key: value' a line"),
    ("- a\n- b", "expected one 'key: value' a line"),
    ("model: 'unclosed", "this is not YAML"),
  ])
  func mistakesAreNamed(yaml: String, expected: String) {
    let text = message(yaml) { _ = try Recipe(yaml: yaml, origin: "recipe.yaml") }
    #expect(text.hasPrefix("recipe.yaml"), "\(text)")
    #expect(text.contains(expected), "\(text)")
  }

  @Test func keysAreSet() throws {
    var recipe = Recipe()
    try recipe.set("epochs", to: "7", origin: "--epochs")
    try recipe.set("model", to: "dense(10)", origin: "--model")
    #expect(recipe.epochs == 7 && recipe.model == "dense(10)")
    #expect(
      message { try recipe.set("epochs", to: "0", origin: "--epochs") }
        == "--epochs: 'epochs' is a whole number, at least 1, not '0'")
    #expect(message { try recipe.set("epoch", to: "1", origin: "--set epoch") }.contains("did you mean 'epochs'?"))
    #expect(message { try recipe.set("epochs.rate", to: "1", origin: "--set") }.contains("'epochs' holds no part"))
  }

  @Test(arguments: [
    ("optimizer.rate", "0.01", "optimizer", "adam(rate: 0.01)"),
    ("model.0.units", "32", "model", "dense(10, units: 32), relu, residual(dense(8), relu)"),
    ("model.1", "elu(alpha: 2)", "model", "dense(10), elu(alpha: 2), residual(dense(8), relu)"),
    ("model.0.0", "64", "model", "dense(64), relu, residual(dense(8), relu)"),
    ("model.dense.units", "32", "model", "dense(10, units: 32), relu, residual(dense(8), relu)"),
    ("model.relu", "elu(alpha: 2)", "model", "dense(10), elu(alpha: 2), residual(dense(8), relu)"),
    ("model.residual.dense.0", "9", "model", "dense(10), relu, residual(dense(9), relu)"),
    ("optimizer.adam.rate", "0.01", "optimizer", "adam(rate: 0.01)"),
  ])
  func argumentsAreWrittenIntoSpecifications(path: String, value: String, key: String, expected: String) throws {
    var recipe = Recipe()
    recipe.model = "dense(10), relu, residual(dense(8), relu)"
    try recipe.set(path, to: value, origin: "--set \(path)")
    let written = try Recipe(yaml: recipe.yaml, origin: "test")
    #expect((key == "model" ? written.model : written.optimizer) == expected)
  }

  @Test(arguments: [
    ("model.rate", "say which: model.0 (dense), model.1 (relu), model.2 (residual)"),
    ("regularizer.l2.strength", "regularizer has 2 parts l2; say which: regularizer.0 (l2), regularizer.2 (l2)"),
    ("model.7.rate", "model has 3 parts, counted from 0"),
    ("augment.0.probability", "nothing can be set at 'augment.0.probability'"), ("model..x", "is empty"),
    ("scheduler.inner.rate", "constant is given without 'inner'"),
  ])
  func pathsThatLeadNowhereAreNamed(path: String, expected: String) {
    var recipe = Recipe()
    recipe.model = "dense(10), relu, residual(dense(8), relu)"
    recipe.regularizer = "l2(0.1), l1(0.1), l2(0.2)"
    let text = message(path) { try recipe.set(path, to: "1", origin: "--set \(path)") }
    #expect(text.contains(expected), "\(text)")
  }

  @Test(arguments: [
    "optimizer: adam(rate: 1e-3, beta1: 0.5)", "\u{FEFF}optimizer: adam(rate: 1e-3, beta1: 0.5)",
    "seed: 0\r\noptimizer: adam(rate: 1e-3, beta1: 0.5)\r\nepochs: 10\r\n",
    "seed: 0\roptimizer: adam(rate: 1e-3, beta1: 0.5)\repochs: 10", "optimizer:\tadam(rate:\t1e-3, beta1: 0.5)",
    "'optimizer': adam(rate: 1e-3, beta1: 0.5)", "\"optimizer\" : adam(rate: 1e-3, beta1: 0.5)",
    "optimizer:\n  adam(rate: 1e-3, beta1: 0.5)", "optimizer: adam(rate: 1e-3,\n  beta1: 0.5)\nepochs: 10",
    "optimizer: adam(\n  rate: 1e-3, # small\n  beta1: 0.5\n)\nepochs: 10",
    "optimizer: adam(rate: 1e-3, beta1: 0.5)   # why: this", "optimizer: 'adam(rate: 1e-3, beta1: 0.5)'",
    "optimizer: {adam: {rate: 1e-3, beta1: 0.5}}", "optimizer:\n  adam:\n    rate: 1e-3\n    beta1: 0.5",
    "optimizer: |\n  adam(rate: 1e-3, beta1: 0.5)",
  ])
  func oneOptimizerInAnyForm(yaml: String) throws {
    let text = try Recipe(yaml: yaml, origin: "test").optimizer
    #expect(try Specification(parsing: text, origin: "test").description == "adam(rate: 1e-3, beta1: 0.5)")
  }

  @Test(arguments: [
    "model: conv(8, kernel: 3), residual(conv(8), relu), dense(10)",
    "model: [conv(8, kernel: 3), residual(conv(8), relu), dense(10)]",
    "model: '[conv(8, kernel: 3), residual(conv(8), relu), dense(10)]'",
    "model:\n  - conv:\n      filters: 8\n      kernel: 3\n  - residual: [conv: 8, relu]\n  - dense: 10",
    "model:\n- conv(8,\n    kernel: 3)\n- residual: [conv(8), relu]\n- {dense: 10}",
  ])
  func oneModelInAnyForm(yaml: String) throws {
    let model = try Recipe(yaml: yaml, origin: "test").model
    #expect(model.replacing("filters: ", with: "") == "conv(8, kernel: 3), residual(conv(8), relu), dense(10)")
  }

  @Test func textsStayTexts() throws {
    var recipe = try Recipe(yaml: "dataset: {csv: {file: '007', label: kind, seed: 3}}", origin: "test")
    #expect(recipe.dataset == "csv(file: '007', label: kind, seed: 3)")
    for name in ["007.csv", "./t.csv", "~/t.csv", "1,2.csv"] {
      try recipe.set("dataset.file", to: name, origin: "--set")
      let written = try Recipe(yaml: recipe.yaml, origin: "test").dataset
      #expect(written == "csv(file: '\(name)', label: kind, seed: 3)")
    }
  }

  @Test(arguments: ["a, b", "[a, b]", "a,b"]) func listsHaveOneRule(text: String) throws {
    var recipe = Recipe()
    try recipe.set("tags", to: text, origin: "--set")
    #expect(recipe.tags == ["a", "b"])
    #expect(try Recipe(yaml: "tags: \(text)", origin: "test").tags == ["a", "b"])
  }

  @Test func keysHaveHelp() {
    for key in Recipe.keys { #expect(!key.help.isEmpty, "\(key.name)") }
    #expect(Set(Recipe.keys.map(\.name)).count == Recipe.keys.count)
  }
}
