import Foundation
import Testing

/// The commands of the documentation's tutorials, as a reader types them.
@Suite struct TutorialTests {
  private static let resources = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "../../Sources/Library/Fledge.docc/Resources").standardized.path

  @Test("do what the tutorial says", arguments: ["compose-5.sh", "query-4.sh"])
  func commands(_ script: String) async throws {
    let program = try Program()
    defer { program.remove() }
    let recipe = try String(contentsOfFile: "\(Self.resources)/shapes.yaml", encoding: .utf8)
    try program.write(recipe, to: "shapes.yaml")
    let asReader = #"PATH="$(dirname "$0"):$PATH"; . "$1""#
    let outcome = try await program.run(["\(Self.resources)/\(script)"], through: ["bash", "-euc", asReader])
    #expect(outcome.code == 0, "\(script): \(outcome.errors)")
    #expect(!outcome.errors.contains("error") && outcome.errors.contains("completed after"), "\(outcome.errors)")
    if script == "query-4.sh" {
      #expect(outcome.output.contains("have the same bits"), "\(outcome.output)")
    }
  }

  @Test("each step of a script goes on from the step before", arguments: [("compose", 5), ("query", 4), ("add", 3)])
  func steps(_ name: String, _ last: Int) throws {
    let scripts = try (1...last).map {
      try String(contentsOfFile: "\(Self.resources)/\(name)-\($0).sh", encoding: .utf8)
    }
    for (before, after) in zip(scripts, scripts.dropFirst()) {
      #expect(after.hasPrefix(before) && after.count > before.count, "\(after)")
    }
  }
}
