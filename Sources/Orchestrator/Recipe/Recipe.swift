public import Execution

/// What determines a run: the parts by name, and the numbers that go with them.
///
/// Its keys are those of the YAML file and, with two dashes, the flags of `fledge train`. Parts are specifications such
/// as `adam(rate: 0.001)`; sequences of parts are separated by commas. `none` is an empty sequence; an empty text
/// leaves the choice to the data, and the resolved recipe, which the store keeps, says what was chosen.
public struct Recipe: Sendable, Hashable {
  /// Required.
  public var dataset = ""
  /// Default: `scale` for bytes, else `none`.
  public var preprocess = ""
  public var augment = "none"
  /// Layers and activations in order. Required.
  public var model = ""
  /// First values of weights whose layer does not choose.
  public var initializer = "he-normal"
  /// Default: `softmax-cross-entropy` for classes, `mean-squared-error` for numbers.
  public var loss = ""
  /// Penalties on weights, added to the loss.
  public var regularizer = "none"
  public var optimizer = "adam"
  public var scheduler = "constant"
  /// Default: `accuracy` for classes, `mean-absolute-error` for numbers.
  public var metrics = ""
  public var observers = "none"
  /// At least 1.
  public var epochs = 10
  /// Examples a step; at least 1.
  public var batch = 128
  public var seed: UInt64 = 0
  /// Part of the training examples that is held out for validation, in 0..<1.
  public var validation = 0.1
  /// Whether the training examples come in a new order each epoch.
  public var shuffle = true
  public var backend = ""
  /// What products multiply in; `float32` where the machine or the backend cannot do otherwise.
  public var precision = Precision.float32
  /// Threads that compute; 0 is one a processor.
  public var threads = 0
  /// Whether algorithms that round otherwise than sums do (Winograd's) are left out.
  public var exact = false
  /// Steps from one logged point to the next; at least 1.
  public var logEvery = 1
  /// Steps from one checkpoint to the next within an epoch; 0 saves at the ends of epochs alone.
  public var checkpointEvery = 0
  /// A safetensors file; empty for none.
  public var initialWeights = ""
  /// Empty for a run without a name.
  public var name = ""
  public var tags: [String] = []

  /// Changes of single arguments, in order; made once the parts' parameters are known.
  var edits: [RecipeEdit] = []
  /// Where each key was given, for messages.
  var origins = RecipeOrigins()

  /// The defaults: dataset and model are still to be given.
  public init() {}
}

/// One argument of one part that is changed: `optimizer.rate`, `model.3.rate`.
struct RecipeEdit: Sendable, Hashable {
  let key: String
  /// Below the key: positions of parts, labels of arguments.
  let path: [String]
  let value: String
  let origin: String
}

/// Where keys were given; no part of a recipe's meaning, so all are equal.
struct RecipeOrigins: Sendable, Hashable {
  var texts: [String: String] = [:]

  static func == (_: RecipeOrigins, _: RecipeOrigins) -> Bool { true }
  func hash(into: inout Hasher) {}
}

extension Recipe {
  /// Where the value of a key comes from: `--optimizer`, or what it is called where nothing is known.
  func origin(of key: String) -> String { origins.texts[key] ?? "recipe key \(key)" }
}
