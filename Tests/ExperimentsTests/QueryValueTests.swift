import Experiments
import Foundation
import GRDB
import Registry
import Testing

/// What the values of a query mean to what stands in the store: texts, numbers, dates, and nothing.
@Suite struct QueryValueTests {
  @Test func aMetricThatIsNotANumberIsNotMissing() throws {
    let scratch = try Scratch()
    let store = try scratch.store()
    let recorder = try store.begin(NewRun(name: "nan", recipeYAML: ""))
    try recorder.record([
      MetricPoint(name: "loss", step: 1, epoch: 1, value: .nan, direction: .lower),
      MetricPoint(name: "learning-rate", step: 1, epoch: 1, value: 1, direction: .neither),
    ])
    try recorder.finish(.failed)
    try store.begin(NewRun(name: "none", recipeYAML: "")).finish(.completed)
    func names(_ condition: String) throws -> [String?] {
      try store.runs(RunQuery(where: condition, sort: ["name"])).map(\.name)
    }
    #expect(try names("loss is missing") == ["none"] && names("loss is not missing") == ["nan"])
    #expect(try names("best(loss) is missing") == ["none"])
    #expect(try names("best(learning-rate) is missing") == ["nan", "none"], "one without a direction has no best")
  }

  /// Names that a pattern may take for something else, and that differ in case beyond ASCII.
  private static let odd = [
    "a[1]b", "a1b", #"it's "it""#, #"back\slash"#, "ÄRGER", "Straße", "ΟΔΟΣ", "e\u{301}t\u{E9}", "100%",
  ]

  @Test(
    "patterns",
    arguments: [
      ("name ~ 'a[1]*'", ["a[1]b"]), ("name ~ 'a[1]'", ["a[1]b"]), ("name ~ 'A?1?B'", ["a[1]b"]),
      ("name ~ '*[*'", ["a[1]b"]),
      ("name ~ 'a?b'", ["a1b"]), ("name ~ ']b'", ["a[1]b"]),
      ("name ~ ärger", ["ÄRGER"]), ("name like 'ä*R'", ["ÄRGER"]), ("name ~ STRASSE", ["Straße"]),
      ("name ~ 'stra?e'", []),
      ("name ~ οδος", ["ΟΔΟΣ"]), ("name ~ ÉTÉ", ["e\u{301}t\u{E9}"]), ("name ~ '?T?'", ["e\u{301}t\u{E9}"]),
      ("name ~ '0%'", ["100%"]),
      (#"name = 'it\'s "it"'"#, [#"it's "it""#]), (#"name = "it's \"it\"""#, [#"it's "it""#]),
      (#"name = 'back\slash'"#, [#"back\slash"#]), (#"name = 'back\\slash'"#, [#"back\slash"#]),
      (#"name in ("it's \"it\"", 'a1b')"#, ["a1b", #"it's "it""#]),
    ])
  func patterns(_ condition: String, _ expected: [String]) throws {
    let scratch = try Scratch()
    let store = try scratch.store()
    for name in Self.odd { try store.begin(NewRun(name: name, recipeYAML: "")).finish(.completed) }
    for store in [store, try scratch.store(.readOnly)] {
      #expect(try store.runs(RunQuery(where: condition, sort: ["name"])).map(\.name) == expected, "\(condition)")
    }
  }

  @Test func seedsHaveNoSign() throws {
    let scratch = try Scratch()
    let store = try scratch.store()
    let seeds: [UInt64] = [0, 5, 1 << 63 - 1, 1 << 63, .max - 1, .max]
    for seed in seeds.reversed() { try store.begin(NewRun(recipeYAML: "", seed: seed)).finish(.completed) }
    func found(_ condition: String) throws -> [UInt64] {
      try store.runs(RunQuery(where: condition, sort: ["seed"])).map(\.seed)
    }
    #expect(try found("seed >= 0") == seeds)
    #expect(try store.runs(RunQuery(sort: ["-seed"])).map(\.seed) == seeds.reversed())
    for bound in seeds {
      #expect(try found("seed < \(bound)") == seeds.filter { $0 < bound })
      #expect(try found("seed <= \(bound)") == seeds.filter { $0 <= bound })
      #expect(try found("seed > \(bound)") == seeds.filter { $0 > bound })
      #expect(try found("seed in (\(bound), 7)") == [bound])
    }
    #expect(try found("seed = 5e0") == [5])
    let listed = try store.list(RunQuery(sort: ["-seed"], limit: 1, columns: ["seed"])).rows
    #expect(listed == [[.unsigned(.max)]])
    for value in ["-1", "1.5", "18446744073709551616", "x"] {
      let error = storeError { _ = try found("seed = \(value)") }
      #expect(
        error?.message.contains("'seed' is a whole number from 0 to 18446744073709551615, and '\(value)' is not")
          == true)
    }
    #expect(try found("epochs < 18446744073709551615") == seeds, "other numbers are not seeds")
    #expect(try found("steps > 9223372036854775808").isEmpty)
  }

  @Test func largeArgumentsKeepTheirDigits() throws {
    let scratch = try Scratch()
    let store = try scratch.store()
    for value in ["9007199254740992", "9007199254740993", "18446744073709551615"] {
      let component = ComponentArgument(
        kind: "dataset", path: "dataset", part: "shapes", argument: "seed", value: value)
      try store.begin(NewRun(name: value, recipeYAML: "", components: [component])).finish(.completed)
    }
    for value in ["9007199254740992", "9007199254740993", "18446744073709551615"] {
      #expect(try store.runs(RunQuery(where: "dataset.seed = \(value)")).map(\.name) == [value])
    }
    #expect(try store.runs(RunQuery(where: "dataset.seed in (9007199254740993, 1)")).count == 1)
  }

  /// A run that began at 10:30:05.25 of the last day of a year, in the time of this machine.
  @Test func aDateIsAllThatItNames() throws {
    let scratch = try Scratch()
    let store = try scratch.store()
    try store.begin(NewRun(recipeYAML: "")).finish(.completed)
    try store.close()
    var components = DateComponents(year: 2025, month: 12, day: 31, hour: 10, minute: 30, second: 5)
    components.timeZone = .current
    let created = try #require(Calendar(identifier: .gregorian).date(from: components)).addingTimeInterval(0.25)
    try scratch.tamper("UPDATE runs SET created = ?", [created.timeIntervalSince1970])
    let reader = try scratch.store(.readOnly)
    let printed = created.formatted(.iso8601)
    let east = created.formatted(
      .iso8601.year().month().day().dateTimeSeparator(.standard).time(includingFractionalSeconds: false).timeZone(
        separator: .colon))
    let same = [
      "2025-12-31", "2025-12-31T10:30", "'2025-12-31 10:30:05'", "2025-12-31T10:30:05.2", printed, printed.lowercased(),
      printed.replacing("Z", with: "+00:00"), east,
    ]
    for date in same {
      for (relation, holds) in ["=": true, "!=": false, "<": false, "<=": true, ">": false, ">=": true] {
        #expect(
          try !reader.runs(RunQuery(where: "created \(relation) \(date)")).isEmpty == holds, "\(relation) \(date)")
      }
      #expect(try reader.runs(RunQuery(where: "created in (2001-01-01, \(date))")).count == 1)
    }
    let dates = (0..<3000).map { "20\(10 + $0 % 90)-0\(1 + $0 % 9)-1\($0 % 10)" } + ["2025-12-31"]
    #expect(try reader.runs(RunQuery(where: "created in (\(dates.joined(separator: ", ")))")).count == 1)
    for date in ["2025-12-30", "2025-12-31T10:29", "'2025-12-31 10:30:04'", "2025-12-31T10:30:05.1"] {
      #expect(try reader.runs(RunQuery(where: "created > \(date) and created != \(date)")).count == 1, "\(date)")
    }
    for date in ["2025-13-01", "2025-12-32", "2025-12-31T25:00", "2025-12-31Z", "2025-12-31T10:30:05+1"] {
      #expect(
        storeError { _ = try reader.runs(RunQuery(where: "created = \(date)")) }?.message.contains("is a date") == true)
    }
  }
}
