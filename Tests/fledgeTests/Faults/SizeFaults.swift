import Testing

/// Numbers that no memory holds: one message that names what asks for them, and nothing is begun.
@Suite struct SizeFaults {
  private static let greatest = "9223372036854775807"
  private static let images = ["--dataset", "synthetic(shape: [1, 8, 8], count: 64)"]

  private static let refusals: [(arguments: [String], code: Int32, parts: [String])] = [
    (
      ["--model", "dense(1000000000000)"], 1, ["'units' of dense must be above 0 and at most 1048576", "1000000000000"]
    ),
    (images + ["--model", "conv(2147483647)"], 1, ["'filters' of conv must be", "at most 1048576"]),
    (["--model", "repeat(1000000, dense(3))"], 1, ["'count' of repeat must be", "at most 1000"]),
    (
      ["--model", "repeat(1000, repeat(1000, repeat(1000, dense(3))))"], 1,
      ["layer 0.0", "repeat(1000, dense(3))", "more than 16384 parts", "use fewer layers or repetitions"]
    ),
    (["--model", "repeat(1000, repeat(1000, repeat(1000, relu))), dense(3)"], 1, ["more than 16384 parts"]),
    (
      ["--model", "repeat(1000, repeat(4, dense(16), relu)), dense(3)", "--epochs", "1"], 1,
      ["more than", "use fewer layers or repetitions"]
    ),
    (
      ["--model", "dense(1048576), dense(1048576), dense(3)"], 1,
      [
        "layer 1, dense(1048576)", "its parameters and results take", "TB", "the training step needs",
        "use smaller layers",
      ]
    ),
    (
      images + ["--model", "zero-pad(4096), conv(1048576, kernel: 4096)"], 1,
      ["layer 1, conv(1048576, kernel: 4096)", "'1.weight' would have shape", "at most 2⁴⁰ numbers"]
    ),
    (["--batch", greatest], 1, ["a batch of \(greatest) is more than the 36 training examples", "--batch 36"]),
    (["--epochs", greatest], 1, ["\(greatest) epochs of 9 steps are more than", "use fewer epochs"]),
    (["--threads", greatest], 1, ["threads", "0 to 1024"]),
    (["--dataset", "synthetic(shape: 4, count: \(greatest))"], 1, ["'count' of synthetic must be 1 to 10000000"]),
    (
      ["--dataset", "synthetic(shape: [\(greatest), \(greatest)])"], 1,
      ["examples of shape [1024, \(greatest), \(greatest)]", "2⁴⁰ numbers", "use a smaller count or shape"]
    ),
    (
      ["--dataset", "synthetic(shape: [4096, 4096], count: 60000)"], 1,
      ["holding examples of shape [60000, 4096, 4096] needs 4.0 TB of memory", "use a smaller count or shape"]
    ),
    (["--repeats", greatest], 64, ["--repeats", "1 to 1000"]),
  ]

  @Test("sizes in a recipe", arguments: refusals)
  func refused(_ arguments: [String], _ code: Int32, _ parts: [String]) async throws {
    let bench = try await FaultBench()
    defer { bench.program.remove() }
    try await bench.refuses(bench.train(["--quiet"] + arguments), code: code, saying: parts)
    #expect(try await bench.runs().count == 1, "a run was begun")
  }

  /// The limit of the shell stands for a machine with little memory.
  @Test func aStepThatDoesNotFitIntoMemory() async throws {
    let bench = try await FaultBench()
    defer { bench.program.remove() }
    try await bench.refuses(
      bench.train(["--quiet", "--model", "dense(20000), dense(20000), dense(3)"]),
      through: ["bash", "-c", "ulimit -v 3000000; exec \"$0\" \"$@\""],
      saying: ["layer 1, dense(20000): its parameters and results take", "GB are left; use smaller layers"])
  }

  @Test func intervalsOfAnyLength() async throws {
    let bench = try await FaultBench()
    defer { bench.program.remove() }
    let arguments = [
      "--log-every", Self.greatest, "--checkpoint-every", Self.greatest, "--seed", "18446744073709551615",
    ]
    _ = try await bench.program.succeed(bench.train(["--quiet", "--epochs", "1"] + arguments))
  }

  @Test func stepsAndInputsOfBenchmarks() async throws {
    let program = try Program()
    defer { program.remove() }
    let step = ["--model", "flatten, dense(3)", "--input"]
    try await program.fail(
      ["bench", "--steps", Self.greatest, "--input", "4"], code: 64, saying: ["--steps", "at most"])
    try await program.fail(["plan", "--input", "\(Self.greatest)x2x2"] + step.dropLast(), saying: ["2⁴⁰ numbers"])
    try await program.fail(
      ["plan", "--batch", Self.greatest] + step + ["4"], saying: ["'count' of synthetic must be 1 to 10000000"])
  }

  @Test func imagesToPredictThatAreOnlyAnnounced() async throws {
    let trained = try await TrainedStore.program
    let program = try Program()
    defer { program.remove() }
    let header: [UInt32] = [0x803, .max, 65_536, 65_536]
    try program.write(header.flatMap { number in withUnsafeBytes(of: number.bigEndian) { Array($0) } }, to: "images")
    try await program.fail(
      ["predict", "first", "images", "--store", trained.path("fledge.sqlite")],
      saying: ["the header announces 4294967295 images"])
  }
}
