/// What is written for a kind: a part that works, and tests that can fail.
///
/// In all texts `TYPE` stands for the part's type, which is the target's name, too, and `NAME` for its registered name.
public struct PluginTemplate: Sendable, Hashable {
  /// The target that owns the kind's protocol.
  public let owner: String
  /// The whole of the part's file.
  public let part: String
  /// Modules that the test below needs beyond those of every test.
  public let testImports: [String]
  /// A test of values, indented by two.
  public let test: String

  public init(owner: String, part: String, testImports: [String] = [], test: String) {
    self.owner = owner
    self.part = part
    self.testImports = testImports
    self.test = test
  }

  /// The part's file, the registration, and the tests.
  public func files(target: String, name: String) -> [(path: String, text: String)] {
    func filled(_ text: String) -> String { text.replacing("TYPE", with: target).replacing("NAME", with: name) + "\n" }
    return [
      ("Sources/\(target).swift", filled(part)),
      ("Sources/\(target)Plugin.swift", filled(registration)),
      ("Tests/\(target)Tests.swift", filled(tests(target))),
    ]
  }

  private var registration: String {
    """
    import \(owner)
    public import Registry

    public enum TYPEPlugin: Plugin {
      public static func register(in registry: inout Registry) {
        registry.register(TYPE.self)
      }
    }
    """
  }

  private func tests(_ target: String) -> String {
    let modules = Set(["Conformance", "Execution", "Registry", "Testing", owner, target] + testImports)
    return """
      \(modules.sorted().map { "import \($0)" }.joined(separator: "\n"))

      @Suite struct TYPETests {
        private func registry() throws -> Registry {
          var registry = Registry()
          ExecutionPlugin.register(in: &registry)
          TYPEPlugin.register(in: &registry)
          try registry.validate()
          return registry
        }

        @Test func conforms() throws {
          let results = ConformanceSuite(registry: try registry()).check(name: "NAME")
          #expect(!results.isEmpty)
          for failure in results where failure.isFailure { Issue.record("\\(failure)") }
        }

      \(test)
      }
      """
  }
}
