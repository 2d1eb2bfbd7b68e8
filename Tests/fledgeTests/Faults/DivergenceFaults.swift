import Testing

@Suite struct DivergenceFaults {
  private struct Checkpoint: Decodable {
    let step: Int
  }

  /// A rate of 200 overflows after some steps; those saved before are good ones.
  @Test func lossThatIsNotFinite() async throws {
    let bench = try await FaultBench()
    defer { bench.program.remove() }
    let message = try await bench.refuses(
      bench.train([
        "--quiet", "--name", "wild", "--model", "dense(4), dense(3)", "--optimizer", "sgd(200)", "--checkpoint-every",
        "1",
      ]),
      saying: [
        "error: step ", " (epoch 2): the loss is not a finite number",
        "the first layer with such a number is 1, dense(3)",
        "lower learning rate", "The checkpoint of step ", "is kept", "fledge resume",
      ])
    let run = try #require(try await bench.runs().first { $0.name == "wild" })
    #expect(run.status == "failed")
    let steps = try await bench.program.succeed(["checkpoints", "wild", "--json"]).json([Checkpoint].self).map(\.step)
    let last = try #require(steps.last)
    #expect(message.contains("The checkpoint of step \(last) is kept"), "\(message), kept \(steps)")
    #expect(message.contains("step \(last + 1) "), "\(message), kept \(steps)")
    #expect(try await finite(bench, "wild"))
    #expect(try await bench.program.succeed(["show", "wild"]).output.contains("not a finite number"))
    // The same again from there, and nothing else.
    try await bench.refuses(["resume", "wild", "--quiet"], saying: ["step \(last + 1) ", "not a finite number"])
  }

  /// The loss is finite, the update is not: such parameters are not kept, and a run that ends with them has failed.
  @Test("update that is not finite", arguments: [["--checkpoint-every", "1"], ["--batch", "36", "--epochs", "1"]])
  func updateThatIsNotFinite(_ arguments: [String]) async throws {
    let bench = try await FaultBench()
    defer { bench.program.remove() }
    try await bench.refuses(
      bench.train(["--quiet", "--name", "wild", "--optimizer", "sgd(1e200)"] + arguments),
      saying: [
        "error: step 1 (epoch 1): its update made parameter '0.weight' and ", "not finite", "layer", "0, dense(4)",
        "There is no checkpoint yet",
      ])
    #expect(try await bench.runs().first { $0.name == "wild" }?.status == "failed")
    #expect(try await bench.program.succeed(["checkpoints", "wild", "--json"]).output == "[]\n")
  }

  /// A sound run goes on with a rate that ruins it: the checkpoint of before is kept, and goes on with another.
  @Test func theLastGoodCheckpointGoesOn() async throws {
    let bench = try await FaultBench()
    defer { bench.program.remove() }
    let sound = try await bench.weights("before")
    let resume = ["resume", "before", "--quiet", "--set", "epochs=4", "--set"]
    let outcome = try await bench.program.run(resume + ["optimizer.rate=1e36"])
    #expect(outcome.code == 1, "\(outcome)")
    #expect(
      outcome.errors.contains("(epoch 3): ") && outcome.errors.contains("The checkpoint of step 18 is kept"),
      "\(outcome)")
    #expect(try await bench.weights("before") == sound)
    _ = try await bench.program.succeed(resume + ["optimizer.rate=0.01"])
    #expect(try await bench.runs().map(\.epochs) == [4])
    #expect(try await finite(bench, "before"))
  }

  private func finite(_ bench: FaultBench, _ run: String) async throws -> Bool {
    let bytes = try await bench.weights(run)
    let header = bytes.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
    let data = Array(bytes.dropFirst(8 + header))
    return stride(from: 0, to: data.count, by: 4).allSatisfy { start in
      let bits = (0..<4).reduce(UInt32(0)) { $0 | UInt32(data[start + $1]) << UInt32(8 * $1) }
      return Float(bitPattern: bits).isFinite
    }
  }
}
