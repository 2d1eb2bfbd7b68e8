import ArgumentParser
import Foundation
import Registry

struct PluginNewCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "new",
    abstract: "Writes an add-on that builds and passes its tests as it is, ready to be changed.",
    discussion: """
      Run it in a checkout of Fledge. It writes Plugins/NAME with the part, its registration and its tests, and adds \
      one line to addOns in Package.swift.

      fledge plugin new Snake --kind activation
      """)

  @Argument(help: "The type of the part and the name of its target: Snake is registered as 'snake'.") var name: String
  @Option(help: "What it is: activation, layer, optimizer …", completion: .kinds) var kind: String
  @OptionGroup var output: OutputOptions

  func run() throws {
    let folder = FileManager.default.currentDirectoryPath
    let part = try PluginName(name)
    let registry = try Registry.linked()
    try part.check(against: registry)
    let kind = try Self.kind(named: kind, registry)
    var manifest = try Manifest(folder: folder)
    try manifest.add(part.target)
    let addOn = "Plugins/\(part.target)"
    let files = kind.template.files(target: part.target, name: part.registered)
    try Self.write(files, to: "\(folder)/\(addOn)", then: { try manifest.write() })
    let written = files.map { "\(addOn)/\($0.path)" }
    if output.json {
      return try Console.result(
        JSONValue.object([
          ("target", .text(part.target)), ("name", .text(part.registered)), ("kind", .text(kind.name)),
          ("files", .texts(written)),
        ]))
    }
    try Console.result(
      """
      \(written.map { "wrote \($0)" }.joined(separator: "\n"))
      added "\(part.target)" to addOns in Package.swift
      next: swift build -c release --product fledge && .build/release/fledge check \(kind.name) \(part.registered)
      and, which builds for some minutes the first time: swift test -c release --filter \(part.target)Tests
      """)
  }

  /// Throws `ValidationError`, as for any option with a value that it does not have.
  private static func kind(named text: String, _ registry: Registry) throws -> (name: String, template: PluginTemplate)
  {
    do {
      let name = try registry.kind(named: text)
      if let template = registry.template(of: name) { return (name, template) }
      let kinds = registry.kinds.filter { registry.template(of: $0) != nil }
      throw CommandError("there is no template for parts of kind \(name)\n  kinds: \(kinds.joined(separator: ", "))")
    } catch {
      throw ValidationError("--kind: \(error)")
    }
  }

  /// All files and then the manifest, or nothing: they are written beside their place and moved there whole.
  private static func write(
    _ files: [(path: String, text: String)], to folder: String, then finish: () throws -> Void
  ) throws {
    let manager = FileManager.default
    guard !manager.fileExists(atPath: folder) else {
      throw CommandError("\(folder) is there already; take another name")
    }
    let draft = "\(folder).writing"
    do {
      for file in files {
        let path = "\(draft)/\(file.path)"
        let parent = URL(fileURLWithPath: path).deletingLastPathComponent().path
        try manager.createDirectory(atPath: parent, withIntermediateDirectories: true)
        try Data(file.text.utf8).write(to: URL(fileURLWithPath: path))
      }
      try manager.moveItem(atPath: draft, toPath: folder)
    } catch {
      let reason = String(cString: strerror(errno))
      try? manager.removeItem(atPath: draft)
      throw CommandError("\(folder) cannot be written: \(reason)")
    }
    do {
      try finish()
    } catch {
      try? manager.removeItem(atPath: folder)
      throw error
    }
  }
}
