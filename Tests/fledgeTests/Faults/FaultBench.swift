import Foundation
import Subprocess
import SystemPackage
import Testing

/// A folder with a table, and a store that holds one run: what a fault must leave as it was.
struct FaultBench: Sendable {
  struct Run: Decodable, Hashable {
    let id: String
    let name: String?
    let status: String
    let epochs: Int
  }

  let program: Program

  /// Three classes, 36 training examples: nine steps an epoch, a millisecond each.
  static let recipe = [
    "--dataset", "csv('points.csv', label: kind, test: 0.1)", "--model", "dense(4), relu, dense(3)", "--validation",
    "0", "--batch", "4", "--epochs", "2", "--threads", "1",
  ]

  private static let made = Task {
    let program = try Program()
    let rows = (0..<40).map { "\(Double($0 % 7) / 7),\(Double($0 % 5) / 5),\(["a", "b", "c"][$0 % 3])" }
    try program.write((["x,y,kind"] + rows).joined(separator: "\n"), to: "points.csv")
    _ = try await program.succeed(["train", "--name", "before", "--quiet"] + recipe)
    return program
  }

  init() async throws {
    let source = try await Self.made.value
    program = try Program()
    for name in ["points.csv", "fledge.sqlite"] {
      try FileManager.default.copyItem(atPath: source.path(name), toPath: program.path(name))
    }
  }

  func train(_ arguments: [String]) -> [String] { ["train"] + Self.recipe + arguments }

  func runs(_ location: SourceLocation = #_sourceLocation) async throws -> [Run] {
    try await program.succeed(["runs", "--json"], location: location).json([Run].self)
  }

  /// Runs what must fail with one message, and must leave the run that was there before.
  @discardableResult
  func refuses(
    _ arguments: [String], code: Int32 = 1, through wrapper: [String] = [],
    environment: [Environment.Key: String] = [:],
    saying parts: [String], location: SourceLocation = #_sourceLocation
  ) async throws -> String {
    let outcome = try await program.run(arguments, through: wrapper, environment: environment)
    #expect(outcome.code == code, "\(arguments): \(outcome.status), \(outcome.errors)", sourceLocation: location)
    #expect(outcome.output.isEmpty, "\(arguments) printed \(outcome.output)", sourceLocation: location)
    let messages = outcome.errors.split(separator: "\n").filter { $0.hasPrefix("error: ") }
    #expect(messages.count == 1, "\(arguments) said \(outcome.errors)", sourceLocation: location)
    for part in parts {
      #expect(outcome.errors.contains(part), "\(arguments) said \(outcome.errors)", sourceLocation: location)
    }
    let left = try await runs(location).first { $0.name == "before" }
    #expect(left?.status == "completed" && left?.epochs == 2, "\(arguments) lost a run", sourceLocation: location)
    return outcome.errors
  }

  /// The weights of a run as the exported file has them, without the run's id.
  func weights(_ run: String, checkpoint: String = "last", in store: String = "fledge.sqlite") async throws -> [UInt8] {
    let file = program.path("\(UUID().uuidString).safetensors")
    let runs = try await program.succeed(["runs", "--json", "--store", store, "--where", "name = \(run)"]).json(
      [Run].self)
    _ = try await program.succeed(["export", run, "--store", store, "--checkpoint", checkpoint, "-o", file])
    let id = Array((runs.first?.id ?? "").utf8)
    var bytes = Array(try Data(contentsOf: URL(fileURLWithPath: file)))
    while !id.isEmpty, let range = bytes.firstRange(of: id) {
      bytes.replaceSubrange(range, with: [UInt8](repeating: 0x2D, count: id.count))
    }
    return bytes
  }
}

extension Program {
  /// Runs the program through another one, which takes its path and arguments.
  func run(
    _ arguments: [String], through wrapper: [String], environment: [Environment.Key: String] = [:]
  ) async throws -> Outcome {
    let words = wrapper + [Self.binary] + arguments
    let result = try await Subprocess.run(
      words[0].hasPrefix("/") ? .path(FilePath(words[0])) : .name(words[0]),
      arguments: Arguments(Array(words.dropFirst())),
      environment: .inherit.updating(["FLEDGE_STORE": nil]).updating(environment.mapValues { $0 }),
      workingDirectory: FilePath(folder), input: .none, output: .string(limit: 1 << 22), error: .string(limit: 1 << 20))
    return Outcome(status: result.terminationStatus, output: result.standardOutput, errors: result.standardError)
  }
}
