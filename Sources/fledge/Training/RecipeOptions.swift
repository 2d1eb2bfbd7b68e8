import ArgumentParser
import Orchestrator

/// The flags that are shorthand for recipe keys.
///
/// All are taken as text: the recipe says what is wrong with a value, in the same words as for a file.
struct RecipeOptions: ParsableArguments {
  @Option(help: ArgumentHelp("A recipe in YAML; flags and --set change it.", valueName: "file"), completion: .file())
  var recipe: String?
  @Option(
    parsing: .singleValue,
    help: ArgumentHelp(
      "Set a recipe key or one argument of a part: optimizer.rate=0.01, model.3.rate=0.2. Repeatable, in order.",
      valueName: "key=value"))
  var set: [String] = []

  @Option(help: .key("dataset", "fashion-mnist"), completion: .parts(of: "dataset")) var dataset: String?
  @Option(help: .key("preprocess", "scale"), completion: .parts(of: "preprocessor")) var preprocess: String?
  @Option(help: .key("augment", "horizontal-flip"), completion: .parts(of: "augmentation")) var augment: String?
  @Option(help: .key("model", "conv(32), relu, flatten, dense(10)"), completion: .parts(of: "layer")) var model: String?
  @Option(help: .key("initializer", "he-normal"), completion: .parts(of: "initializer")) var initializer: String?
  @Option(help: .key("loss", "softmax-cross-entropy"), completion: .parts(of: "loss")) var loss: String?
  @Option(help: .key("regularizer", "l2(1e-4)"), completion: .parts(of: "regularizer")) var regularizer: String?
  @Option(help: .key("optimizer", "adam(rate: 1e-3)"), completion: .parts(of: "optimizer")) var optimizer: String?
  @Option(help: .key("scheduler", "cosine(warmup: 0.1)"), completion: .parts(of: "scheduler")) var scheduler: String?
  @Option(help: .key("metrics", "accuracy"), completion: .parts(of: "metric")) var metrics: String?
  @Option(help: .key("observers", "early-stopping"), completion: .parts(of: "observer")) var observers: String?
  @Option(parsing: .unconditional, help: .key("epochs", "count")) var epochs: String?
  @Option(parsing: .unconditional, help: .key("batch", "count")) var batch: String?
  @Option(parsing: .unconditional, help: .key("seed", "number")) var seed: String?
  @Option(parsing: .unconditional, help: .key("validation", "fraction")) var validation: String?
  @Option(help: .key("shuffle", "true|false"), completion: .list(["true", "false"])) var shuffle: String?
  @Option(help: .key("backend", "name"), completion: .parts(of: "backend")) var backend: String?
  @Option(help: .key("precision", "type"), completion: .list(["float32", "bfloat16"])) var precision: String?
  @Option(parsing: .unconditional, help: .key("threads", "count")) var threads: String?
  @Flag(help: .key("exact", "")) var exact = false
  @Option(parsing: .unconditional, help: .key("log-every", "steps")) var logEvery: String?
  @Option(parsing: .unconditional, help: .key("checkpoint-every", "steps")) var checkpointEvery: String?
  @Option(help: .key("initial-weights", "file"), completion: .file(extensions: ["safetensors"]))
  var initialWeights: String?
  @Option(help: .key("name", "text")) var name: String?
  @Option(parsing: .singleValue, help: "A word to find the run by. Repeatable.") var tag: [String] = []

  /// The file, then the flags, then every --set in order.
  func makeRecipe() throws -> Recipe {
    var result = Recipe()
    if let recipe { result = try Recipe(yaml: InputFile.text(recipe, origin: "--recipe"), origin: recipe) }
    let flags = [
      ("dataset", dataset), ("preprocess", preprocess), ("augment", augment), ("model", model),
      ("initializer", initializer), ("loss", loss), ("regularizer", regularizer), ("optimizer", optimizer),
      ("scheduler", scheduler), ("metrics", metrics), ("observers", observers), ("epochs", epochs), ("batch", batch),
      ("seed", seed), ("validation", validation), ("shuffle", shuffle), ("backend", backend), ("precision", precision),
      ("threads", threads),
      ("log-every", logEvery), ("checkpoint-every", checkpointEvery), ("initial-weights", initialWeights),
      ("name", name),
    ]
    for (key, value) in flags {
      if let value { try result.set(key, to: value, origin: "--\(key)") }
    }
    if exact { try result.set("exact", to: "true", origin: "--exact") }
    if !tag.isEmpty { result.tags += tag }
    for (path, value) in try Assignment.all(set) { try result.set(path, to: value, origin: "--set \(path)") }
    return result
  }
}

/// `key=value`, as `--set` takes it.
enum Assignment {
  /// Throws `CommandError` for a text without an equals sign.
  static func all(_ texts: [String]) throws(CommandError) -> [(path: String, value: String)] {
    var pairs: [(path: String, value: String)] = []
    for text in texts {
      guard let sign = text.firstIndex(of: "="), sign != text.startIndex else {
        throw CommandError("--set: expected key=value, such as optimizer.rate=0.01, found '\(text)'")
      }
      let path = text[..<sign].filter { !$0.isWhitespace }
      pairs.append((path, String(text[text.index(after: sign)...])))
    }
    return pairs
  }
}

extension ArgumentHelp {
  /// What the recipe says of a key. `example` is a part that may stand there, or what a plain value is called.
  fileprivate static func key(_ name: String, _ example: String) -> ArgumentHelp {
    guard let key = Recipe.keys.first(where: { $0.name == name }) else { return ArgumentHelp(valueName: example) }
    let text = key.help.prefix(1).uppercased() + key.help.dropFirst()
    let standard = key.standard == "required" ? "required" : "default: \(key.standard)"
    guard key.kind != nil, key.kind != "backend" else {
      return ArgumentHelp("\(text) (\(standard)).", valueName: example)
    }
    return ArgumentHelp("\(text), such as '\(example)' (\(standard)).", valueName: key.isList ? "parts" : "part")
  }
}
