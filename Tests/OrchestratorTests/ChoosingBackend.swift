import Execution
import Registry
import Synchronization
import Tensors

/// What ``ChoosingBackend`` is to do, and what it did; one test at a time.
struct ChoosingLog {
  /// Of each algorithm, in seconds.
  var times = ["rule": 0.02, "other": 0.01]
  /// The algorithm that each session used, in the order in which they first compiled.
  var used: [String] = []
  /// Whether every program has a choice of its own.
  var choosesByGraph = false
  /// Whether other programs disturb every run.
  var isBusy = false
  /// Runs for timing.
  var timings = 0
}

let choosing = Mutex(ChoosingLog())

/// The reference backend, with a choice between two kernels that is made by timing on a clock of the log's.
struct ChoosingBackend: Backend {
  static let name = "choosing"
  static let summary = "the reference backend with a choice to make"
  static let reference = "tests"
  static let library = "choosing 1.0"

  func makeSession(_ options: SessionOptions) throws -> any Session { ChoosingSession(options) }
}

private final class ChoosingSession: Session {
  private let base: any Session
  private let chooser: KernelChooser
  private let clock: Clock
  private let isExact: Bool
  private var isFirst = true

  private final class Clock: KernelTrial {
    var now = 0.0
    var preemptions = 0
    let sample: [Float] = []

    func prepare(_ name: String) {}

    func run(_ name: String) {
      choosing.withLock { log in
        now += log.times[name] ?? 1
        log.timings += 1
        if log.isBusy { preemptions += 100 }
      }
    }
  }

  init(_ options: SessionOptions) {
    let clock = Clock()
    self.clock = clock
    base = ReferenceBackend().makeSession(options)
    chooser = KernelChooser(known: options.knownChoices, tuning: options.tuning) {
      .init(seconds: clock.now, preemptions: clock.preemptions)
    }
    isExact = options.isExact
  }

  var elementType: ElementType { base.elementType }
  var choices: KernelChoices { chooser.choices }

  func write(_ tensor: Tensor, to variable: Variable) throws(ExecutionError) { try base.write(tensor, to: variable) }
  func read(_ variable: Variable) throws(ExecutionError) -> Tensor { try base.read(variable) }

  func compile(_ graph: Graph) throws -> any Program {
    let isOwn = choosing.withLock { $0.choosesByGraph }
    let key = KernelChoices.Key(operation: "matmul", shape: isOwn ? "\(graph.nodes.count) nodes" : "all")
    let candidates = (isExact ? ["rule"] : ["rule", "other"]).map { name in KernelChooser.Candidate(name) { name } }
    let chosen = chooser.choose(key, work: 1e9, candidates) { self.clock }
    if isFirst { choosing.withLock { $0.used.append(chosen?.name ?? "none") } }
    isFirst = false
    return try base.compile(graph)
  }
}
