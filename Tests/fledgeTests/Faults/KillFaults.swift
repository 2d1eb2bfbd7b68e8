import Foundation
import Subprocess
import SystemPackage
import Testing

@Suite struct KillFaults {
  /// Randomness in the model, running statistics, an optimizer and a schedule with state: all that a resumed run must
  /// find again. 900 steps, each a line of over 100 bytes: far more than a pipe holds.
  private static let long = [
    "--model", "dense(6), batch-norm, relu, dropout(0.2), dense(3)", "--epochs", "100", "--scheduler",
    "cosine(warmup: 0.1)", "--checkpoint-every", "4", "--seed", "7",
  ]

  private struct Event: Decodable {
    let event: String
    let step: Int?
    let status: String?
  }

  private struct Checkpoint: Decodable {
    let step: Int
  }

  private static let whole = Task {
    let bench = try await FaultBench()
    _ = try await bench.program.succeed(bench.train(long) + ["--name", "whole", "--quiet"])
    return try await (bench.weights("whole"), losses(bench, "whole"))
  }

  private static func losses(_ bench: FaultBench, _ run: String) async throws -> String {
    try await bench.program.succeed(["metrics", run, "--name", "train.loss", "--json"]).output
  }

  private func expectWhole(_ bench: FaultBench, _ run: String, _ comment: String) async throws {
    let (weights, losses) = try await Self.whole.value
    #expect(try await bench.weights(run) == weights, "\(comment): other weights")
    #expect(try await Self.losses(bench, run) == losses, "\(comment): other losses")
    #expect(try await bench.runs().first { $0.name == run }?.status == "completed", "\(comment)")
  }

  private func expectInterrupted(_ bench: FaultBench, _ comment: String) async throws {
    let runs = try await bench.runs()
    #expect(runs.first { $0.name == "killed" }?.status == "interrupted", "\(comment): \(runs)")
    #expect(runs.first { $0.name == "before" }?.status == "completed", "\(comment): \(runs)")
  }

  /// Lines of the progress after which the program is killed: its first one, then drawn from a seed.
  private static let instants: [Int] = {
    var state: UInt64 = 20_261_121
    return [1]
      + (0..<5).map { _ in
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return 2 + Int(state >> 33) % 500
      }
  }()

  @Test("killed after so many lines", arguments: instants) func killed(_ lines: Int) async throws {
    let bench = try await FaultBench()
    defer { bench.program.remove() }
    let outcome = try await bench.program.run(
      bench.train(Self.long) + ["--name", "killed", "--json"], sending: .kill, after: lines, linesWith: "{")
    #expect(outcome.code == nil, "line \(lines): \(outcome.errors)")
    try await expectInterrupted(bench, "line \(lines)")
    _ = try await bench.program.succeed(["resume", "killed", "--quiet"])
    try await expectWhole(bench, "killed", "killed after line \(lines)")
  }

  @Test func killedAgainAndAgain() async throws {
    let bench = try await FaultBench()
    defer { bench.program.remove() }
    var command = bench.train(Self.long) + ["--name", "killed", "--json"]
    for round in 1...4 {
      let outcome = try await bench.program.run(command, sending: .kill, after: 7 * round, linesWith: "{")
      guard outcome.code == nil else { break }
      try await expectInterrupted(bench, "round \(round)")
      command = ["resume", "killed", "--json"]
    }
    // It may have ended before the last signal came.
    if try await bench.runs().contains(where: { $0.status == "interrupted" }) {
      _ = try await bench.program.succeed(["resume", "killed", "--quiet"])
    }
    try await expectWhole(bench, "killed", "killed again and again")
  }

  @Test func interruptedRunEndsTheSame() async throws {
    let bench = try await FaultBench()
    defer { bench.program.remove() }
    let outcome = try await bench.program.run(
      bench.train(Self.long) + ["--name", "killed", "--json"], sending: .interrupt, after: 11,
      linesWith: #""event":"step""#)
    #expect(outcome.code == 130, "\(outcome.errors)")
    #expect(!outcome.errors.contains("error: "), "\(outcome.errors)")
    try await expectInterrupted(bench, "SIGINT")
    let steps = outcome.output.matches(of: /"event":"step","step":(\d+)/).compactMap { Int($0.1) }
    let kept = try await bench.program.succeed(["checkpoints", "killed", "--json"]).json([Checkpoint].self)
    #expect(kept.last?.step == steps.last, "the step that was under way is not saved")
    _ = try await bench.program.succeed(["resume", "killed", "--quiet"])
    try await expectWhole(bench, "killed", "SIGINT")
  }

  /// While one process trains a run, another can neither resume nor delete it.
  @Test func runUnderWayIsLeftAlone() async throws {
    let bench = try await FaultBench()
    defer { bench.program.remove() }
    // Its output is not read meanwhile: the pipe fills, and holds the training up.
    _ = try await Subprocess.run(
      .path(FilePath(Program.binary)), arguments: Arguments(bench.train(Self.long) + ["--name", "busy", "--json"]),
      environment: .inherit.updating(["FLEDGE_STORE": nil]), workingDirectory: FilePath(bench.program.folder),
      input: .none, output: .sequence, error: .discarded
    ) { execution in
      for try await line in execution.standardOutput.strings() where line.contains("saved") { break }
      for command in [["resume", "busy"], ["delete", "busy"]] {
        try await bench.refuses(command, saying: ["is being trained by process", "stop that process first"])
      }
      try execution.send(signal: .kill)
    }
    #expect(try await bench.runs().first { $0.name == "busy" }?.status == "interrupted")
    _ = try await bench.program.succeed(["delete", "busy"])
  }

  @Test func twoAtOnceIntoOneStore() async throws {
    let bench = try await FaultBench()
    defer { bench.program.remove() }
    async let first = bench.program.succeed(bench.train(Self.long) + ["--name", "first", "--quiet"])
    async let second = bench.program.succeed(bench.train(Self.long) + ["--name", "second", "--quiet"])
    _ = try await (first, second)
    try await expectWhole(bench, "first", "first of two")
    try await expectWhole(bench, "second", "second of two")
    #expect(try await bench.runs().count == 3)
  }
}
