import Testing

@Suite struct CorruptionFaults {
  /// Checkpoints at steps 25 and 27, the latter the last and the best.
  private func bench() async throws -> FaultBench {
    let bench = try await FaultBench()
    _ = try await bench.program.succeed(
      bench.train(["--quiet", "--name", "hurt", "--epochs", "3", "--checkpoint-every", "5"]))
    return bench
  }

  private struct Checkpoint: Decodable {
    let step: Int
    let best: Bool
  }

  @Test("one byte", arguments: ["0.weight", "2.bias", "2.weight.exp_avg", nil])
  func oneByte(_ tensor: String?) async throws {
    let bench = try await bench()
    defer { bench.program.remove() }
    let whole = try await bench.weights("hurt")
    let earlier = try await bench.weights("hurt", checkpoint: "25")
    #expect(try SQLiteFile(path: bench.program.path("fledge.sqlite")).damage(tensor: tensor, step: 27) == 1)
    let parts = [
      tensor.map { "tensor '\($0)'" } ?? "the trainer's state", "checkpoint at step 27, is corrupted", "SHA-256",
      "the checkpoint at step 25 is intact: resume with --from 25, or read it with --checkpoint 25",
    ]
    for command in [
      ["resume", "hurt", "--set", "epochs=4"], ["evaluate", "hurt", "--checkpoint", "last"],
      ["export", "hurt", "--checkpoint", "last", "-o", "x.safetensors"],
      ["predict", "hurt", "--checkpoint", "last", "points.csv"],
    ] {
      try await bench.refuses(command, saying: parts)
    }
    let kept = try await bench.program.succeed(["checkpoints", "hurt", "--json"]).json([Checkpoint].self)
    #expect(kept.map(\.step) == [25, 27])
    #expect(try await bench.weights("hurt", checkpoint: "25") == earlier)
    _ = try await bench.program.succeed(["resume", "hurt", "--from", "25", "--quiet"])
    #expect(try await bench.weights("hurt") == whole)
  }

  @Test func everyCheckpoint() async throws {
    let bench = try await bench()
    defer { bench.program.remove() }
    let file = SQLiteFile(path: bench.program.path("fledge.sqlite"))
    for step in [25, 27] { #expect(try file.damage(tensor: "0.weight", step: step) == 1) }
    try await bench.refuses(
      ["evaluate", "hurt"], saying: ["tensor '0.weight'", "no other checkpoint of the run is intact: train it again"])
  }
}
