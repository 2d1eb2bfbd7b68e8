import Synchronization
import Tensors

/// The order of the training examples: a function of seed and epoch.
package final class EpochOrder: Sendable {
  package let count: Int
  package let batch: Int
  private let stream: RandomStream
  private let shuffles: Bool
  /// The orders in use: while one epoch ends, the next may already be prepared.
  private let known = Mutex<[Int: [Int]]>([:])

  package init(count: Int, batch: Int, seed: UInt64, shuffles: Bool) {
    self.count = count
    self.batch = batch
    self.shuffles = shuffles
    stream = RandomStream(seed: seed, "shuffle")
  }

  /// The most steps of a run: with so many, no count of steps or examples overflows.
  package static let greatestStepCount = 1 << 40

  package var stepsPerEpoch: Int { (count + batch - 1) / batch }

  /// Examples of the last step of an epoch.
  package var lastBatch: Int { count - (stepsPerEpoch - 1) * batch }

  /// The examples of a step, both counted from 0.
  ///
  /// - Complexity: Linear in the number of examples for the first step of an epoch, constant for the others.
  package func examples(ofStep step: Int) -> (epoch: Int, indices: ArraySlice<Int>) {
    let epoch = step / stepsPerEpoch
    let start = step % stepsPerEpoch * batch
    return (epoch, order(epoch)[start..<min(start + batch, count)])
  }

  private func order(_ epoch: Int) -> [Int] {
    known.withLock { known in
      if let order = known[epoch] { return order }
      var own = stream.substream(UInt64(epoch))
      let order = shuffles ? own.permutation(count) : Array(0..<count)
      known = known.filter { $0.key >= epoch - 1 }
      known[epoch] = order
      return order
    }
  }
}
