import Orchestrator
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
    ("optimizer: {adam: 1}", "line 1: 'optimizer' is a text, a number or a list of texts"),
    ("epochs: 1\nbatch: 2\nepochs: 3", "epochs"),
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
  ])
  func argumentsAreWrittenIntoSpecifications(path: String, value: String, key: String, expected: String) throws {
    var recipe = Recipe()
    recipe.model = "dense(10), relu, residual(dense(8), relu)"
    try recipe.set(path, to: value, origin: "--set \(path)")
    let written = try Recipe(yaml: recipe.yaml, origin: "test")
    #expect((key == "model" ? written.model : written.optimizer) == expected)
  }

  @Test(arguments: [
    ("model.rate", "model has 3 parts; say which"), ("model.7.rate", "model has 3 parts, counted from 0"),
    ("augment.0.probability", "nothing can be set at 'augment.0.probability'"), ("model..x", "is empty"),
    ("scheduler.inner.rate", "constant is given without 'inner'"),
  ])
  func pathsThatLeadNowhereAreNamed(path: String, expected: String) {
    var recipe = Recipe()
    recipe.model = "dense(10), relu, residual(dense(8), relu)"
    let text = message(path) { try recipe.set(path, to: "1", origin: "--set \(path)") }
    #expect(text.contains(expected), "\(text)")
  }

  @Test func keysHaveHelp() {
    for key in Recipe.keys { #expect(!key.help.isEmpty, "\(key.name)") }
    #expect(Set(Recipe.keys.map(\.name)).count == Recipe.keys.count)
  }
}
