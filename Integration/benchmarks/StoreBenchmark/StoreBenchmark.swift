import Experiments
import Foundation

/// Measures the store: points logged a second, what a checkpoint costs, how far weights compress. Fills the store with
/// 10,000 runs, for `run.sh` to time a query over them.
///
///     StoreBenchmark FILE
@main
struct StoreBenchmark {
  static func main() throws {
    guard CommandLine.arguments.count == 2 else {
      FileHandle.standardError.write(Data("usage: StoreBenchmark FILE (a store that does not exist yet)\n".utf8))
      exit(64)
    }
    let store = try ExperimentStore(path: CommandLine.arguments[1], access: .readWrite)
    try logPoints(store)
    try saveCheckpoints(store)
    try fill(store)
  }

  /// 100,000 points, handed over by the hundred as a trainer would.
  private static func logPoints(_ store: ExperimentStore) throws {
    let recorder = try store.begin(NewRun(recipeYAML: ""))
    let seconds = try measured {
      for step in stride(from: 1, through: 50_000, by: 50) {
        try recorder.record(
          (step..<step + 50).flatMap { step in
            ["train.loss", "train.accuracy"].map {
              MetricPoint(name: $0, step: step, epoch: 1 + step / 500, value: 1 / Double(step))
            }
          })
      }
      try recorder.finish(.completed)
    }
    report("100,000 metric points logged", "\(rounded(seconds)) s")
  }

  /// The time that a checkpoint holds the training thread, that it takes to be on disk, and that processors work on it.
  private static func saveCheckpoints(_ store: ExperimentStore) throws {
    let recorder = try store.begin(NewRun(recipeYAML: ""))
    var tensors = adamState()
    let count = 24
    var (handedOver, stored, worked) = (0.0, 0.0, 0.0)
    for step in 1...count {
      // Another step, other bytes: the store knows none of them.
      for index in tensors.indices { tensors[index].values.swapAt(0, step) }
      let checkpoint = Checkpoint(
        step: step, epoch: 1,
        tensors: tensors.map { StoredTensor(name: $0.name, shape: [$0.values.count], numbers: $0.values) }, state: [])
      let before = processorSeconds()
      stored += try measured {
        handedOver += try measured { try recorder.saveCheckpoint(checkpoint) }
        try recorder.flush()
      }
      worked += processorSeconds() - before
    }
    try recorder.finish(.completed)
    guard let checkpoint = try store.checkpoints(ofRun: recorder.run.id).first else { return }
    let megabytes = Double(checkpoint.rawBytes) / 1e6
    let each = 1e3 / Double(count)
    report("a checkpoint of \(rounded(megabytes)) MB holds the training thread", "\(rounded(handedOver * each)) ms")
    report("and is in the store after", "\(rounded(stored * each)) ms")
    report("and takes processors, all together,", "\(rounded(worked * each)) ms")
    let share = 100 * Double(checkpoint.storedBytes) / Double(checkpoint.rawBytes)
    report("random weights and Adam state compress to", "\(rounded(share)) %")
  }

  /// Float32 weights and the two moments that Adam keeps of each, of the 784-512-256-10 network.
  private static func adamState() -> [(name: String, values: [Float])] {
    var generator = SystemRandomNumberGenerator()
    let layers = [("0", 784 * 512), ("1", 512 * 256), ("2", 256 * 10)]
    return layers.flatMap { layer, count in
      [("weight", 0.05), ("moment1", 0.01), ("moment2", 0.0001)].map { name, scale in
        let values = (0..<count).map { _ in
          let (radius, angle) = (
            Double.random(in: 1e-9..<1, using: &generator), Double.random(in: 0..<1, using: &generator)
          )
          let draw = scale * (-2 * log(radius)).squareRoot() * cos(2 * .pi * angle)
          return Float(name == "moment2" ? draw * draw : draw)
        }
        return ("\(layer).\(name)", values)
      }
    }
  }

  /// The time that processors have worked for this process.
  private static func processorSeconds() -> Double {
    Double(clock()) / Double(CLOCKS_PER_SEC)
  }

  /// Runs as small trainings leave them.
  private static func fill(_ store: ExperimentStore) throws {
    let seconds = try measured {
      for index in 0..<10_000 {
        let part = ["adam", "sgd", "rmsprop"][index % 3]
        let recorder = try store.begin(
          NewRun(
            name: "run-\(index)", recipeYAML: "optimizer: \(part)",
            components: [
              ComponentArgument(kind: "optimizer", path: "optimizer", part: part),
              ComponentArgument(
                kind: "optimizer", path: "optimizer", part: part, argument: "rate", value: "\(Double(index % 7) / 1000)"
              ),
            ]))
        try recorder.record([
          MetricPoint(name: "validation.accuracy", step: 1, epoch: 1, value: Double(index % 1000) / 1000)
        ])
        try recorder.finish(.completed)
      }
    }
    report("10,000 runs begun and finished", "\(rounded(seconds)) s")
  }

  private static func measured(_ body: () throws -> Void) rethrows -> Double {
    let clock = ContinuousClock()
    let start = clock.now
    try body()
    return (clock.now - start) / .seconds(1)
  }

  private static func rounded(_ value: Double) -> String { String(format: "%.3g", value) }

  private static func report(_ what: String, _ figure: String) {
    print(what.padding(toLength: 60, withPad: " ", startingAt: 0) + figure)
  }
}
