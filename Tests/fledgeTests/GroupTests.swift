import Foundation
import Subprocess
import SystemPackage
import Testing

/// Groups on the command line.
@Suite struct GroupTests {
  struct Group: Decodable {
    struct Member: Decodable {
      let member: Int
      let name: String
      let status: String
      let values: [String: String]
    }

    struct Figure: Decodable {
      let name: String
      let runs: Int
      let mean: Double
      let standardDeviation: Double?
    }

    let name: String
    let state: String
    let members: [Member]
    let figures: [Figure]
  }

  private struct Listed: Decodable {
    let name: String
    let state: String
    let done: Int
    let planned: Int
  }

  /// Three runs of 300 steps; a step's line has over 100 bytes, so that the program cannot be done before it is killed.
  private static let long = [
    "--model", "dense(6), batch-norm, relu, dropout(0.2), dense(3)", "--epochs", "33", "--checkpoint-every", "4",
    "--seed", "7", "--repeats", "3",
  ]

  private static func shown(_ bench: FaultBench, _ group: String) async throws -> Group {
    try await bench.program.succeed(["show", group, "--json"]).json(Group.self)
  }

  private static func losses(_ bench: FaultBench, _ run: String) async throws -> String {
    try await bench.program.succeed(["metrics", run, "--name", "train.loss", "--json"]).output
  }

  private func expectWhole(_ bench: FaultBench, _ group: String, _ comment: String) async throws {
    let shown = try await Self.shown(bench, group)
    #expect(shown.state == "completed" && shown.members.map(\.status) == Array(repeating: "completed", count: 3))
    for position in 1...3 {
      let (run, whole) = ("\(group)#\(position)", "whole#\(position)")
      #expect(try await bench.weights(run) == bench.weights(whole), "\(comment): other weights of \(run)")
      #expect(try await Self.losses(bench, run) == Self.losses(bench, whole), "\(comment): other losses of \(run)")
    }
    let figures = try await Self.shown(bench, "whole").figures
    #expect(shown.figures.map(\.mean) == figures.map(\.mean) && !figures.isEmpty, "\(comment)")
    #expect(shown.figures.map(\.standardDeviation) == figures.map(\.standardDeviation), "\(comment)")
  }

  @Test("killed or interrupted, it ends as if it had not been", arguments: [Signal.kill, .interrupt])
  func resumes(_ signal: Signal) async throws {
    let bench = try await FaultBench()
    defer { bench.program.remove() }
    _ = try await bench.program.succeed(bench.train(Self.long) + ["--name", "whole", "--quiet"])
    // In the middle of the second run: of 297 steps each, the 400th.
    let outcome = try await bench.program.run(
      bench.train(Self.long) + ["--name", "cut", "--json"], sending: signal, after: 400,
      linesWith: #""event":"step""#)
    #expect(outcome.code == (signal == .kill ? nil : 130), "\(outcome.errors)")
    let cut = try await Self.shown(bench, "cut")
    #expect(cut.state == "interrupted" && cut.members.map(\.status) == ["completed", "interrupted"])
    #expect(cut.members.map(\.values) == [["seed": "7"], ["seed": "8"]])
    if signal == .interrupt {
      #expect(outcome.output.split(separator: "\n").last?.contains(#""state":"interrupted""#) == true)
    }
    let listed = try await bench.program.succeed(["groups", "--json"]).json([Listed].self)
    #expect(listed.map(\.name) == ["cut", "whole"] && listed.map(\.done) == [1, 3])
    #expect(listed.map(\.state) == ["interrupted", "completed"] && listed.map(\.planned) == [3, 3])
    // Killed again, in its third run.
    let again = try await bench.program.run(
      ["resume", "cut", "--json"], sending: signal, after: 300, linesWith: #""event":"step""#)
    #expect(again.code == (signal == .kill ? nil : 130), "\(again.errors)")
    _ = try await bench.program.succeed(["resume", "cut", "--quiet"])
    try await expectWhole(bench, "cut", "\(signal)")
    try await bench.refuses(["resume", "cut"], saying: ["group 'cut' is complete: all of its 3 runs are done"])
  }

  @Test func oneAtATimeWorksOnAGroup() async throws {
    let bench = try await FaultBench()
    defer { bench.program.remove() }
    // Its output is not read meanwhile: the pipe fills, and holds the training up.
    _ = try await Subprocess.run(
      .path(.init(Program.binary)), arguments: Arguments(bench.train(Self.long) + ["--name", "busy", "--json"]),
      environment: .inherit.updating(["FLEDGE_STORE": nil]), workingDirectory: .init(bench.program.folder),
      input: .none, output: .sequence, error: .discarded
    ) { execution in
      for try await line in execution.standardOutput.strings() where line.contains("saved") { break }
      for command in [["resume", "busy"], ["delete", "busy"]] {
        try await bench.refuses(command, saying: ["is at work on group 'busy'; stop that process first"])
      }
      try execution.send(signal: .kill)
    }
    #expect(try await Self.shown(bench, "busy").state == "interrupted")
    let deleted = try await bench.program.succeed(["delete", "busy"]).output
    // The kill may find the first member or the second at work.
    #expect(deleted.contains("(busy) with "), "\(deleted)")
    #expect(try await bench.program.succeed(["groups", "--json"]).output == "[]\n")
    #expect(try await bench.runs().map(\.name) == ["before"])
  }

  @Test func showsWhatIsKnown() async throws {
    let bench = try await FaultBench()
    defer { bench.program.remove() }
    let outcome = try await bench.program.succeed(bench.train(["--repeats", "2", "--seed", "3", "--name", "base"]))
    for line in ["base: 1 of 2, seed 3", "base: 2 of 2, seed 4"] {
      #expect(outcome.errors.contains(line), "no '\(line)' in \(outcome.errors)")
    }
    let shown = try await bench.program.succeed(["show", "base"]).output
    #expect(outcome.output == shown)
    for expected in ["(base)", "state     completed", "repeats, 2 of 2 runs done", "mean ± standard deviation", " ± "] {
      #expect(shown.contains(expected), "no '\(expected)' in \(shown)")
    }
    let runs = try await bench.program.succeed([
      "runs", "--where", "group = base and seed = 4", "--columns", "name,member",
    ])
    #expect(runs.output.contains("base#2") && !runs.output.contains("base#1"), "\(runs.output)")
    #expect(try await bench.program.succeed(["groups"]).output.contains("2 of 2"))
    #expect(try await bench.program.succeed(["show", "base#2"]).output.contains("group     base, member 2"))
    let faults = [
      (bench.train(["--name", "base"]), ["the name 'base' is taken by group 'base'"]),
      (bench.train(["--name", "before", "--repeats", "2"]), ["cannot be a group's: a run is called 'before'"]),
      (["evaluate", "base"], ["'base' is a group of runs; name one of them: base#1, base#2"]),
      (["resume", "base", "--set", "epochs=4"], ["--from and --set are for a run", "base#1"]),
      (["delete", "base#1"], ["belongs to group 'base', which is deleted as one: fledge delete base"]),
      (["show", "bose"], ["no run 'bose'", "did you mean 'base'"]),
    ]
    for (command, parts) in faults { try await bench.refuses(command, saying: parts) }
    try await bench.refuses(
      bench.train(["--repeats", "0"]), code: 64, saying: ["--repeats: expected a whole number from 1 to 1000, found 0"])
  }
}
