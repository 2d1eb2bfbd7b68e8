import ArgumentParser
import Orchestrator
import Registry
import Tensors

/// A flag for each key of the recipe, made from ``Recipe/keys``: a new key needs nothing here.
///
/// All are taken as text: the recipe says what is wrong with a value, in the same words as for a file.
struct RecipeOptions: ParsableArguments {
  @Argument(help: "A recipe in YAML; the same as --recipe.", completion: .file()) var path: String?
  @Option(help: ArgumentHelp("A recipe in YAML; flags and --set change it.", valueName: "file"), completion: .file())
  var recipe: String?
  @Option(
    parsing: .singleValue,
    help: ArgumentHelp(
      "Set a recipe key or one argument of a part: optimizer.rate=0.01, model.conv.filters=16, model.3.rate=0.2. Repeatable, in order.",
      valueName: "key=value"))
  var set: [String] = []
  /// What was given, in the order of the keys; texts of a list one by one.
  private var given: [(key: RecipeKey, values: [String])] = []

  init() {}

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    path = try container.decode(Argument<String?>.self, forKey: Key("path")).wrappedValue
    recipe = try container.decode(Option<String?>.self, forKey: Key("recipe")).wrappedValue
    set = try container.decode(Option<[String]>.self, forKey: Key("set")).wrappedValue
    given = try Recipe.keys.map { key in
      let name = Key(key.name)
      let values: [String] =
        switch key.form {
        case .texts: try container.decode(Option<[String]>.self, forKey: name).wrappedValue
        case _ where key.isSwitch: try container.decode(Flag<Bool>.self, forKey: name).wrappedValue ? ["true"] : []
        default: try container.decode(Option<String?>.self, forKey: name).wrappedValue.map { [$0] } ?? []
        }
      return (key, values)
    }
  }

  func validate() throws {
    if path != nil, recipe != nil { throw ValidationError("a recipe is given twice: as a file and by --recipe") }
  }

  /// The file, then the flags, then every --set in order.
  func makeRecipe() throws -> Recipe {
    var result = Recipe()
    if let recipe = path ?? recipe {
      result = try Recipe(yaml: InputFile.text(recipe, origin: "--recipe"), origin: recipe)
    }
    for (key, values) in given where !values.isEmpty {
      if case .texts = key.form {
        result.tags += RepeatedOptions.values(values)
      } else {
        for value in values { try result.set(key.name, to: value, origin: "--\(key.name)") }
      }
    }
    for (path, value) in try Assignment.all(set) { try result.set(path, to: value, origin: "--set \(path)") }
    return result
  }

  private struct Key: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }

    init(_ name: String) { stringValue = name }
    init?(stringValue: String) { self.init(stringValue) }
    init?(intValue: Int) { nil }
  }
}

extension RecipeOptions: CustomReflectable {
  /// The parser finds options by reflection, which is shown one for each key.
  var customMirror: Mirror {
    let own: [(label: String?, value: Any)] = [("path", _path), ("recipe", _recipe), ("set", _set)]
    return Mirror(self, children: own + Recipe.keys.map { ($0.name, $0.option) }, displayStyle: .struct)
  }
}

extension RecipeKey {
  /// Whether the command line takes the key without a value.
  fileprivate var isSwitch: Bool { form == .truth && standard == .value("false") }

  fileprivate var option: any Decodable {
    let name = NameSpecification.customLong(name)
    switch form {
    case .texts(let each):
      return Option<[String]>(
        wrappedValue: [], name: .customLong(each), parsing: .singleValue,
        help: "\(sentence), one at a time. Repeatable.")
    case _ where isSwitch: return Flag<Bool>(wrappedValue: false, name: name, help: "\(sentence).")
    case .parts(let kinds, let isList, _):
      return Option<String?>(
        name: name, help: argumentHelp(isList ? "parts" : "part"), completion: .parts(of: kinds))
    case .words(let words): return Option<String?>(name: name, help: argumentHelp("word"), completion: .list(words))
    case .truth:
      return Option<String?>(name: name, help: argumentHelp("true|false"), completion: .list(["true", "false"]))
    case .file(let type):
      return Option<String?>(name: name, help: argumentHelp("file"), completion: .file(extensions: [type]))
    case .value(let valueName):
      return Option<String?>(name: name, parsing: .unconditional, help: argumentHelp(valueName))
    }
  }

  private func argumentHelp(_ valueName: String) -> ArgumentHelp {
    ArgumentHelp("\(sentence)\(example) (\(standardText)).", valueName: valueName)
  }

  private var sentence: String { help.prefix(1).uppercased() + help.dropFirst() }

  private var example: String {
    switch form {
    case .parts(_, _, let example?): ", such as '\(example)'"
    case .words(let words): ": \(words.joined(separator: " or "))"
    default: ""
    }
  }

  /// Once for all options, which are made for every command.
  private static let linked = (try? Registry.linked()) ?? Registry()

  private var standardText: String {
    switch standard {
    case .value(let text), .fallback(.part(let text)): return "default: \(text)"
    case .fallback(.required): return "required"
    case .fallback(.fastest): return "default: the fastest present"
    case .fallback(.suitedToData):
      let names = kinds.flatMap { Self.linked.dataDefaults(of: $0) }.map { $0.name }
      return "default: \(names.joined(separator: " or ")), as the data asks"
    }
  }
}
