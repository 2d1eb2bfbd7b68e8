import Registry

/// What an add-on is called: `Snake` in Swift, `snake` on the command line.
struct PluginName {
  let target: String

  /// Throws `CommandError` for a name that Swift or the registry would not take.
  init(_ text: String) throws(CommandError) {
    guard text.wholeMatch(of: /[A-Z][A-Za-z0-9]*/) != nil, text.count <= 64 else {
      throw CommandError(
        "'\(text)' cannot name an add-on: it names a Swift type, a capital followed by letters and digits, such as Snake"
      )
    }
    guard !Self.taken.contains(text) else {
      throw CommandError("'\(text)' is a type that parts are made of; take another name")
    }
    target = text
  }

  /// `SoftStep2` as parts are named: `soft-step2`; capitals in a row are one word.
  var registered: String {
    let letters = Array(target)
    return letters.indices.reduce(into: "") { name, index in
      let letter = letters[index]
      let follows = index > 0 && !letters[index - 1].isUppercase
      let leads = index > 0 && index + 1 < letters.count && letters[index + 1].isLowercase
      if letter.isUppercase, follows || leads { name += "-" }
      name += letter.lowercased()
    }
  }

  /// Throws `CommandError` if a part has the name.
  func check(against registry: Registry) throws(CommandError) {
    guard let entry = registry.entries(named: registered).first else { return }
    throw CommandError(
      "there is already \(entry.kind) '\(registered)', in target \(entry.target); take another name")
  }

  /// Types that the templates use, and those of the kinds.
  private static let taken: Set<String> = [
    "Activation", "Any", "Array", "Augmentation", "Bool", "Bounds", "Component", "Conformance", "Dataset", "Dictionary",
    "Double", "Error", "Examples", "Fan", "Fitted", "Float", "Foundation", "Graph", "Image", "Initializer", "Int",
    "Kind",
    "Layer", "Loss", "Metric", "Never", "Operation", "Optimizer", "Optional", "Parameter", "Place", "Plugin",
    "Preprocessor", "Protocol", "RandomStream", "Regularizer", "Result", "Scheduler", "Scope", "Self", "Set", "Shape",
    "Specification", "String", "Swift", "Tensor", "Testing", "Trace", "Transform", "Type", "Value", "Variable",
    "Window",
  ]
}
