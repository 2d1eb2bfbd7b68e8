import Foundation
import Testing

@Suite struct PluginNewTests {
  private static let manifest = """
    // swift-tools-version: 6.1
    let addOns: [String] = [
      "Swish"
    ]
    let package = Package(
      name: "Fledge"
    )

    """

  private func checkout() throws -> Program {
    let program = try Program()
    try program.write(Self.manifest, to: "Package.swift")
    return program
  }

  private func text(_ program: Program, _ name: String) throws -> String {
    try String(contentsOfFile: program.path(name), encoding: .utf8)
  }

  @Test("a part of every kind that there is can be an add-on")
  func writesEveryKind() async throws {
    struct Part: Decodable { let kind: String }
    let kinds = Set(try await Program().succeed(["list", "--json"]).json([Part].self).map(\.kind))
    #expect(kinds.isSuperset(of: ["activation", "gradient-transform", "observer", "backend"]))
    for kind in kinds.sorted() { try await writes(kind) }
  }

  private func writes(_ kind: String) async throws {
    let program = try checkout()
    defer { program.remove() }
    let told = try await program.succeed(["plugin", "new", "SoftStep2", "--kind", kind]).output
    let part = try text(program, "Plugins/SoftStep2/Sources/SoftStep2.swift")
    #expect(part.contains("public struct SoftStep2: "), "\(part)")
    #expect(part.contains("public static let name = \"soft-step2\""), "\(part)")
    #expect(!part.contains("TYPE") && !part.contains("NAME"))
    let registration = try text(program, "Plugins/SoftStep2/Sources/SoftStep2Plugin.swift")
    #expect(registration.contains("public enum SoftStep2Plugin: Plugin"))
    #expect(registration.contains("registry.register(SoftStep2.self)"))
    let tests = try text(program, "Plugins/SoftStep2/Tests/SoftStep2Tests.swift")
    #expect(tests.contains("ConformanceSuite") && tests.contains("\nimport SoftStep2\n"), "\(tests)")
    #expect(try text(program, "Package.swift").contains("[\n  \"SoftStep2\",\n  \"Swish\"\n]"))
    let left = try FileManager.default.contentsOfDirectory(atPath: program.path("Plugins"))
    #expect(left == ["SoftStep2"])
    let advice = ["--product fledge && .build/release/fledge check \(kind) soft-step2\n", "swift test"]
    let places = advice.compactMap { told.range(of: $0)?.lowerBound }
    #expect(places.count == advice.count && places == places.sorted(), "the quick check comes first: \(told)")
  }

  @Test func addsToAnEmptyList() async throws {
    let program = try Program()
    defer { program.remove() }
    try program.write("let addOns: [String] = []\nlet package = Package(name: \"Fledge\")\n", to: "Package.swift")
    _ = try await program.succeed(["plugin", "new", "Snake", "--kind", "activation"])
    #expect(try text(program, "Package.swift").hasPrefix("let addOns: [String] = [\n  \"Snake\"\n]\n"))
  }

  @Test func refusesAndLeavesNothing() async throws {
    let program = try checkout()
    defer { program.remove() }
    let faults: [(name: String, kind: String, code: Int32, parts: [String])] = [
      ("Swish", "activation", 1, ["activation 'swish'"]),
      ("Adam", "optimizer", 1, ["optimizer 'adam'"]),
      ("snake", "activation", 1, ["'snake'", "capital"]),
      ("../Snake", "activation", 1, ["'../Snake'"]),
      ("Value", "activation", 1, ["'Value'"]),
      ("Snake", "activaton", 64, ["activaton", "activation"]),
    ]
    for fault in faults {
      try await program.fail(
        ["plugin", "new", fault.name, "--kind", fault.kind], code: fault.code, saying: fault.parts)
    }
    #expect(try text(program, "Package.swift") == Self.manifest)
    #expect(!FileManager.default.fileExists(atPath: program.path("Plugins")))
  }

  @Test func refusesAnExistingFolder() async throws {
    let program = try checkout()
    defer { program.remove() }
    try FileManager.default.createDirectory(
      atPath: program.path("Plugins/Snake"), withIntermediateDirectories: true)
    try await program.fail(["plugin", "new", "Snake", "--kind", "layer"], saying: ["Plugins/Snake is there already"])
    #expect(try text(program, "Package.swift") == Self.manifest)
  }

  @Test func needsACheckout() async throws {
    let program = try Program()
    defer { program.remove() }
    try await program.fail(["plugin", "new", "Snake", "--kind", "loss"], saying: ["no Package.swift", "checkout"])
    try program.write("let package = Package(name: \"Other\")", to: "Package.swift")
    try await program.fail(["plugin", "new", "Snake", "--kind", "loss"], saying: ["not Fledge's"])
  }
}
