import Execution
import Foundation
import Tensors
import Testing

func encoded(_ choices: KernelChoices) throws -> String {
  let encoder = JSONEncoder()
  encoder.outputFormatting = [.sortedKeys]
  return String(decoding: try encoder.encode(choices), as: UTF8.self)
}

func decoded(_ text: String) throws -> KernelChoices {
  try JSONDecoder().decode(KernelChoices.self, from: Data(text.utf8))
}

/// Choices in a session of the CPU backend, between its own kernel and one that is slower.
@Suite struct KernelChoiceSessionTests {
  private final class Log {
    var slowRuns = 0
    /// Seconds on a clock that only slow kernels move.
    var now = 0.0
    /// Whether other programs disturb every run.
    var isBusy = false
    var preemptions = 0
  }

  private struct Slow: Kernel {
    let kernel: any Kernel
    let log: Log

    func scratchCount(threads: Int) -> Int { kernel.scratchCount(threads: threads) }

    func run(_ memory: Memory) throws(ExecutionError) {
      try kernel.run(memory)
      log.slowRuns += 1
      log.now += 0.01
      if log.isBusy { log.preemptions += 100 }
    }
  }

  private final class Library: KernelLibrary {
    private let chooser: KernelChooser
    private let log: Log

    init(_ options: SessionOptions, _ log: Log) {
      chooser = KernelChooser(known: options.knownChoices, tuning: options.tuning, threads: options.threads) {
        .init(seconds: log.now, preemptions: log.preemptions)
      }
      self.log = log
    }

    func prepare(_ graph: Graph) -> Graph { graph }

    func makeKernel(_ node: LibraryNode) -> (any Kernel)? {
      guard case .matmul = node.operation else { return nil }
      return chooser.choose(
        node,
        [
          KernelChooser.Candidate("slow") { [log] in Slow(kernel: makeLibraryKernel(node), log: log) },
          KernelChooser.Candidate("own") { makeLibraryKernel(node) },
        ])
    }

    func finishPlan() { chooser.finishPlan() }
    var choices: KernelChoices { chooser.choices }
  }

  private func graph(_ size: Int) throws -> Graph {
    let trace = Trace()
    let x = trace.input("x", [size, size])
    trace.output(x.matmul(x).matmul(x), as: "y")
    return try trace.finish()
  }

  @Test func aSecondSessionThatKnowsTheFirstOnesChoicesTimesNothing() throws {
    let graph = try graph(256)
    let log = Log()
    let options = SessionOptions(tuning: .missing)
    let first = CPUSession(options, library: Library(options, log))
    let program = try first.compile(graph)
    #expect(log.slowRuns > 0)
    #expect(first.choices.byKey.values.map(\.algorithm) == ["own"])
    #expect(program.plan.kernels.allSatisfy { $0.contains("OpenBLAS (") && $0.contains("; slow ") })
    let key = try #require(first.choices.byKey.keys.first)
    #expect(key == .init(operation: "matmul", shape: "[256, 256] · [256, 256] → [256, 256] float32"))

    log.slowRuns = 0
    let known = SessionOptions(knownChoices: first.choices, tuning: .missing)
    let second = CPUSession(known, library: Library(known, log))
    let again = try second.compile(graph)
    #expect(log.slowRuns == 0)
    #expect(second.choices == first.choices)
    #expect(again.plan.kernels.allSatisfy { $0.hasSuffix("OpenBLAS (remembered)") }, "\(again.plan.kernels)")
    let x = Tensor([256, 256]) { Double($0 % 5) - 2 }.converted(to: .float32)
    #expect(try program.run([x], step: 1) == again.run([x], step: 1))
  }

  @Test func aSecondSessionKeepsWhatTheFirstChoseOnABusyMachine() throws {
    let graph = try graph(256)
    let log = Log()
    log.isBusy = true
    let options = SessionOptions(tuning: .missing)
    let first = CPUSession(options, library: Library(options, log))
    let program = try first.compile(graph)
    #expect(first.choices.byKey.values.map(\.algorithm) == ["slow"])
    #expect(program.plan.kernels.allSatisfy { $0.hasSuffix("slow (not timed: the machine was busy)") })

    log.isBusy = false
    log.slowRuns = 0
    let known = SessionOptions(knownChoices: first.choices, tuning: .missing)
    let second = CPUSession(known, library: Library(known, log))
    let again = try second.compile(graph)
    #expect(log.slowRuns == 0)
    #expect(second.choices == first.choices)
    #expect(again.plan.kernels.allSatisfy { $0.hasSuffix("slow (remembered, not timed)") }, "\(again.plan.kernels)")
  }

  @Test func smallProductsAreChosenByRule() throws {
    let log = Log()
    let options = SessionOptions(tuning: .missing)
    let session = CPUSession(options, library: Library(options, log))
    _ = try session.compile(graph(16))
    #expect(log.slowRuns == 0)
    #expect(session.choices.byKey.values.map(\.algorithm) == ["slow"])
    #expect(session.choices.byKey.values.allSatisfy { $0.seconds == nil })
  }
}
