import Foundation
import Subprocess
import SystemPackage
import Testing

/// The built program, run in a folder of its own.
struct Program: Sendable {
  struct Outcome: Sendable {
    let status: TerminationStatus
    let output: String
    let errors: String

    /// The exit code; nil if a signal ended the program.
    var code: Int32? { if case .exited(let code) = status { code } else { nil } }

    /// What was printed, read as JSON.
    func json<Value: Decodable>(_ type: Value.Type) throws -> Value {
      try JSONDecoder().decode(type, from: Data(output.utf8))
    }

    /// What was printed, read as JSON lines.
    func lines<Value: Decodable>(_ type: Value.Type) throws -> [Value] {
      try output.split(separator: "\n").map { try JSONDecoder().decode(type, from: Data($0.utf8)) }
    }
  }

  /// Where it runs.
  let folder: String

  /// Makes an empty folder.
  init() throws {
    folder = "\(Self.workshop)/\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  }

  /// Where all the folders of this process lie; it goes with the process, and with it those that tests share.
  private static let workshop: String = {
    atexit { try? FileManager.default.removeItem(atPath: Program.workshop) }
    return FileManager.default.temporaryDirectory.appendingPathComponent("fledge-\(UUID().uuidString)").path
  }()

  func remove() { try? FileManager.default.removeItem(atPath: folder) }

  func path(_ name: String) -> String { "\(folder)/\(name)" }

  func write(_ text: String, to name: String) throws { try write(Array(text.utf8), to: name) }

  func write(_ bytes: [UInt8], to name: String) throws {
    try Data(bytes).write(to: URL(fileURLWithPath: path(name)))
  }

  func run(_ arguments: [String], environment: [Environment.Key: String] = [:]) async throws -> Outcome {
    let result = try await Subprocess.run(
      .path(FilePath(Self.binary)), arguments: Arguments(arguments),
      environment: .inherit.updating(["FLEDGE_STORE": nil]).updating(environment.mapValues { $0 }),
      workingDirectory: FilePath(folder), output: .string(limit: 1 << 24), error: .string(limit: 1 << 20))
    return Outcome(
      status: result.terminationStatus, output: result.standardOutput, errors: result.standardError)
  }

  /// Runs what must succeed.
  func succeed(
    _ arguments: [String], location: SourceLocation = #_sourceLocation
  ) async throws -> Outcome {
    let outcome = try await run(arguments)
    #expect(outcome.code == 0, "\(arguments): \(outcome.errors)", sourceLocation: location)
    return outcome
  }

  /// Runs what must fail with one message on standard error and nothing on standard output.
  @discardableResult
  func fail(
    _ arguments: [String], code: Int32 = 1, saying parts: [String], location: SourceLocation = #_sourceLocation
  ) async throws -> String {
    let outcome = try await run(arguments)
    #expect(outcome.code == code, "\(arguments): \(outcome.status), \(outcome.errors)", sourceLocation: location)
    #expect(outcome.output.isEmpty, "\(arguments) printed \(outcome.output)", sourceLocation: location)
    let messages = outcome.errors.split(separator: "\n").filter { $0.hasPrefix("error: ") }
    #expect(messages.count == 1, "\(arguments) said \(outcome.errors)", sourceLocation: location)
    #expect(outcome.errors.hasPrefix("error: "), "\(arguments) said \(outcome.errors)", sourceLocation: location)
    for part in parts {
      #expect(outcome.errors.contains(part), "\(arguments) said \(outcome.errors)", sourceLocation: location)
    }
    return outcome.errors
  }

  /// Beside the test bundle; the environment variable FLEDGE_BINARY names another.
  static let binary: String =
    ProcessInfo.processInfo.environment["FLEDGE_BINARY"]
    ?? URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath().deletingLastPathComponent()
    .appendingPathComponent("fledge").path
}
