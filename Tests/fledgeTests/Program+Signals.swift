import Foundation
import Subprocess
import SystemPackage

extension Program {
  /// Runs a command that prints JSON lines, and sends a signal once it has printed so many lines that hold a text.
  ///
  /// A program that prints more than a pipe holds cannot end before the signal is sent, however slowly this reads.
  func run(
    _ arguments: [String], sending signal: Signal, after count: Int, linesWith text: String
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
          if found == count { try execution.send(signal: signal) }
        }
      }
      return lines
    }
    return Outcome(
      status: result.terminationStatus, output: result.closureResult.joined(), errors: result.standardError)
  }
}
