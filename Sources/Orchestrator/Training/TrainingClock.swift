/// Where the time of a run goes.
struct TrainingClock {
  private let clock = ContinuousClock()
  private let began = ContinuousClock().now
  private var mark = ContinuousClock().now
  private var epochBegan = ContinuousClock().now
  private var training = Duration.zero
  private var examples = 0
  private var steps = 0
  private var epochTraining = Duration.zero
  private var waitedBefore = 0.0

  /// Time is counted as training from here on.
  mutating func start() { mark = clock.now }

  mutating func stepped(examples count: Int) {
    let now = clock.now
    training += now - mark
    epochTraining += now - mark
    mark = now
    examples += count
    steps += 1
  }

  /// The epoch's seconds, and the part of its training time that was waited for input. `waited` is over the whole run.
  mutating func endEpoch(waited: Double) -> (seconds: Double, shareWaiting: Double) {
    let now = clock.now
    defer {
      epochBegan = now
      epochTraining = .zero
      waitedBefore = waited
    }
    let trained = epochTraining / .seconds(1)
    return ((now - epochBegan) / .seconds(1), trained > 0 ? min(1, (waited - waitedBefore) / trained) : 0)
  }

  var examplesPerSecond: Double {
    let seconds = training / .seconds(1)
    return seconds > 0 ? Double(examples) / seconds : 0
  }

  var secondsPerStep: Double { steps > 0 ? training / .seconds(1) / Double(steps) : 0 }

  var total: Double { (clock.now - began) / .seconds(1) }
}
