import Foundation
import Testing

@Suite struct StoreFaults {
  private static let commands = [
    ["runs"], ["show", "last"], ["evaluate", "last"], ["resume", "last"], ["delete", "last"],
    ["train", "--quiet"] + FaultBench.recipe,
  ]

  /// Every command says the same of a file that is no store, and leaves each of its bytes.
  private func refusesAll(
    _ bench: FaultBench, _ store: String, _ parts: [String], through wrapper: [String] = [],
    commands: [[String]] = commands
  ) async throws {
    let before = FileManager.default.contents(atPath: bench.program.path(store))
    for command in commands {
      try await bench.refuses(command + ["--store", store], through: wrapper, saying: ["store \(store): "] + parts)
    }
    #expect(FileManager.default.contents(atPath: bench.program.path(store)) == before, "\(store) was changed")
  }

  @Test func notADatabase() async throws {
    let bench = try await FaultBench()
    defer { bench.program.remove() }
    try bench.program.write(String(repeating: "dear diary ", count: 999), to: "diary.txt")
    try await refusesAll(bench, "diary.txt", ["not an SQLite database", "it was left as it is"])
  }

  @Test func anotherProgramsDatabase() async throws {
    let bench = try await FaultBench()
    defer { bench.program.remove() }
    try SQLiteFile(path: bench.program.path("other.sqlite")).execute("CREATE TABLE recipes (cake TEXT)")
    try await refusesAll(bench, "other.sqlite", ["belongs to another program", "it was left as it is"])
  }

  @Test func newerVersion() async throws {
    let bench = try await FaultBench()
    defer { bench.program.remove() }
    let files = FileManager.default
    try files.copyItem(atPath: bench.program.path("fledge.sqlite"), toPath: bench.program.path("newer.sqlite"))
    try SQLiteFile(path: bench.program.path("newer.sqlite")).execute(
      "INSERT INTO grdb_migrations VALUES ('99-from-tomorrow')")
    try await refusesAll(bench, "newer.sqlite", ["a newer Fledge wrote it", "'99-from-tomorrow'", "update Fledge"])
  }

  @Test func damagedFile() async throws {
    let bench = try await FaultBench()
    defer { bench.program.remove() }
    let whole = try #require(FileManager.default.contents(atPath: bench.program.path("fledge.sqlite")))
    try bench.program.write(Array(whole.prefix(whole.count / 2)), to: "half.sqlite")
    try await refusesAll(bench, "half.sqlite", ["the file is damaged", "sqlite3 'half.sqlite' .recover"])
  }

  @Test func places() async throws {
    let bench = try await FaultBench()
    defer { bench.program.remove() }
    let train = bench.train(["--quiet", "--store"])
    try await bench.refuses(train + ["none/runs.sqlite"], saying: ["store none/runs.sqlite", "make it first"])
    try await bench.refuses(train + ["."], saying: ["store .", "it is a folder"])
    #expect(mkfifo(bench.program.path("pipe"), 0o600) == 0)
    try await bench.refuses(train + ["pipe"], saying: ["store pipe", "a device or pipe"])
    try await bench.refuses(train + [""], saying: ["the path is empty"])
    try await bench.refuses(["runs", "--store", "none.sqlite"], saying: ["store none.sqlite", "no such file"])
  }

  private static let references: [(arguments: [String], parts: [String])] =
    ["show", "metrics", "checkpoints", "evaluate", "resume", "delete"].map {
      ([$0, "befor"], ["no run 'befor'", "did you mean 'before'?"])
    } + [
      (["predict", "befor", "points.csv"], ["no run 'befor'"]),
      (["export", "befor", "-o", "x"], ["no run 'befor'"]),
      (["evaluate", "before", "--checkpoint", "7"], ["has no step-7 checkpoint; it has steps 9, 18"]),
    ]

  @Test("unknown run", arguments: references)
  func unknownRun(_ arguments: [String], _ parts: [String]) async throws {
    let bench = try await FaultBench()
    defer { bench.program.remove() }
    try await bench.refuses(arguments, saying: parts)
  }

  /// Takes from root what lets it write where file modes forbid it; nothing for other users.
  private static let bindingModes =
    geteuid() == 0 ? ["setpriv", "--bounding-set=-dac_override,-dac_read_search"] : []

  private static func modesBind() async throws -> Bool {
    guard geteuid() == 0 else { return true }
    let program = try Program()
    defer { program.remove() }
    try program.write("x", to: "file")
    try FileManager.default.setAttributes([.posixPermissions: 0o444], ofItemAtPath: program.path("file"))
    let script = ["sh", "-c", "test ! -w file && echo bound"]
    return (try? await program.run([], through: bindingModes + script))?.output == "bound\n"
  }

  @Test(.enabled("root is not bound by file modes, and there is no setpriv to bind it", modesBind))
  func readOnlyFile() async throws {
    let bench = try await FaultBench()
    defer { bench.program.remove() }
    let store = bench.program.path("fledge.sqlite")
    try FileManager.default.setAttributes([.posixPermissions: 0o444], ofItemAtPath: store)
    defer { try? FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: store) }
    let writers = [bench.train(["--quiet"]), ["delete", "before"], ["resume", "before", "--set", "epochs=3"]]
    try await refusesAll(
      bench, "fledge.sqlite", ["cannot be written to", "may not write the file"], through: Self.bindingModes,
      commands: writers)
    let listed = try await bench.program.run(["runs", "--json"], through: Self.bindingModes)
    #expect(listed.code == 0 && listed.output.contains("before"), "\(listed.errors)")
    // SQLite gives its side files the mode of the store that they were made beside.
    try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: store)
    try await bench.refuses(
      bench.train(["--quiet"]), through: Self.bindingModes,
      saying: ["may not write the file fledge.sqlite-", "beside it"])
  }

  @Test(.enabled("root is not bound by file modes, and there is no setpriv to bind it", modesBind))
  func readOnlyFolder() async throws {
    let bench = try await FaultBench()
    defer { bench.program.remove() }
    let files = FileManager.default
    let folder = bench.program.path("archive")
    try files.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try files.copyItem(atPath: bench.program.path("fledge.sqlite"), toPath: "\(folder)/fledge.sqlite")
    try files.setAttributes([.posixPermissions: 0o555], ofItemAtPath: folder)
    defer { try? files.setAttributes([.posixPermissions: 0o755], ofItemAtPath: folder) }
    try await refusesAll(
      bench, "archive/fledge.sqlite", ["cannot be written to", "may not write in the folder"],
      through: Self.bindingModes, commands: [bench.train(["--quiet"]), ["delete", "before"]])
    for command in [["runs"], ["show", "before"], ["evaluate", "before"]] {
      let outcome = try await bench.program.run(
        command + ["--store", "archive/fledge.sqlite"], through: Self.bindingModes)
      #expect(outcome.code == 0 && outcome.output.contains(command[0] == "evaluate" ? "loss" : "before"), "\(outcome)")
    }
  }
}
