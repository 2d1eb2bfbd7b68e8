import Orchestrator

/// Values of an option that stands many times in a row, handed to the parser as one.
///
/// The parser looks through all that is left of the command line for every option: 20,000 tags took it half a minute.
enum RepeatedOptions {
  private static let names: Set<String> = Set(
    ["--set"]
      + Recipe.keys.compactMap { key in
        if case .texts(let each) = key.form { "--\(each)" } else { nil }
      })

  /// No argument of a process can hold it.
  private static let separator: Character = "\0"

  /// `--tag a --tag b` becomes one `--tag`, with both values.
  static func joined(_ arguments: [String]) -> [String] {
    var result: [String] = []
    var index = 0
    while index < arguments.count {
      let name = arguments[index]
      guard names.contains(name), index + 1 < arguments.count, !arguments[index + 1].hasPrefix("-") else {
        result.append(name)
        index += 1
        continue
      }
      var values: [String] = []
      while index + 1 < arguments.count, arguments[index] == name, !arguments[index + 1].hasPrefix("-") {
        values.append(arguments[index + 1])
        index += 2
      }
      result += [name, values.joined(separator: String(separator))]
    }
    return result
  }

  /// The values of an option that may have been joined.
  static func values(_ texts: [String]) -> [String] {
    texts.flatMap { $0.split(separator: separator, omittingEmptySubsequences: false).map(String.init) }
  }
}
