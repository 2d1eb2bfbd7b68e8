import Execution

/// A key of the recipe: what it is called, what it means, and what it holds unless it is given.
public struct RecipeKey: Sendable {
  /// As in YAML, and with two dashes on the command line.
  public let name: String
  public let help: String
  /// The default as text; for a required key, that it is.
  public let standard: String
  /// The kind of part that stands here; nil for plain values.
  public let kind: String?
  /// Whether several may stand here, separated by commas.
  public let isList: Bool

  let get: @Sendable (Recipe) -> Content
  let set: @Sendable (inout Recipe, _ text: String) throws(RecipeError.Expectation) -> Void

  /// The value as YAML writes it.
  enum Content {
    case text(String)
    case plain(String)
    case list([String])
  }
}

extension RecipeError {
  /// What a value was expected to be; completes "expected …".
  struct Expectation: Error {
    let text: String

    init(_ text: String) { self.text = text }
  }
}

extension RecipeKey {
  fileprivate typealias Path<Value> = WritableKeyPath<Recipe, Value> & Sendable

  fileprivate static func part(
    _ name: String, _ path: any Path<String>, _ kind: String, list: Bool = false, _ help: String,
    standard: String? = nil
  ) -> RecipeKey {
    RecipeKey(
      name: name, help: help, standard: standard ?? Recipe()[keyPath: path], kind: kind, isList: list,
      get: { .text($0[keyPath: path]) }, set: { recipe, text in recipe[keyPath: path] = text.trimmed })
  }

  fileprivate static func text(_ name: String, _ path: any Path<String>, _ help: String) -> RecipeKey {
    RecipeKey(
      name: name, help: help, standard: "none", kind: nil, isList: false,
      get: { .text($0[keyPath: path]) }, set: { recipe, text in recipe[keyPath: path] = text })
  }

  fileprivate static func flag(_ name: String, _ path: any Path<Bool>, _ help: String) -> RecipeKey {
    RecipeKey(
      name: name, help: help, standard: Recipe()[keyPath: path].description, kind: nil, isList: false,
      get: { .plain($0[keyPath: path].description) },
      set: { recipe, text throws(RecipeError.Expectation) in
        guard let value = Bool(text.trimmed) else { throw RecipeError.Expectation("true or false") }
        recipe[keyPath: path] = value
      })
  }

  fileprivate static func number<Number: LosslessStringConvertible & Comparable & Sendable>(
    _ name: String, _ path: any Path<Number>, expecting: String, _ help: String,
    where accepts: @escaping @Sendable (Number) -> Bool
  ) -> RecipeKey {
    RecipeKey(
      name: name, help: help, standard: Recipe()[keyPath: path].description, kind: nil, isList: false,
      get: { .plain($0[keyPath: path].description) },
      set: { recipe, text throws(RecipeError.Expectation) in
        guard let value = Number(text.trimmed), value == value, accepts(value) else {
          throw RecipeError.Expectation(expecting)
        }
        recipe[keyPath: path] = value
      })
  }
}

extension Recipe {
  /// Every key, in order.
  public static var keys: [RecipeKey] {
    [
      .part("dataset", \.dataset, "dataset", "the examples", standard: "required"),
      .part(
        "preprocess", \.preprocess, "preprocessor", list: true, "changes of all inputs, learned from the training part",
        standard: "scale for bytes, else none"),
      .part("augment", \.augment, "augmentation", list: true, "random changes of training images"),
      .part("model", \.model, "layer", list: true, "layers and activations, in order", standard: "required"),
      .part("initializer", \.initializer, "initializer", "first values of weights"),
      .part(
        "loss", \.loss, "loss", "what training makes small",
        standard: "softmax-cross-entropy for classes, mean-squared-error for numbers"),
      .part("regularizer", \.regularizer, "regularizer", list: true, "penalties on weights, added to the loss"),
      .part("optimizer", \.optimizer, "optimizer", "how parameters move"),
      .part("scheduler", \.scheduler, "scheduler", "the learning rate as training goes on"),
      .part(
        "metrics", \.metrics, "metric", list: true, "figures to watch; the first decides which checkpoint is best",
        standard: "accuracy for classes, mean-absolute-error for numbers"),
      .part("observers", \.observers, "observer", list: true, "what watches the training and may end it"),
      .number("epochs", \.epochs, expecting: "a whole number, at least 1", "passes over the training examples") {
        $0 >= 1
      },
      .number("batch", \.batch, expecting: "a whole number, at least 1", "examples a step") { $0 >= 1 },
      .number("seed", \.seed, expecting: "a whole number, at least 0", "what all randomness follows from") { _ in true
      },
      .number(
        "validation", \.validation, expecting: "a number from 0 to below 1", "part of the training examples held out"
      ) { $0 >= 0 && $0 < 1 },
      .flag("shuffle", \.shuffle, "a new order each epoch"),
      .part("backend", \.backend, "backend", "what runs the graph", standard: "the fastest present"),
      RecipeKey(
        name: "precision", help: "what matrix products and convolutions multiply in: float32 or bfloat16",
        standard: "float32", kind: nil, isList: false,
        get: { .plain($0.precision.rawValue) },
        set: { recipe, text throws(RecipeError.Expectation) in
          guard let value = Precision(rawValue: text.trimmed) else {
            throw RecipeError.Expectation("one of \(Precision.allCases.map(\.rawValue).joined(separator: ", "))")
          }
          recipe.precision = value
        }),
      .number(
        "threads", \.threads, expecting: "a whole number from 0 to 1024", "threads that compute; 0 is one a processor"
      ) { 0...1024 ~= $0 },
      .flag("exact", \.exact, "without algorithms that round otherwise than plain sums, such as Winograd's"),
      .number("log-every", \.logEvery, expecting: "a whole number, at least 1", "steps between logged points") {
        $0 >= 1
      },
      .number(
        "checkpoint-every", \.checkpointEvery, expecting: "a whole number, at least 0",
        "steps between checkpoints within an epoch; 0 saves at the ends of epochs alone"
      ) { $0 >= 0 },
      .text("initial-weights", \.initialWeights, "a safetensors file to start from"),
      .text("name", \.name, "what the run is called"),
      RecipeKey(
        name: "tags", help: "words to find the run by", standard: "none", kind: nil, isList: true,
        get: { .list($0.tags) },
        set: { recipe, text in
          recipe.tags = text.split(separator: ",").map { String($0).trimmed }.filter { !$0.isEmpty }
        }),
    ]
  }

  static func key(_ name: String) -> RecipeKey? { keys.first { $0.name == name } }
}

extension String {
  var trimmed: String {
    let isSpace = { (character: Character) in character.isWhitespace }
    return String(drop(while: isSpace).reversed().drop(while: isSpace).reversed())
  }
}
