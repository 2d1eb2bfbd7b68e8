import Foundation
import Testing

@Suite struct BenchTests {
  private struct Report: Decodable {
    struct Part: Decodable {
      let kind: String
      let ms: Double
      let share: Double
    }
    let medianMs: Double
    let p10Ms: Double
    let p90Ms: Double
    let steps: Int
    let batch: Int
    let parameters: Int
    let examplesPerSecond: Double
    let floatingPointOperations: Double
    let gflops: Double
    let peakGflops: Double
    let shareOfPeak: Double
    let floorMs: Double
    let secondsToFirstStep: Double
    let peakMemoryBytes: Int
    let kinds: [Part]
    let kernels: [Part]
  }

  private struct Plan: Decodable {
    struct Kernel: Decodable {
      let kernel: String
      let kind: String
      let bytes: Int
      let floorMs: Double
    }
    let batch: Int
    let bytes: Int
    let floorMs: Double
    let kernels: [Kernel]
  }

  private static let small = [
    "--input", "6x5x1", "--model", "flatten, dense(8), relu, dense(10)", "--loss", "softmax-cross-entropy",
    "--optimizer", "adam", "--batch", "16",
  ]

  @Test func everyFigureOfAStep() async throws {
    let report = try await Program().succeed(["bench", "--steps", "5", "--json"] + Self.small).snakeCased(Report.self)
    #expect(report.steps == 5 && report.batch == 16)
    #expect(report.parameters == 31 * 8 + 9 * 10)
    #expect(report.p10Ms <= report.medianMs && report.medianMs <= report.p90Ms)
    #expect(abs(report.examplesPerSecond * report.medianMs / 16_000 - 1) < 1e-9)
    #expect(report.floatingPointOperations == 2 * 16 * (2 * 240 + 3 * 80))
    #expect(abs(report.gflops * report.medianMs * 1e6 / report.floatingPointOperations - 1) < 1e-9)
    #expect(abs(report.shareOfPeak * report.peakGflops / report.gflops - 1) < 1e-9)
    #expect(report.floorMs > 0 && report.secondsToFirstStep > 0 && report.peakMemoryBytes > 1_000_000)
    #expect(report.kinds.isEmpty && report.kernels.isEmpty, "without --profile")
  }

  @Test func profileIsSortedByTime() async throws {
    let report = try await Program().succeed(["bench", "--steps", "3", "--profile", "--json"] + Self.small)
      .snakeCased(Report.self)
    for parts in [report.kinds, report.kernels] {
      #expect(!parts.isEmpty && parts.map(\.ms) == parts.map(\.ms).sorted(by: >))
      #expect(parts.reduce(0) { $0 + $1.share } <= 1 + 1e-9)
    }
    #expect(Set(report.kinds.map(\.kind)) == Set(report.kernels.map(\.kind)))
    #expect(report.kinds.contains { $0.kind == "matmul" })
  }

  @Test func text() async throws {
    let text = try await Program().succeed(["bench", "--steps", "3", "--profile"] + Self.small).output
    for part in [
      "ms median of 3", "from the 10th to the 90th percentile", "examples/s", "GFLOP/s", "% of the", "first step",
      "MB at most",
      "floor", "kernels  kind", "matmul", "update", "outside of kernels",
    ] {
      #expect(text.contains(part), "'\(part)' in\n\(text)")
    }
  }

  @Test func recipeFromAFile() async throws {
    let program = try Program()
    try program.write("dataset: synthetic([6])\nmodel: dense(4), relu, dense(10)\noptimizer: sgd\n", to: "step.yaml")
    let report = try await program.succeed(["bench", "step.yaml", "--batch", "32", "--steps", "1", "--json"])
      .snakeCased(Report.self)
    #expect(report.batch == 32 && report.steps == 1 && report.parameters == 7 * 4 + 5 * 10)
    let wider = try await program.succeed([
      "bench", "step.yaml", "--input", "3x2x2", "--steps", "1", "--json", "--set", "model=flatten, dense(10)",
    ])
    .snakeCased(Report.self)
    #expect(wider.batch == 128 && wider.parameters == 13 * 10)
  }

  /// A loss of numbers has the inputs for targets, as an autoencoder's.
  @Test func lossOfNumbers() async throws {
    let words = [
      "--input", "12", "--model", "dense(3), relu, dense(12)", "--loss", "mean-squared-error", "--steps", "1",
    ]
    let report = try await Program().succeed(["bench", "--json"] + words).snakeCased(Report.self)
    #expect(report.parameters == 13 * 3 + 4 * 12)
  }

  @Test func planSaysWhatKernelsCost() async throws {
    let plan = try await Program().succeed(["plan", "--json"] + Self.small).snakeCased(Plan.self)
    #expect(plan.batch == 16 && plan.bytes == plan.kernels.reduce(0) { $0 + $1.bytes })
    #expect(abs(plan.kernels.reduce(0) { $0 + $1.floorMs } / plan.floorMs - 1) < 1e-9)
    #expect(plan.kernels.count { $0.kind == "matmul" } == 5, "\(plan.kernels)")
    let text = try await Program().succeed(["plan"] + Self.small).output
    for part in ["floor ms", "GFLOP", "= matmul", "arena", "predicted floor"] {
      #expect(text.contains(part), "'\(part)' in\n\(text)")
    }
  }

  @Test func whatDoesNotFit() async throws {
    let program = try Program()
    try await program.fail(["bench", "--input", "28x"], code: 64, saying: ["--input", "'28x'"])
    try await program.fail(["bench", "--classes", "3"], code: 64, saying: ["--classes", "--input"])
    try await program.fail(["bench", "--steps", "0"], code: 64, saying: ["--steps", "at least 1"])
    try await program.fail(["bench", "a.yaml", "--recipe", "b.yaml"], code: 64, saying: ["twice"])
    try await program.fail(["bench", "--model", "dense(3)"], saying: ["'dataset' must be given"])
    try await program.fail(["plan", "--input", "4", "--model", "dense(3)", "--loss", "soft"], saying: ["'soft'"])
  }
}

extension Program.Outcome {
  /// What was printed, read as JSON whose members are named like `median_ms`.
  fileprivate func snakeCased<Value: Decodable>(_ type: Value.Type) throws -> Value {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return try decoder.decode(type, from: Data(output.utf8))
  }
}
