import Foundation
import Subprocess
import SystemPackage

extension Program {
  /// Runs a command that prints JSON lines, and sends a signal once it has printed so many lines that hold a text.
  func run(
    _ arguments: [String], sending signal: Signal, after count: Int, linesWith text: String
  ) async throws -> Outcome {
    try await run(arguments, after: count, linesWith: text) { send in try send(signal) }
  }

  /// Runs a command that prints JSON lines, and does something to it once it has printed so many lines that hold a text.
  ///
  /// A program that prints more than a pipe holds cannot end before that is done, however slowly this reads.
  func run(
    _ arguments: [String], after count: Int, linesWith text: String,
    _ intervene: @escaping @Sendable (_ send: (Signal) throws -> Void) throws -> Void
  ) async throws -> Outcome {
    let result = try await Subprocess.run(
      .path(FilePath(Self.binary)), arguments: Arguments(arguments),
      environment: .inherit.updating(["FLEDGE_STORE": nil]), workingDirectory: FilePath(folder), input: .none,
      output: .sequence, error: .string(limit: 1 << 20)
    ) { execution in
      var lines: [String] = []
      var found = 0
      for try await line in execution.standardOutput.strings() {
        lines.append(line)
        if line.contains(text) {
          found += 1
          if found == count { try intervene { try execution.send(signal: $0) } }
        }
      }
      return lines
    }
    return Outcome(
      status: result.terminationStatus, output: result.closureResult.joined(), errors: result.standardError)
  }
}
