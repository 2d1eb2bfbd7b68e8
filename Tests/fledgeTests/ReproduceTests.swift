import Testing

@Suite struct ReproduceTests {
  private struct Answer: Decodable {
    struct Difference: Decodable, Equatable {
      let step: Int
      let figure: String?
      let stored: Double?
      let found: Double?
    }

    let step: Int
    let figures: Int
    let tensors: Int
    let reproduced: Bool
    let difference: Difference?
  }

  @Test func aRunIsReproducedAndAnAlteredOneIsNot() async throws {
    let program = try Program()
    defer { program.remove() }
    let recipe = [
      "--dataset", "synthetic([4], count: 40)", "--model", "dense(8), relu, dropout(0.3), dense(10)", "--batch", "9",
      "--epochs", "2",
    ]
    let train = ["train", "--quiet", "--set", "log-every=1", "--name", "twin", "--store", "s.sqlite"]
    _ = try await program.succeed(train + recipe)
    let text = try await program.succeed(["reproduce", "twin", "--store", "s.sqlite", "--quiet"])
    #expect(text.output.hasSuffix(" have the same bits at step 8\n") && text.errors.isEmpty, "\(text)")
    let answer = try await program.succeed(["reproduce", "last", "--store", "s.sqlite", "--json"]).json(Answer.self)
    #expect(answer.reproduced && answer.difference == nil)
    #expect(answer.step == 8 && answer.figures > 8 && answer.tensors > 4)

    let changed = try SQLiteFile(path: program.path("s.sqlite")).execute(
      "UPDATE metrics SET value = 2 * value WHERE name = 'train.loss' AND step >= 3")
    #expect(changed == 6)
    let altered = try await program.run(["reproduce", "last", "--store", "s.sqlite", "--quiet"])
    #expect(altered.code == 1 && altered.errors.isEmpty, "\(altered.errors)")
    #expect(altered.output.contains(" is not reproduced: it first differs at step 3, where train.loss was "))
    let outcome = try await program.run(["reproduce", "last", "--store", "s.sqlite", "--json", "--quiet"])
    let difference = try #require(try outcome.json(Answer.self).difference)
    #expect(outcome.code == 1 && difference.step == 3 && difference.figure == "train.loss")
    #expect(difference.stored == difference.found.map { 2 * $0 })
  }
}
