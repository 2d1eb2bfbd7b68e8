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

  @Test(
    "wrong usage",
    arguments: [
      (["runs", "--json", "--format", "csv"], "--json and --format csv exclude each other"),
      (["runs", "--format", "xml"], "'xml' is invalid"),
      (["delete"], "name a run or group, or say which runs with --where"),
      (["delete", "first", "--where", "epochs = 1"], "exclude each other"),
      (["delete", "first", "--yes"], "--yes goes with --where"), (["tag", "first"], "name a tag to put on"),
    ])
  func wrongUsage(_ arguments: [String], _ part: String) async throws {
    try await TrainedStore.program.fail(arguments, code: 64, saying: [part])
  }

  @Test func everyFormatHasTheSameRows() async throws {
    let program = try await TrainedStore.program
    let query = ["runs", "--columns", "name,optimizer.rate,epochs,tag", "--sort", "name", "--format"]
    let csv = try await program.succeed(query + ["csv"]).output
    #expect(csv == "name,optimizer.rate,epochs,tag\nfirst,0.001,2,old\nsecond,0.25,2,\n")
    let json = try await program.succeed(query + ["json"]).output
    #expect(json.contains(#"{"name":"second","optimizer.rate":0.25,"epochs":2,"tag":null}"#), "\(json)")
    #expect(try await program.succeed(query.dropLast() + ["--json"]).output == json)
    let table = try await program.succeed(query + ["table"]).output
    #expect(try await program.succeed(query.dropLast()).output == table && table.contains("────"))
    let dates = try await program.succeed(["runs", "--format", "csv", "--columns", "created", "--limit", "1"]).output
    let printed = try #require(dates.split(separator: "\n").last.map(String.init))
    let found = try await program.succeed(["runs", "--json", "--where", "created = \(printed)", "--columns", "created"])
    #expect(found.output.contains(printed), "\(found.output)")
  }

  @Test func helpExplainsTheOperators() async throws {
    let help = try await Program().succeed(["runs", "--help"]).output
    let operators = ["!=", "<=", ">=", "not in", "is missing", "is not missing", "like", "~", "has tag", "parentheses"]
    for name in operators { #expect(help.contains(name), "no \(name) in \(help)") }
  }

  @Test func tagsNotesAndNames() async throws {
    struct Shown: Decodable {
      let name: String?
      let note: String?
      let tags: [String]
    }
    let program = try Program()
    defer { program.remove() }
    _ = try await program.succeed(["train", "--quiet", "--name", "one", "--tag", "old"] + TrainedStore.recipe)
    func shown(_ run: String) async throws -> Shown {
      try await program.succeed(["show", run, "--json"]).json(Shown.self)
    }
    let tagged = try await program.succeed(["tag", "one", "a,b", "c", "--remove", "old"]).output
    #expect(tagged.hasSuffix("(one): tags a, b, c\n"), "\(tagged)")
    #expect(try await program.succeed(["tag", "last", "--remove", "a,b,c"]).output.contains(": no tags"))
    #expect(try await shown("one").tags == [])
    _ = try await program.succeed(["note", "one", "jumps at epoch 3: \u{1B}[31mwhy?"])
    #expect(try await shown("one").note == "jumps at epoch 3: \u{1B}[31mwhy?")
    let text = try await program.succeed(["show", "one"]).output
    #expect(text.contains(#"note      jumps at epoch 3: \u001b[31mwhy?"#), "\(text)")
    #expect(try await program.succeed(["runs", "--json", "--where", "note ~ JUMPS"]).json([Run].self).count == 1)
    _ = try await program.succeed(["note", "one", ""])
    #expect(try await program.succeed(["runs", "--json", "--where", "note is missing"]).json([Run].self).count == 1)
    let renamed = try await program.succeed(["rename", "one", "=two"]).output
    #expect(renamed.hasSuffix("(one) is now called =two\n"), "\(renamed)")
    #expect(try await shown("=two").name == "=two")
    try await program.fail(["show", "one"], saying: ["no run 'one'"])
    let csv = try await program.succeed(["runs", "--columns", "name", "--format", "csv"]).output
    #expect(csv == "name\n'=two\n")
  }

  @Test func deletesWhatMatchesWhenToldSo() async throws {
    let program = try Program()
    defer { program.remove() }
    for name in ["keep", "drop", "drop"] {
      _ = try await program.succeed(["train", "--quiet", "--name", name] + TrainedStore.recipe)
    }
    _ = try await program.succeed(["train", "--quiet", "--repeats", "2", "--name", "base"] + TrainedStore.recipe)
    let condition = ["delete", "--where", "name = drop or group = base"]
    let planned = try await program.succeed(condition).output
    #expect(planned.contains("nothing is deleted yet; --yes deletes 2 of 4 runs"), "\(planned)")
    #expect(planned.contains("keep: of group base"), "\(planned)")
    #expect(try await program.succeed(condition + ["--json"]).output.contains(#"{"wouldDelete":[""#))
    #expect(try await program.succeed(["runs", "--json"]).json([Run].self).count == 5)
    #expect(try await program.succeed(condition + ["--yes"]).output.contains("deleted 2 of 4 runs"))
    let left = try await program.succeed(["runs", "--json", "--sort", "name"]).json([Run].self)
    #expect(left.map(\.name) == ["base#1", "base#2", "keep"])
    #expect(try await program.succeed(["delete", "--where", "name = drop", "--yes"]).output == "no runs\n")
  }

  @Test func namesDoNotReachTheTerminalRaw() async throws {
    let program = try Program()
    defer { program.remove() }
    let name = "a\u{1B}[31m\u{9B}2J\n\u{202E}b"
    let trained = try await program.succeed(["train", "--name", name, "--tag", "t\r"] + TrainedStore.recipe)
    let commands = [
      ["runs", "--columns", "name,tag"], ["runs", "--format", "csv", "--columns", "name,tag"], ["show", "last"],
      ["tag", "last", "x\u{7}"], ["rename", "last", "\(name)b"], ["delete", "--where", "epochs = 2"],
      ["delete", "last"],
    ]
    var outputs = [trained.output, trained.errors]
    for command in commands { outputs.append(try await program.succeed(command).output) }
    outputs.append(try await program.run(["show", name]).errors)
    for output in outputs {
      let raw = output.unicodeScalars.filter {
        $0.properties.generalCategory == .control && $0 != "\n" || $0 == "\u{202E}"
      }
      #expect(raw.isEmpty && output.contains("\\u001b[31m"), "\(output.debugDescription)")
    }
    #expect(outputs[2].contains(#"a\u001b[31m\u009b2J\n\u202eb  t\r"#), "\(outputs[2])")
  }

  @Test(.timeLimit(.minutes(1))) func thousandsOfTagsTakeNoLongerThanEachByItself() async throws {
    let program = try Program()
    defer { program.remove() }
    let tags = (0..<20_000).map { "t\($0)" }
    let options = tags.enumerated().flatMap { $0 % 2 == 0 ? ["--tag", $1] : ["--tag=\($1)"] }
    let sets = (0..<5000).flatMap { ["--set", "optimizer.rate=0.\($0 + 1)"] }
    _ = try await program.succeed(["train", "--quiet"] + TrainedStore.recipe + options + sets)
    #expect(try await program.succeed(["runs", "--json", "--where", "optimizer.rate = 0.5"]).output.contains("id"))
    let shown = try await program.succeed(["runs", "--format", "csv", "--columns", "tag"]).output
    #expect(shown == "tag\n\"\(tags.sorted().joined(separator: ", "))\"\n")
    #expect(try await program.succeed(["runs", "--json", "--where", "tag = t19999"]).json([Run].self).count == 1)
  }

  private static let faults: [(arguments: [String], parts: [String])] = [
    (["show", "frist"], ["no run 'frist'", "did you mean 'first'?"]),
    (["metrics", "first", "--name", "train.los"], ["no metric 'train.los'", "did you mean 'train.loss'?"]),
    (["runs", "--where", "optimzer = adam"], ["where, column 1", "did you mean 'optimizer'?"]),
    (["runs", "--where", "(optimizer = adam"], ["column 1", "never closed"]),
    (["runs", "--where", "epochs > many"], ["'epochs' is a number"]),
    (["runs", "--sort", "tag"], ["'tag' cannot be sorted by"]),
    (["runs", "--columns", "nam"], ["no column 'nam'", "did you mean 'name'?"]),
    (["runs", "--columns", ""], ["columns, column 1: expected a column"]),
    (["runs", "--columns", "id,,name"], ["columns, column 1: expected a column"]),
    (["runs", "--sort", ""], ["sort, column 1: expected a column"]),
    (
      ["runs", "--columns", Array(repeating: "id", count: 5000).joined(separator: ",")], ["5000 columns; at most 1000"]
    ),
    (["runs", "--where", "status = complete"], ["no status 'complete'", "did you mean 'completed'?"]),
    (["delete", "--where", "status = complete", "--yes"], ["no status 'complete'"]),
    (["delete", "--where", "", "--yes"], ["expected a column"]),
    (["tag", "first", "--remove", "odl"], ["has no tag 'odl'", "did you mean 'old'?"]),
    (["tag", "nobody", "x"], ["no run 'nobody'"]),
    (["tag", "first", "a,,b"], ["a tag cannot be empty"]),
    (["rename", "first", "last"], ["it stands for the newest run"]),
    (["rename", "first", ""], ["it is empty"]),
    (["note", "nobody", "x"], ["no run 'nobody'"]),
    (["tag", "first", "x", "--store", "none.sqlite"], ["none.sqlite", "no such file"]),
    (["note", "first", "x", "--store", "none.sqlite"], ["none.sqlite", "no such file"]),
    (["rename", "first", "x", "--store", "none.sqlite"], ["none.sqlite", "no such file"]),
    (["delete", "--where", "epochs = 1", "--yes", "--store", "none.sqlite"], ["none.sqlite", "no such file"]),
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
