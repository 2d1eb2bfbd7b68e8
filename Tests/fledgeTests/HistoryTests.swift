import Foundation
import Testing

@Suite struct HistoryTests {
  private struct Run: Decodable {
    let id: String
    let name: String?
    let status: String
  }

  private struct Point: Decodable {
    let step: Int
    let epoch: Int
    let value: Double
  }

  @Test func listsTheNewestFirst() async throws {
    let program = try await TrainedStore.program
    let runs = try await program.succeed(["runs", "--json"]).json([Run].self)
    #expect(runs.map(\.name) == ["second", "first"] && runs.allSatisfy { $0.status == "completed" })
    let text = try await program.succeed(["runs"]).output
    let lines = text.split(separator: "\n")
    #expect(lines.count == 4 && lines[0].hasPrefix("id") && lines[2].contains("second"), "\(text)")
  }

  @Test(
    "where",
    arguments: [
      ("optimizer = adam", ["first"]), ("optimizer.rate > 0.1", ["second"]), ("tag = old", ["first"]),
      ("optimizer = sgd and epochs < 2", []), ("optimizer.beta1 > 0", ["first"]), ("regularizer.rate > 0", []),
    ]) func filters(_ condition: String, _ expected: [String]) async throws
  {
    let outcome = try await TrainedStore.program.succeed(["runs", "--json", "--where", condition])
    #expect(try outcome.json([Run].self).map(\.name) == expected, "\(condition)")
  }

  @Test func sortsAndLimits() async throws {
    let program = try await TrainedStore.program
    let up = try await program.succeed(["runs", "--json", "--sort", "optimizer.rate"]).json([Run].self)
    #expect(up.map(\.name) == ["first", "second"])
    let down = try await program.succeed(["runs", "--json", "--sort", "-optimizer.rate", "--limit", "1"])
    #expect(try down.json([Run].self).map(\.name) == ["second"])
    let columns = try await program.succeed(["runs", "--columns", "name,optimizer", "--sort", "name"]).output
    #expect(columns == "name    optimizer\n──────  ─────────\nfirst   adam\nsecond  sgd\n")
  }

  @Test func showsByEveryName() async throws {
    struct Shown: Decodable {
      let id: String
      let name: String
      let tags: [String]
      let seed: String
      let recipe: String
    }
    let program = try await TrainedStore.program
    let first = try await program.succeed(["show", "first", "--json"]).json(Shown.self)
    #expect(first.tags == ["old"] && first.seed == "0" && first.recipe.contains("backend: reference"))
    let newest = try await program.succeed(["show", "last", "--json"]).json(Shown.self)
    #expect(newest.name == "second")
    let prefix = String(newest.id.prefix(9))
    let ids = [first.id, newest.id].filter { $0.hasPrefix(prefix) }
    if ids.count == 1 {
      #expect(try await program.succeed(["show", prefix, "--json"]).json(Shown.self).id == newest.id)
    }
    let text = try await program.succeed(["show", "first"]).output
    for expected in ["(first)", "tags      old", "optimizer: 'adam(", "train.loss", "best"] {
      #expect(text.contains(expected), "no '\(expected)' in \(text)")
    }
  }

  @Test func metrics() async throws {
    struct Summary: Decodable {
      let name: String
      let count: Int
      let lastStep: Int
    }
    let program = try await TrainedStore.program
    let points = try await program.succeed(["metrics", "first", "--name", "train.loss", "--json"]).json([Point].self)
    #expect(points.map(\.step) == [1, 2, 3, 4] && points.map(\.epoch) == [1, 1, 2, 2])
    #expect(points.allSatisfy { $0.value.isFinite })
    let all = try await program.succeed(["metrics", "first", "--json"]).json([Summary].self)
    #expect(all.first { $0.name == "validation.accuracy" }?.count == 2)
    let chart = try await program.succeed(["metrics", "first", "--plot"]).output
    #expect(chart.contains("└") && chart.contains("train.loss"), "\(chart)")
  }

  @Test func checkpoints() async throws {
    struct Checkpoint: Decodable {
      let step: Int
      let best: Bool
      let bytes: Int
      let storedBytes: Int
    }
    let program = try await TrainedStore.program
    let found = try await program.succeed(["checkpoints", "first", "--json"]).json([Checkpoint].self)
    #expect(found.last?.step == 4 && found.count { $0.best } == 1)
    #expect(found.allSatisfy { $0.bytes > 0 && $0.storedBytes > 0 })
  }

  @Test func deletes() async throws {
    let program = try Program()
    defer { program.remove() }
    _ = try await program.succeed(["train", "--quiet", "--name", "gone"] + TrainedStore.recipe)
    #expect(try await program.succeed(["delete", "gone"]).output.contains("(gone)"))
    #expect(try await program.succeed(["runs", "--json"]).output == "[]\n")
    try await program.fail(["delete", "gone"], saying: ["no run 'gone'"])
  }

  private static let faults: [(arguments: [String], parts: [String])] = [
    (["show", "frist"], ["no run 'frist'", "did you mean 'first'?"]),
    (["metrics", "first", "--name", "train.los"], ["no metric 'train.los'", "did you mean 'train.loss'?"]),
    (["runs", "--where", "optimzer = adam"], ["where, column 1", "did you mean 'optimizer'?"]),
    (["runs", "--where", "(optimizer = adam"], ["column 1", "never closed"]),
    (["runs", "--where", "epochs > many"], ["'epochs' is a number"]),
    (["runs", "--sort", "tag"], ["'tag' cannot be sorted by"]),
    (["runs", "--columns", "nam"], ["no column 'nam'", "did you mean 'name'?"]),
    (["resume", "first"], ["has done all of its 2 epochs"]),
    (["resume", "first", "--set", "epchs=3"], ["no key 'epchs'", "did you mean 'epochs'?"]),
    (["resume", "nobody"], ["no run 'nobody'"]),
    (["evaluate", "first", "--checkpoint", "3"], ["step-3", "steps"]),
    (["runs", "--store", "none.sqlite"], ["none.sqlite", "no such file"]),
    (["delete", "first", "--store", "none.sqlite"], ["none.sqlite", "no such file"]),
  ]

  @Test("refuses", arguments: faults) func refuses(_ arguments: [String], _ parts: [String]) async throws {
    let program = try await TrainedStore.program
    try await program.fail(arguments, saying: parts)
    #expect(!FileManager.default.fileExists(atPath: program.path("none.sqlite")), "a store was made")
  }
}
