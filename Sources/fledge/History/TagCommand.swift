import ArgumentParser
import Experiments
import Foundation

struct TagCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tag",
    abstract: "Puts tags on a run, or takes them off.",
    discussion: """
      fledge tag last baseline paper --remove draft
      fledge runs --where 'tag = baseline'
      """)

  @OptionGroup var reference: RunReference
  @Argument(help: "Tags to put on it; several also as a,b.") var tags: [String] = []
  @Option(parsing: .singleValue, help: ArgumentHelp("A tag to take off. Repeatable; also a,b.", valueName: "tag"))
  var remove: [String] = []
  @OptionGroup var storage: StoreOptions
  @OptionGroup var output: OutputOptions

  func validate() throws {
    if tags.isEmpty, remove.isEmpty { throw ValidationError("name a tag to put on, or --remove one") }
  }

  func run() throws {
    let run = try storage.change { store in
      try store.tag(run: reference.run, adding: Self.list(tags), removing: Self.list(remove))
    }
    let text = "\(run.title): " + (run.tags.isEmpty ? "no tags" : "tags \(run.tags.joined(separator: ", "))")
    let json = JSONValue.object([("id", .text(run.id)), ("name", .optional(run.name)), ("tags", .texts(run.tags))])
    try Console.result(output.json ? json.description : text.printable)
  }

  private static func list(_ texts: [String]) -> [String] {
    texts.flatMap { $0.split(separator: ",", omittingEmptySubsequences: false) }.map {
      $0.trimmingCharacters(in: .whitespaces)
    }
  }
}
