import Experiments
import Foundation
import Testing

/// The query language: what matches, in which order, and what is said of mistakes.
@Suite struct QueryTests {
  /// Five runs that differ in one thing at least; `e` has neither optimizer nor metrics.
  func filled() throws -> (Scratch, ExperimentStore) {
    let scratch = try Scratch()
    let store = try scratch.store()
    let rows: [(name: String, optimizer: String?, rate: String, units: [Int], accuracy: Double?, tags: [String])] = [
      ("a", "adam", "1e-3", [128, 10], 0.95, ["good"]),
      ("b", "adam", "0.01", [256, 10], 0.85, []),
      ("c", "sgd", "0.1", [128], 0.92, ["good", "old one"]),
      ("d-wide", "rmsprop", "0.0005", [1024, 512], 0.5, []),
      ("e", nil, "", [], nil, []),
    ]
    for (index, row) in rows.enumerated() {
      var components = row.units.enumerated().map {
        ComponentArgument(kind: "model", path: "model.\($0)", part: "dense", argument: "units", value: "\($1)")
      }
      if let optimizer = row.optimizer {
        components += [
          ComponentArgument(kind: "optimizer", path: "optimizer", part: optimizer, argument: "rate", value: row.rate),
          ComponentArgument(
            kind: "optimizer", path: "optimizer", part: optimizer, argument: "nesterov", value: "\(optimizer == "sgd")"),
        ]
      }
      let recorder = try store.begin(
        NewRun(
          name: row.name, tags: row.tags, recipeYAML: "", components: components, seed: UInt64(index), threads: 2,
          backend: index == 1 ? "reference" : "cpu"))
      if let accuracy = row.accuracy {
        try recorder.record([
          MetricPoint(name: "validation.accuracy", step: 1, epoch: 1, value: 1 - accuracy),
          MetricPoint(name: "validation.accuracy", step: 2, epoch: 2, value: accuracy),
          MetricPoint(name: "validation.loss", step: 1, epoch: 1, value: 1 - accuracy),
          MetricPoint(name: "validation.loss", step: 2, epoch: 2, value: 2),
        ])
      }
      try recorder.finish(index == 3 ? .failed : .completed, epochs: index)
    }
    return (scratch, store)
  }

  private static let selections: [(expression: String, names: [String])] = [
    ("optimizer = adam", ["a", "b"]),
    ("optimizer = adam and validation.accuracy > 0.9", ["a"]),
    ("optimizer = adam or optimizer = sgd", ["a", "b", "c"]),
    ("optimizer = adam or optimizer = sgd and validation.accuracy < 0.9", ["a", "b"]),
    ("(optimizer = adam or optimizer = sgd) and validation.accuracy < 0.9", ["b"]),
    ("optimizer != adam", ["c", "d-wide", "e"]),
    ("not optimizer = adam", ["c", "d-wide", "e"]),
    ("NOT (optimizer = adam OR name = e)", ["c", "d-wide"]),
    ("optimizer ~ prop", ["d-wide"]),
    ("optimizer ~ '?d*m'", ["a", "b"]),
    ("optimizer.rate >= 0.01", ["b", "c"]),
    ("optimizer.rate = 0.001", ["a"]),
    ("optimizer.rate != 1e-3", ["b", "c", "d-wide", "e"]),
    ("optimizer.nesterov = true", ["c"]),
    ("optimizer.nesterov ~ RU", ["c"]),
    ("model.units = 128", ["a", "c"]),
    ("model.units != 128", ["b", "d-wide", "e"]),
    ("model.units > 200", ["b", "d-wide"]),
    ("validation.accuracy <= 0.85", ["b", "d-wide"]),
    ("not validation.accuracy <= 0.85", ["a", "c", "e"]),
    ("validation.accuracy != 0.5", ["a", "b", "c", "e"]),
    ("best(validation.accuracy) >= 0.5 and min(validation.accuracy) < 0.1", ["a", "c"]),
    ("best(validation.loss) < 0.1", ["a", "c"]),
    ("last(validation.loss) = 2", ["a", "b", "c", "d-wide"]),
    ("max(validation.loss) > 2", []),
    ("count(validation.loss) == 2", ["a", "b", "c", "d-wide"]),
    ("has tag good", ["a", "c"]),
    ("tag = 'old one'", ["c"]),
    ("tag != good", ["b", "d-wide", "e"]),
    ("tags ~ OLD", ["c"]),
    ("status = failed", ["d-wide"]),
    ("status != completed", ["d-wide"]),
    ("name ~ wide", ["d-wide"]),
    ("name ~ [a-c]*", []),
    ("name like 'D-*' or name LIKE b", ["b", "d-wide"]),
    ("name not like 'd-*' and optimizer is not missing", ["a", "b", "c"]),
    ("optimizer in (adam, 'sgd')", ["a", "b", "c"]),
    ("optimizer not in (adam,sgd)", ["d-wide", "e"]),
    ("tag in ('old one', x)", ["c"]),
    ("name in (a, b) or (status in (failed, running) and not (epochs in (1, 2)))", ["a", "b", "d-wide"]),
    ("optimizer.rate in (1e-3, 0.1, fast)", ["a", "c"]),
    ("model.units in (1024, 256) and seed in (1, 18446744073709551615)", ["b"]),
    ("validation.accuracy in (0.5, 0.92)", ["c", "d-wide"]),
    ("created in (2025-01-01, 2025-01-02)", []),
    ("\"name\" = \"a\"", ["a"]),
    ("seed >= 3", ["d-wide", "e"]),
    ("epochs<2", ["a", "b"]),
    ("steps = 2", ["a", "b", "c", "d-wide"]),
    ("backend = reference", ["b"]),
    ("threads = 2 and memory > 1e6 and duration > 0", ["a", "b", "c", "d-wide", "e"]),
    ("created > 2025-01-01 and finished > 2025-01-01T10:30", ["a", "b", "c", "d-wide", "e"]),
    ("created < '2025-01-01 10:30:05'", []),
    ("name = \"x' OR 1=1 --\"", []),
    ("name = '); DROP TABLE runs; --'", []),
  ]

  /// What every kind of column says of `e`, a run without the value, and of one that nobody has.
  private static let nothings = [
    ("optimizer", "adam"), ("optimizer.rate", "0.001"), ("optimizer.nesterov", "true"), ("tag", "good"),
    ("validation.accuracy", "0.95"), ("best(validation.loss)", "0.05"), ("group", "base"), ("member", "1"),
    ("reason", "none"), ("revision", "abc"), ("preprocess", "scale"), ("fold", "1"),
  ]

  @Test("a run without a value", arguments: nothings) func nothing(_ column: String, _ value: String) throws {
    let (_, store) = try filled()
    func finds(_ test: String) throws -> Bool {
      let query = RunQuery(where: "name = e and \(column) \(test)", knownColumns: ["preprocess", "fold"])
      return try !store.runs(query).isEmpty
    }
    for test in ["= \(value)", "in (\(value), 2)", "is not missing"] { #expect(try !finds(test), "\(column) \(test)") }
    for test in ["!= \(value)", "not in (\(value), 2)", "is missing"] { #expect(try finds(test), "\(column) \(test)") }
    #expect(
      try store.runs(RunQuery(where: "not \(column) != \(value)", knownColumns: ["preprocess", "fold"])).map(\.name)
        == store.runs(RunQuery(where: "\(column) = \(value)", knownColumns: ["preprocess", "fold"])).map(\.name))
  }

  @Test func expressionsSelect() throws {
    let (_, store) = try filled()
    for (expression, names) in Self.selections {
      let found = try store.runs(RunQuery(where: expression)).compactMap(\.name).sorted()
      #expect(found == names, "\(expression)")
      let listed = try store.list(RunQuery(where: expression, sort: ["name"], columns: ["name"])).rows
      #expect(listed == names.map { [.text($0)] }, "\(expression)")
    }
  }

  @Test(arguments: [
    (["-validation.accuracy"], ["a", "c", "b", "d-wide", "e"]),
    (["validation.accuracy"], ["d-wide", "b", "c", "a", "e"]),
    (["optimizer", "-optimizer.rate"], ["b", "a", "d-wide", "c", "e"]), ([], ["e", "d-wide", "c", "b", "a"]),
    (["created"], ["a", "b", "c", "d-wide", "e"]),
    (["-best(validation.loss)", "name"], ["d-wide", "b", "c", "a", "e"]),
    (["status", "-name"], ["e", "c", "b", "a", "d-wide"]),
  ])
  func sorting(_ keys: [String], _ names: [String]) throws {
    let (_, store) = try filled()
    #expect(try store.runs(RunQuery(sort: keys)).compactMap(\.name) == names)
    #expect(
      try store.list(RunQuery(sort: keys, limit: 2, columns: ["name"])).rows == names.prefix(2).map { [.text($0)] })
  }

  @Test func listingsHaveTheColumnsAskedFor() throws {
    let (_, store) = try filled()
    let columns = [
      "name", "tag", "optimizer", "optimizer.rate", "model", "model.units", "validation.accuracy",
      "best(validation.loss)", "epochs", "optimizer.nesterov",
    ]
    let listing = try store.list(RunQuery(where: "name = c or name = b or name = e", sort: ["name"], columns: columns))
    #expect(listing.columns == columns)
    #expect(
      listing.rows[0][0...5] == [.text("b"), .none, .text("adam"), .number(0.01), .text("dense"), .text("256, 10")])
    #expect(
      listing.rows[1] == [
        .text("c"), .text("good, old one"), .text("sgd"), .number(0.1), .text("dense"), .number(128), .number(0.92),
        .number(1 - 0.92), .integer(2), .text("true"),
      ])
    #expect(listing.rows[2] == [.text("e"), .none, .none, .none, .none, .none, .none, .none, .integer(4), .none])
    guard case .date? = try store.list(RunQuery(columns: ["created"])).rows.first?.first else {
      Issue.record("created is not a date")
      return
    }
  }

  @Test func longExpressionsAreRefusedAndNotCrashedOn() throws {
    let (_, store) = try filled()
    let long = Array(repeating: "seed = 1", count: 201).joined(separator: " or ")
    let rejected: [(String, QueryError.Problem, Int)] = [
      (String(repeating: "(", count: 100_000), .tooDeep(limit: 20), 21),
      (String(repeating: "not ", count: 100_000), .tooDeep(limit: 20), 84),
      (long, .tooLong(limit: 200), 2400),
    ]
    for (expression, problem, place) in rejected {
      let thrown = storeError { _ = try store.runs(RunQuery(where: expression)) }
      guard case .invalidQuery(let error)? = thrown?.code else {
        Issue.record("no query error of \(problem): \(String(describing: thrown))")
        continue
      }
      #expect(error.problem == problem)
      #expect(error.place.lowerBound == place)
    }
    let listed = storeError {
      _ = try store.runs(RunQuery(where: "seed in (\(Array(repeating: "1", count: 10_001).joined(separator: ",")))"))
    }
    #expect(listed?.message.contains("at most 10000 values") == true)
    let names = (0..<10_000).map { "x\($0)" }.dropLast() + ["a"]
    #expect(try store.runs(RunQuery(where: "name in (\(names.joined(separator: ",")))")).map(\.name) == ["a"])
    let longest = Array(repeating: "(validation.accuracy > 0.9)", count: 200).joined(separator: " and ")
    #expect(try store.runs(RunQuery(where: longest)).count == 2)
    let deepest = String(repeating: "not (", count: 10) + "optimizer.rate != 0.1" + String(repeating: ")", count: 10)
    #expect(try store.runs(RunQuery(where: deepest)).count == 4)
    let mixed =
      String(repeating: "(seed = 9 or name = x or ", count: 20) + "tag != good" + String(repeating: ")", count: 20)
    #expect(try store.runs(RunQuery(where: mixed)).count == 3)
  }

  @Test func thousandsOfColumnsAreRefused() throws {
    let (_, store) = try filled()
    let most = Array(repeating: "best(validation.loss)", count: 1000)
    #expect(try store.list(RunQuery(sort: most, limit: 1, columns: most)).rows[0].count == 1000)
    #expect(
      storeError { _ = try store.list(RunQuery(columns: most + ["id"])) }?.description
        == "columns: these are 1001 columns; at most 1000 can be asked for at once")
    #expect(
      storeError { _ = try store.list(RunQuery(sort: Array(repeating: "seed", count: 5000))) }?.description
        == "sort: these are 5000 columns; at most 1000 can be asked for at once")
  }

  @Test func anEmptyStoreHasEveryColumnAndKnownColumnsAreValid() throws {
    let scratch = try Scratch()
    let store = try scratch.store()
    let expression = "optimizer = adam and optimizer.rate > 1 and best(validation.accuracy) > 0.9"
    #expect(try store.list(RunQuery(where: expression)).rows.isEmpty)
    try store.begin(NewRun(recipeYAML: "")).finish(.completed)
    #expect(storeError { _ = try store.list(RunQuery(where: expression)) } != nil)
    let known = ["optimizer", "optimizer.rate", "validation.accuracy"]
    #expect(try store.list(RunQuery(where: expression, knownColumns: known)).rows.isEmpty)
    #expect(try store.list(RunQuery(where: "not (\(expression))", knownColumns: known)).rows.count == 1)
  }
}
