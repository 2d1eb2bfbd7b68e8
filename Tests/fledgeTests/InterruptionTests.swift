import Foundation
import Subprocess
import Testing

@Suite struct InterruptionTests {
  private struct Point: Decodable, Equatable {
    let step: Int
    let epoch: Int
    let value: Double
  }

  private struct Run: Decodable {
    let id: String
    let status: String
  }

  /// 36 steps an epoch, each printed as a line of over 100 bytes: far more than a pipe holds.
  private static func program() throws -> (program: Program, train: [String]) {
    let program = try Program()
    let rows = (0..<40).map { index in
      "\(Double(index % 7) / 7),\(Double(index % 5) / 5),\(["a", "b", "c"][index % 3])"
    }
    try program.write((["x,y,kind"] + rows).joined(separator: "\n"), to: "points.csv")
    let train = [
      "train", "--dataset", "csv('points.csv', label: kind, test: 0.1)", "--model", "dense(4), dropout(0.2), dense(3)",
      "--backend", "reference", "--batch", "1", "--validation", "0", "--epochs", "60",
    ]
    return (program, train)
  }

  private func losses(_ program: Program, _ run: String) async throws -> [Point] {
    try await program.succeed(["metrics", run, "--name", "train.loss", "--json"]).json([Point].self)
  }

  @Test("resumes as if nothing had happened", arguments: [Signal.interrupt, .terminate, .kill])
  func resumes(_ signal: Signal) async throws {
    let (program, train) = try Self.program()
    defer { program.remove() }
    _ = try await program.succeed(train + ["--name", "whole", "--quiet"])
    let broken = train + ["--name", "broken", "--json", "--checkpoint-every", "5"]
    let outcome = try await program.run(broken, sending: signal, after: 3, linesWith: #""event":"saved""#)
    if signal == .kill {
      #expect(outcome.code == nil)
    } else {
      #expect(outcome.code == 130, "\(outcome.errors)")
      #expect(outcome.output.contains(#""status":"interrupted""#), "\(outcome.output.suffix(500))")
      #expect(!outcome.errors.contains("error:"), "\(outcome.errors)")
    }
    let runs = try await program.succeed(["runs", "--where", "name = broken", "--json"]).json([Run].self)
    #expect(runs.map(\.status) == ["interrupted"])
    let done = try await losses(program, "broken").count
    let all = try await losses(program, "whole")
    #expect(done > 0 && done < all.count, "\(done) steps were done")
    let resumed = try await program.succeed(["resume", "broken", "--quiet"])
    #expect(resumed.output == "\(runs[0].id)\n")
    #expect(try await losses(program, "broken") == all)
    let figures = try await [
      program.succeed(["evaluate", "whole", "--json", "--checkpoint", "last"]),
      program.succeed(["evaluate", "broken", "--json", "--checkpoint", "last"]),
    ].map { $0.output.split(separator: "\"step\"").last }
    #expect(figures[0] == figures[1])
  }
}
