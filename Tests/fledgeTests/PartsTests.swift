import Foundation
import Testing

@Suite struct PartsTests {
  private struct Part: Decodable {
    let kind: String
    let name: String
    let summary: String
  }

  private struct Description: Decodable {
    struct Parameter: Decodable {
      let label: String
      let type: String
      let range: String?
      let required: Bool
      let `default`: String?
    }

    let kind: String
    let name: String
    let formula: String
    let reference: String
    let example: String
    let parameters: [Parameter]
  }

  @Test func helpNamesEveryCommand() async throws {
    let help = try await Program().succeed(["--help"]).output
    let commands = [
      "train", "resume", "evaluate", "predict", "export", "list", "describe", "apply", "trace", "check", "plugin",
      "runs", "show", "metrics", "checkpoints", "tag", "note", "rename", "delete",
    ]
    for command in commands { #expect(help.contains("\n  \(command) "), "no \(command) in \(help)") }
  }

  @Test("completions", arguments: ["bash", "zsh", "fish"]) func completions(_ shell: String) async throws {
    let script = try await Program().succeed(["--generate-completion-script", shell]).output
    #expect(script.contains("fledge") && script.contains("describe"), "\(shell)")
  }

  @Test func listsByKind() async throws {
    let program = try Program()
    let all = try await program.succeed(["list", "--json"]).json([Part].self)
    #expect(Set(all.map(\.kind)).isSuperset(of: ["activation", "layer", "loss", "optimizer", "dataset", "backend"]))
    #expect(all.contains { $0.kind == "activation" && $0.name == "swish" }, "the add-on is not linked")
    #expect(all.allSatisfy { !$0.summary.isEmpty })
    let layers = try await program.succeed(["list", "layers", "--json"]).json([Part].self)
    #expect(layers.map(\.name) == all.filter { $0.kind == "layer" }.map(\.name))
    #expect(layers.map(\.name) == layers.map(\.name).sorted())
    let text = try await program.succeed(["list", "optimizer"]).output
    #expect(text.hasPrefix("optimizers (") && text.contains("\n  adam "), "\(text)")
  }

  @Test func describesAPart() async throws {
    let program = try Program()
    let parts = try await program.succeed(["describe", "leaky-relu", "--json"]).json([Description].self)
    let part = try #require(parts.first)
    #expect(parts.count == 1)
    #expect(part.kind == "activation" && part.example.hasPrefix("leaky-relu") && !part.reference.isEmpty)
    let slope = try #require(part.parameters.first)
    #expect(slope.label == "slope" && slope.default == "0.01" && !slope.required)
    #expect(slope.range?.contains("to 1") == true)
    let text = try await program.succeed(["describe", "conv"]).output
    for expected in ["filters", "required", "kernel", "default 3", "source", "example  conv(32)"] {
      #expect(text.contains(expected), "no '\(expected)' in \(text)")
    }
  }

  @Test func describesAllPartsOfOneName() async throws {
    let program = try Program()
    let both = try await program.succeed(["describe", "constant", "--json"]).json([Description].self)
    #expect(both.map(\.kind) == ["initializer", "scheduler"])
    let one = try await program.succeed(["describe", "constant", "--kind", "scheduler", "--json"])
    #expect(try one.json([Description].self).map(\.kind) == ["scheduler"])
  }

  @Test func checksAPart() async throws {
    let program = try Program()
    let text = try await program.succeed(["check", "activation", "relu"])
    #expect(text.output.contains("passed: activation relu, gradient"), "\(text.output)")
    #expect(!text.output.contains("FAILED"))
    struct Check: Decodable {
      let name: String
      let status: String
    }
    let json = try await program.succeed(["check", "swish", "--json"]).json([Check].self)
    #expect(!json.isEmpty && json.allSatisfy { $0.name == "swish" && $0.status != "failed" })
  }

  @Test func unknownNames() async throws {
    let program = try Program()
    try await program.fail(["list", "actvation"], saying: ["no kind 'actvation'", "did you mean 'activation'?"])
    try await program.fail(["describe", "rellu"], saying: ["no part 'rellu'", "did you mean 'relu'?"])
    try await program.fail(["describe", "adam", "--kind", "layer"], saying: ["no layer 'adam'", "optimizer"])
    try await program.fail(["check", "layer", "dens"], saying: ["no layer 'dens'", "did you mean 'dense'?"])
    try await program.fail(["lits"], code: 64, saying: ["lits", "Usage"])
    try await program.fail(["list", "--jsn"], code: 64, saying: ["--jsn", "Usage"])
  }
}
