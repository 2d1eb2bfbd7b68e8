public import Execution

/// What determines a run: the parts by name, and the numbers that go with them.
///
/// Its keys are those of the YAML file and, with two dashes, the flags of `fledge train`. Parts are specifications such
/// as `adam(rate: 0.001)`, one for each row of ``PartSlots``: `recipe.optimizer`. Sequences of parts are separated by
/// commas. `none` is an empty sequence; an empty text leaves the choice to the data or the machine, and the resolved
/// recipe, which the store keeps, says what was chosen.
@dynamicMemberLookup
public struct Recipe: Sendable, Hashable {
  /// The figure that says which checkpoint is best, and that observers and schedulers watch unless they name another.
  /// Default: `validation.` and the first figure of the metrics, or `train.` and it where nothing is held out.
  public var monitor = ""
  /// At least 1.
  public var epochs = 10
  /// Examples a step; at least 1.
  public var batch = 128
  public var seed: UInt64 = 0
  /// Part of the training examples that is held out for validation, in 0..<1.
  public var validation = 0.1
  /// Whether the training examples come in a new order each epoch.
  public var shuffle = true
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

  /// By the slot's key; a slot that is missing has its fallback.
  private var parts: [String: String] = [:]
  /// Changes of single arguments, in order; made once the parts' parameters are known.
  var edits: [RecipeEdit] = []
  /// Where each key was given, for messages.
  var origins = RecipeOrigins()

  /// The defaults: dataset and model are still to be given.
  public init() {}

  /// The specification in a slot.
  public subscript<Content>(dynamicMember path: KeyPath<PartSlots, PartSlot<Content>>) -> String {
    get { text(of: PartSlots.table[keyPath: path]) }
    set { setText(newValue, of: PartSlots.table[keyPath: path]) }
  }

  func text(of slot: some AnyPartSlot) -> String {
    if let text = parts[slot.key] { return text }
    if case .part(let text) = slot.fallback { return text }
    return ""
  }

  mutating func setText(_ text: String, of slot: some AnyPartSlot) {
    let isFallback = if case .part(text) = slot.fallback { true } else { text.isEmpty && slot.fallback.isOpen }
    parts[slot.key] = isFallback ? nil : text
  }
}

extension PartFallback {
  /// Whether an empty text stands for it.
  fileprivate var isOpen: Bool {
    if case .part = self { false } else { true }
  }
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
