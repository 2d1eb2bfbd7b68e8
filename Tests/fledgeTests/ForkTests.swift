import Testing

/// What resuming with changes leaves behind, and forking, as a user sees them.
@Suite struct ForkTests {
  private struct Shown: Decodable {
    struct Change: Decodable, Equatable {
      let step: Int
      let path: String
      let old: String
      let new: String
    }
    struct Origin: Decodable, Equatable {
      let run: String
      let step: Int
    }

    let id: String
    let name: String?
    let origin: Origin?
    let changes: [Change]
    let recipe: String
  }

  @Test func changesAreShownAndWhatAltersThePastIsForked() async throws {
    let program = try Program()
    defer { program.remove() }
    let store = ["--store", "s.sqlite"]
    let recipe = [
      "--dataset", "synthetic([4], count: 40)", "--model", "dense(8), relu, dense(10)", "--batch", "9",
      "--epochs", "2", "--name", "first",
    ]
    _ = try await program.succeed(["train", "--quiet"] + store + recipe)
    _ = try await program.succeed(
      ["resume", "first", "--set", "epochs=4", "--set", "optimizer.rate=0.0001", "--quiet"] + store)
    let text = try await program.succeed(["show", "first"] + store).output
    #expect(text.contains("changed after step") && text.contains("optimizer.rate  0.001  0.0001"), "\(text)")
    let shown = try await program.succeed(["show", "first", "--json"] + store).json(Shown.self)
    #expect(
      shown.changes == [
        .init(step: 8, path: "optimizer.rate", old: "0.001", new: "0.0001"),
        .init(step: 8, path: "epochs", old: "2", new: "4"),
      ])
    #expect(shown.origin == nil && shown.recipe.contains("epochs: 4"))

    let refused = try await program.run(["resume", "first", "--set", "optimizer=sgd(0.5)", "--set", "seed=99"] + store)
    #expect(refused.code == 1 && refused.errors.contains("fledge fork"), "\(refused)")
    let fork = ["fork", "first", "--set", "optimizer=sgd(0.5)", "--set", "seed=99", "--set", "epochs=5"]
    _ = try await program.succeed(fork + ["--name", "second", "--quiet"] + store)
    let second = try await program.succeed(["show", "second", "--json"] + store).json(Shown.self)
    #expect(second.origin == .init(run: shown.id, step: 16) && second.changes.isEmpty)
    let found = try await program.succeed(["runs", "--where", "origin = \(shown.id)", "--columns", "name"] + store)
    #expect(found.output.contains("second") && !found.output.contains("first"))
  }
}
