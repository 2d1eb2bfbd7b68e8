import Orchestrator
import Registry
import Testing

@Suite struct CommonNamesTests {
  /// Every name that errors point to is a key, a part or a parameter; with its arguments, it can be made.
  @Test func whatIsPointedToExists() throws {
    let registry = try allParts()
    let entries = registry.kinds.flatMap { registry.entries(of: $0) }
    let labels = entries.flatMap { entry in entry.type.init().parameters.map(\.schema.label) }
    let names = Set(entries.map(\.name) + labels + Recipe.keys.map(\.name))
    for (theirs, ours) in commonNames {
      #expect(theirs == theirs.lowercased() && !theirs.contains("_"), "\(theirs) is never looked up")
      for name in ours {
        let head = String(name.prefix { $0 != "(" && $0 != "." })
        #expect(names.contains(head), "\(theirs): there is no \(name)")
        guard name.contains("(") else { continue }
        let specification = try Specification(parsing: name, origin: "test")
        #expect(throws: Never.self) {
          _ = try registry.entries(named: head).map { try registry.make(specification, $0) }
        }
      }
    }
  }
}
