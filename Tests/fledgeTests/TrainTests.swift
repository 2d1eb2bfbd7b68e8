import Foundation
import Subprocess
import Testing

@Suite struct TrainTests {
  private struct Event: Decodable {
    let event: String
    let run: String?
    let status: String?
    let step: Int?
    let loss: Double?
    let figures: [String: Double]?
  }

  @Test func progressAndSummary() async throws {
    let program = try Program()
    defer { program.remove() }
    let outcome = try await program.succeed(["train", "--name", "seen"] + TrainedStore.recipe)
    let notes = outcome.errors.split(separator: "\n")
    #expect(notes.count == 5, "\(outcome.errors)")
    #expect(notes.first?.contains("(seen): 36 train + 4 validation + 20 test examples") == true, "\(outcome.errors)")
    #expect(notes.dropFirst().first?.hasPrefix("epoch 1/2  loss ") == true, "\(outcome.errors)")
    #expect(notes.last?.hasPrefix("completed after 4 steps") == true, "\(outcome.errors)")
    for expected in ["(seen)", "completed", "2 epochs, 4 steps", "test.accuracy", "validation.loss", "└"] {
      #expect(outcome.output.contains(expected), "no '\(expected)' in \(outcome.output)")
    }
    #expect(!outcome.output.contains("\u{1B}") && !outcome.errors.contains("\u{1B}"), "escapes without a terminal")
  }

  @Test func quietPrintsTheRunAlone() async throws {
    let program = try Program()
    defer { program.remove() }
    let outcome = try await program.succeed(["train", "--quiet"] + TrainedStore.recipe)
    #expect(outcome.errors.isEmpty)
    #expect(outcome.output.wholeMatch(of: /[0-9a-z]{10}\n/) != nil, "\(outcome.output)")
  }

  @Test func eventsAsJSONLines() async throws {
    let program = try Program()
    defer { program.remove() }
    let events = try await program.succeed(["train", "--json", "--log-every", "2"] + TrainedStore.recipe)
      .lines(Event.self)
    #expect(events.first?.event == "started" && events.last?.event == "finished")
    #expect(events.filter { $0.event == "step" }.map(\.step) == [2, 4])
    #expect(events.count { $0.event == "epoch" } == 2)
    #expect(events.last?.status == "completed" && events.last?.run == events.first?.run)
    #expect(events.last?.figures?["test.loss"]?.isFinite == true)
  }

  @Test func storeOptionWinsOverTheEnvironment() async throws {
    let program = try Program()
    defer { program.remove() }
    let train = ["train", "--quiet"] + TrainedStore.recipe
    let named = try await program.run(train, environment: ["FLEDGE_STORE": "named.sqlite"])
    #expect(named.code == 0, "\(named.errors)")
    let given = try await program.run(
      train + ["--store", "given.sqlite"], environment: ["FLEDGE_STORE": "other.sqlite"])
    #expect(given.code == 0, "\(given.errors)")
    let files = try FileManager.default.contentsOfDirectory(atPath: program.folder)
    #expect(files.filter { $0.hasSuffix(".sqlite") }.sorted() == ["given.sqlite", "named.sqlite"])
  }

  @Test func fileThenFlagsThenSet() async throws {
    struct Run: Decodable {
      let epochs: Int
      let rate: Double
      let name: String

      enum CodingKeys: String, CodingKey {
        case epochs, name
        case rate = "optimizer.rate"
      }
    }
    let program = try Program()
    defer { program.remove() }
    try program.write(
      """
      dataset: 'shapes(count: 40, test: 20)'
      model: average-pool(16), flatten, dense(10)
      backend: reference
      batch: 18
      epochs: 5
      name: file
      """, to: "recipe.yaml")
    _ = try await program.succeed([
      "train", "--quiet", "--recipe", "recipe.yaml", "--epochs", "3", "--set", "epochs=2", "--set", "epochs=1", "--set",
      "optimizer.rate=0.125",
    ])
    let runs = try await program.succeed(["runs", "--json", "--columns", "epochs,optimizer.rate,name"]).json([Run].self)
    #expect(runs.map(\.epochs) == [1] && runs.map(\.rate) == [0.125] && runs.map(\.name) == ["file"])
  }

  private static let faults: [(arguments: [String], parts: [String])] = [
    ([], ["'dataset' must be given"]),
    (["--dataset", "shapess"], ["--dataset, column 1", "did you mean 'shapes'?"]),
    (["--model", "flatten, dens(10)"], ["--model, column 10", "no layer 'dens'", "did you mean 'dense'?"]),
    (["--model", "flatten, dense(10"], ["--model, column 15", "never closed"]),
    (["--model", "adam"], ["'adam' is an optimizer"]),
    (["--model", "dense(10)"], ["layer 0, dense(10)", "[18, 3, 32, 32]", "flatten"]),
    (["--model", "flatten, dense(9)"], ["9 outputs", "10 classes"]),
    (["--optimizer", "adam(rate: -1)"], ["--optimizer, column 12", "must be at least 0", "not -1"]),
    (["--optimizer", "adam(rate: fast)"], ["'rate' of adam is a number, not fast"]),
    (["--epochs", "0"], ["--epochs", "at least 1", "'0'"]),
    (["--epochs", "-1"], ["--epochs", "at least 1", "'-1'"]),
    (["--batch", "many"], ["--batch", "a whole number", "'many'"]),
    (["--batch", "1000"], ["batch of 1000", "36 training examples"]),
    (["--validation", "1.5"], ["--validation", "'1.5'"]),
    (["--backend", "refrence"], ["--backend", "did you mean 'reference'?"]),
    (["--set", "optimizer"], ["--set", "key=value"]),
    (["--set", "optimiser.rate=1"], ["no key 'optimiser'", "did you mean 'optimizer'?"]),
    (["--set", "optimizer.rat=1"], ["no parameter 'rat'", "did you mean 'rate'?"]),
    (["--recipe", "none.yaml"], ["none.yaml", "no such file"]),
    (["--recipe", "bad.yaml"], ["bad.yaml, line 2", "no key 'modl'", "did you mean 'model'?"]),
    (["--initial-weights", "none.safetensors"], ["none.safetensors"]),
    (["--store", "folder"], ["folder", "it is a folder"]),
    (["--store", "text.sqlite"], ["text.sqlite", "not an SQLite database"]),
    (["--name", "last"], ["'last' cannot name a run"]),
  ]

  @Test("refuses", arguments: faults) func refuses(_ arguments: [String], _ parts: [String]) async throws {
    let program = try Program()
    defer { program.remove() }
    try program.write("epochs: 1\nmodl: dense(3)\n", to: "bad.yaml")
    try program.write(String(repeating: "no database ", count: 100), to: "text.sqlite")
    try FileManager.default.createDirectory(atPath: program.path("folder"), withIntermediateDirectories: true)
    let recipe = arguments.isEmpty ? [] : TrainedStore.recipe
    try await program.fail(["train", "--quiet"] + recipe + arguments, saying: parts)
  }
}
