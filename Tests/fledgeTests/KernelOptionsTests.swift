import Foundation
import Subprocess
import Testing

/// What the command line says of kernels and how they are chosen.
@Suite struct KernelOptionsTests {
  private struct Plan: Decodable {
    struct Kernel: Decodable {
      let kernel: String

      /// How its algorithm, and then its layout, were chosen.
      var notes: [Substring] { kernel.matches(of: /\(([^)]*)\)/).map(\.1) }
    }

    let backend: String
    let precision: String
    let kernels: [Kernel]

    func contains(_ text: String) -> Bool { kernels.contains { $0.kernel.contains(text) } }
  }

  /// A product worth timing, and a 3×3 convolution.
  private static let recipe = [
    "--dataset", "synthetic([16, 16, 16], count: 64)", "--model", "conv(32), relu, flatten, dense(64), relu, dense(10)",
    "--batch", "32", "--threads", "2",
  ]

  private func plan(_ program: Program, _ arguments: [String]) async throws -> Plan {
    let outcome = try await program.succeed(["plan", "--json"] + Self.recipe + arguments)
    return try JSONDecoder().decode(Plan.self, from: Data(outcome.output.utf8))
  }

  @Test func whatAPlanTimedIsRememberedInTheStore() async throws {
    let program = try Program()
    defer { program.remove() }
    let first = try await plan(program, [])
    guard first.backend == "onednn" else { return }
    #expect(try FileManager.default.contentsOfDirectory(atPath: program.folder).isEmpty, "a plan makes no store")
    let timed = try await plan(program, ["--store", "s.sqlite"])
    #expect(!timed.contains("(remembered)"), "\(timed)")
    let remembered = try await plan(program, ["--store", "s.sqlite"])
    #expect(timed.kernels.count == remembered.kernels.count)
    #expect(timed.kernels.contains { !$0.notes.isEmpty })
    for (before, after) in zip(timed.kernels, remembered.kernels) {
      #expect(before.notes.count <= after.notes.count, "\(before) was followed by \(after)")
      // A kernel without a rival has no note when it is chosen, and one when it is remembered.
      for (was, now) in zip(before.notes, after.notes) where before.notes.count == after.notes.count {
        // On a busy machine a kernel may have no time, and is remembered all the same.
        #expect(now == (was.contains(" ms; ") ? "remembered" : "remembered, not timed"), "\(before), then \(after)")
      }
    }
    let again = try await plan(program, ["--store", "s.sqlite", "--retune"])
    #expect(!again.contains("(remembered)"), "\(again)")
    let exact = try await plan(program, ["--store", "s.sqlite", "--exact"])
    #expect(!exact.contains("wino"), "\(exact)")
  }

  @Test func aRunShowsItsKernels() async throws {
    struct Shown: Decodable {
      struct Kernel: Decodable {
        let operation: String
        let algorithm: String
      }
      let kernels: [Kernel]
    }
    let program = try Program()
    defer { program.remove() }
    _ = try await program.succeed(["train", "--quiet", "--epochs", "1"] + Self.recipe)
    let shown = try await program.succeed(["show", "last", "--json"]).json(Shown.self)
    #expect(shown.kernels.contains { $0.operation.hasPrefix("convolution 3×3") && !$0.algorithm.isEmpty })
    #expect(try await program.succeed(["show", "last"]).output.contains("algorithm"))
  }

  @Test func exactIsPartOfTheRecipe() async throws {
    let program = try Program()
    defer { program.remove() }
    _ = try await program.succeed(["train", "--quiet", "--exact", "--retune"] + TrainedStore.recipe)
    let shown = try await program.succeed(["show", "last"])
    #expect(shown.output.contains("exact: true"), "\(shown.output)")
    let found = try await program.succeed(["runs", "--where", "recipe.exact = true", "--json"])
    #expect(found.output.contains("\"id\""), "\(found.output)")
  }

  @Test func aBackendWithoutBFloat16SaysSoAndComputesInFloat32() async throws {
    let program = try Program()
    defer { program.remove() }
    let outcome = try await program.succeed(
      ["plan", "--json", "--precision", "bfloat16", "--backend", "cpu"] + Self.recipe)
    #expect(
      outcome.errors
        == "warning: precision bfloat16: backend 'cpu' does not compute in bfloat16; computing in float32\n")
    #expect(try JSONDecoder().decode(Plan.self, from: Data(outcome.output.utf8)).precision == "float32")
    let refused = try await program.run(["plan", "--precision", "half"] + Self.recipe)
    #expect(refused.code != 0 && refused.errors.contains("float32, bfloat16"), "\(refused.errors)")
  }

  @Test func aRunInBFloat16ResumesToTheSameBits() async throws {
    let program = try Program()
    defer { program.remove() }
    let recipe = [
      "--dataset", "shapes(count: 200)", "--model",
      "conv(16), batch-norm, relu, max-pool, conv(16), relu, flatten, dense(10)",
      "--batch", "50", "--precision", "bfloat16",
    ]
    let train = ["train", "--validation", "0", "--quiet"] + recipe
    _ = try await program.succeed(train + ["--name", "whole", "--epochs", "2"])
    _ = try await program.succeed(train + ["--name", "half", "--epochs", "1"])
    _ = try await program.succeed(["resume", "half", "--set", "epochs=2", "--quiet"])
    var losses: [String] = []
    for run in ["whole", "half"] {
      losses.append(try await program.succeed(["metrics", run, "--name", "train.loss", "--json"]).output)
    }
    #expect(losses[0] == losses[1])
  }

  @Test func aValueThatIsNotTrueOrFalseIsRefused() async throws {
    let program = try Program()
    defer { program.remove() }
    let outcome = try await program.run(["train", "--set", "exact=perhaps"] + TrainedStore.recipe)
    #expect(outcome.code != 0)
    #expect(outcome.errors.contains("--set exact: 'exact' is true or false, not 'perhaps'"), "\(outcome.errors)")
  }
}
