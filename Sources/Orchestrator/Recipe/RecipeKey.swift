import Execution

/// A key of the recipe: what it is called, what it means, and what it holds unless it is given.
public struct RecipeKey: Sendable {
  /// As in YAML, and with two dashes on the command line.
  public let name: String
  public let help: String
  /// What it holds unless it is given.
  public let standard: Standard
  public let form: Form
  let resumption: Resumption

  let get: @Sendable (Recipe) -> Content
  let set: @Sendable (inout Recipe, _ text: String) throws(RecipeError.Expectation) -> Void

  public enum Standard: Sendable, Equatable {
    case value(String)
    case fallback(PartFallback)
  }

  /// What may stand at the key.
  public enum Form: Sendable, Equatable {
    /// Parts of these kinds, several if so said; what users write there, if the kind gives an example.
    case parts(kinds: [String], isList: Bool, example: String?)
    /// A text or number; what help calls it.
    case value(named: String)
    /// A path of a file with this extension.
    case file(extension: String)
    case words([String])
    /// True or false; a flag on the command line if it is false unless given.
    case truth
    /// Texts separated by commas; one of them is called so.
    case texts(each: String)
  }

  /// The value as YAML writes it.
  enum Content {
    case text(String)
    case plain(String)
    case list([String])

    /// As it would be set.
    var text: String {
      switch self {
      case .text(let text), .plain(let text): text
      case .list(let texts): texts.joined(separator: ", ")
      }
    }
  }

  /// The kinds of part that may stand here, the key's own first; empty for plain values.
  public var kinds: [String] {
    if case .parts(let kinds, _, _) = form { kinds } else { [] }
  }

  /// Whether several parts may stand here, separated by commas.
  var isList: Bool {
    if case .parts(_, let isList, _) = form { isList } else { false }
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

  /// The key of a slot of parts.
  fileprivate init(_ slot: some AnyPartSlot) {
    self.init(
      name: slot.key, help: slot.help, standard: .fallback(slot.fallback),
      form: .parts(kinds: slot.kinds, isList: slot.isList, example: slot.example), resumption: slot.resumption,
      get: { .text($0.text(of: slot)) },
      set: { recipe, text in recipe.setText(slot.isList ? text.unbracketed : text.trimmed, of: slot) })
  }

  fileprivate static func text(
    _ name: String, _ path: any Path<String>, _ form: Form, _ help: String, standard: String = "none",
    resumption: Resumption = .free
  ) -> RecipeKey {
    RecipeKey(
      name: name, help: help, standard: .value(standard), form: form, resumption: resumption,
      get: { .text($0[keyPath: path]) }, set: { recipe, text in recipe[keyPath: path] = text })
  }

  fileprivate static func truth(
    _ name: String, _ path: any Path<Bool>, _ help: String, resumption: Resumption = .free
  ) -> RecipeKey {
    RecipeKey(
      name: name, help: help, standard: .value(Recipe()[keyPath: path].description), form: .truth,
      resumption: resumption,
      get: { .plain($0[keyPath: path].description) },
      set: { recipe, text throws(RecipeError.Expectation) in
        guard let value = Bool(text.trimmed) else { throw RecipeError.Expectation("true or false") }
        recipe[keyPath: path] = value
      })
  }

  fileprivate static func word<Word: RawRepresentable & CaseIterable & Sendable>(
    _ name: String, _ path: any Path<Word>, _ help: String
  ) -> RecipeKey where Word.RawValue == String {
    let words = Word.allCases.map(\.rawValue)
    return RecipeKey(
      name: name, help: help, standard: .value(Recipe()[keyPath: path].rawValue), form: .words(words),
      resumption: .free, get: { .plain($0[keyPath: path].rawValue) },
      set: { recipe, text throws(RecipeError.Expectation) in
        guard let value = Word(rawValue: text.trimmed) else {
          throw RecipeError.Expectation("one of \(words.joined(separator: ", "))")
        }
        recipe[keyPath: path] = value
      })
  }

  fileprivate static func number<Number: LosslessStringConvertible & Comparable & Sendable>(
    _ name: String, _ path: any Path<Number>, named valueName: String, expecting: String, _ help: String,
    resumption: Resumption = .free, where accepts: @escaping @Sendable (Number) -> Bool
  ) -> RecipeKey {
    RecipeKey(
      name: name, help: help, standard: .value(Recipe()[keyPath: path].description), form: .value(named: valueName),
      resumption: resumption, get: { .plain($0[keyPath: path].description) },
      set: { recipe, text throws(RecipeError.Expectation) in
        guard let value = Number(text.trimmed), value == value, accepts(value) else {
          throw RecipeError.Expectation(expecting)
        }
        recipe[keyPath: path] = value
      })
  }
}

extension Recipe {
  /// Every key, in order: the slots of parts, then plain values.
  public static let keys: [RecipeKey] =
    PartSlots.all.map { RecipeKey($0) } + [
      .text(
        "monitor", \.monitor, .value(named: "figure"),
        "the figure that says which checkpoint is best, and that observers and schedulers watch",
        standard: "validation.METRIC of the first metric; train.METRIC where nothing is held out"),
      .number(
        "epochs", \.epochs, named: "count", expecting: "a whole number, at least 1", "passes over the training examples"
      ) { $0 >= 1 },
      .number(
        "batch", \.batch, named: "count", expecting: "a whole number, at least 1", "examples a step",
        resumption: .fixed
      ) { $0 >= 1 },
      .number(
        "seed", \.seed, named: "number", expecting: "a whole number, at least 0", "what all randomness follows from",
        resumption: .fixed
      ) { _ in true },
      .number(
        "validation", \.validation, named: "fraction", expecting: "a number from 0 to below 1",
        "part of the training examples held out", resumption: .fixed
      ) { $0 >= 0 && $0 < 1 },
      .truth("shuffle", \.shuffle, "a new order each epoch", resumption: .fixed),
      .word("precision", \.precision, "what matrix products and convolutions multiply in"),
      .number(
        "threads", \.threads, named: "count", expecting: "a whole number from 0 to 1024",
        "threads that compute; 0 is one a processor"
      ) { 0...1024 ~= $0 },
      .truth("exact", \.exact, "without algorithms that round otherwise than plain sums, such as Winograd's"),
      .number(
        "log-every", \.logEvery, named: "steps", expecting: "a whole number, at least 1", "steps between logged points"
      ) { $0 >= 1 },
      .number(
        "checkpoint-every", \.checkpointEvery, named: "steps", expecting: "a whole number, at least 0",
        "steps between checkpoints within an epoch; 0 saves at the ends of epochs alone"
      ) { $0 >= 0 },
      .text(
        "initial-weights", \.initialWeights, .file(extension: "safetensors"), "a safetensors file to start from",
        resumption: .fixed),
      .text(
        "name", \.name, .value(named: "text"), "what the run is called",
        resumption: .otherCommand("fledge rename RUN NAME")),
      RecipeKey(
        name: "tags", help: "words to find the run by", standard: .value("none"), form: .texts(each: "tag"),
        resumption: .otherCommand("fledge tag RUN TAG"),
        get: { .list($0.tags) },
        set: { recipe, text in
          recipe.tags = text.unbracketed.split(separator: ",").map { String($0).trimmed }.filter { !$0.isEmpty }
        }),
    ]

  static func key(_ name: String) -> RecipeKey? { keys.first { $0.name == name } }
}

extension String {
  /// A list as it is written without brackets, which may stand around it.
  var unbracketed: String {
    let text = trimmed
    return text.hasPrefix("[") && text.hasSuffix("]") ? String(text.dropFirst().dropLast()).trimmed : text
  }

  var trimmed: String {
    let isSpace = { (character: Character) in character.isWhitespace }
    return String(drop(while: isSpace).reversed().drop(while: isSpace).reversed())
  }
}
