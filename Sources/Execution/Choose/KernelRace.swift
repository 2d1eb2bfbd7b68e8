import Foundation

/// Runs candidates for a kernel in turns and finds the fastest.
package struct KernelRace {
  /// A point in time, and how often the system had sent threads of this process away by then.
  package struct Moment {
    package var seconds: Double
    package var preemptions: Int

    package init(seconds: Double, preemptions: Int = 0) {
      self.seconds = seconds
      self.preemptions = preemptions
    }
  }

  /// What is said of a kernel of which no undisturbed time was to be had.
  static let busy = "not timed: the machine was busy"

  /// At least two rounds are run, then more while there is time.
  private static let seconds = 0.1
  private static let leastRounds = 2
  private static let rounds = 8
  /// While a candidate has no undisturbed time.
  private static let mostRounds = 64
  /// What the kernel of the rule may take longer than another and still be kept: noise.
  static let advantage = 1.05
  /// A candidate that takes so much longer than the best is run no more; the first run of all finds cold caches and
  /// sleeping threads, and a library may make its code then, which takes it so many seconds.
  private static let hopeless = (first: 3.0, later: 1.5)
  private static let preparation = 0.03
  /// What a preemption costs at least.
  private static let preemptionSeconds = 0.003
  /// The part of a run that preemptions may cost.
  private static let disturbance = 0.1

  let now: () -> Moment
  /// As above, or more where there is more to lose than a kernel's time.
  var advantage = Self.advantage

  private struct Rival<Made> {
    let candidate: KernelChooser.Candidate<Made>
    let made: Made
    /// Of the fastest undisturbed run.
    var seconds: Double?
    var sample: [Float] = []
  }

  /// The winner with its time; without one, the first candidate, for want of an undisturbed run of each.
  func run<Made>(
    _ candidates: [(KernelChooser.Candidate<Made>, Made)], _ trial: some KernelTrial<Made>
  ) -> (chosen: KernelChooser.Chosen<Made>, seconds: Double?) {
    var rivals = candidates.map { Rival(candidate: $0, made: $1) }
    let began = now().seconds
    let needsSamples = rivals.contains { $0.candidate.tolerance != nil }
    for index in rivals.indices {
      time(&rivals[index], trial)
      if needsSamples { rivals[index].sample = trial.sample }
    }
    if let exact = rivals.first(where: { $0.candidate.tolerance == nil }) {
      rivals.removeAll { rival in
        rival.candidate.tolerance.map { !Self.agree(rival.sample, exact.sample, within: $0) } ?? false
      }
    }
    var round = 1
    while round < Self.leastRounds || now().seconds - began < Self.seconds {
      let isTimed = rivals.allSatisfy { $0.seconds != nil }
      let best = rivals.compactMap(\.seconds).min() ?? .infinity
      let limit = round == 1 ? max(best * Self.hopeless.first, Self.preparation) : best * Self.hopeless.later
      let hopeful = rivals.indices.filter { rivals[$0].seconds ?? 0 <= limit }
      guard hopeful.count > 1, round < (isTimed ? Self.rounds : Self.mostRounds) else { break }
      for index in hopeful { time(&rivals[index], trial) }
      round += 1
    }
    return result(rivals)
  }

  private func time<Made>(_ rival: inout Rival<Made>, _ trial: some KernelTrial<Made>) {
    trial.prepare(rival.made)
    let start = now()
    trial.run(rival.made)
    let end = now()
    let seconds = end.seconds - start.seconds
    guard Double(end.preemptions - start.preemptions) * Self.preemptionSeconds <= seconds * Self.disturbance else {
      return
    }
    rival.seconds = min(rival.seconds ?? .infinity, seconds)
  }

  private func result<Made>(_ rivals: [Rival<Made>]) -> (KernelChooser.Chosen<Made>, Double?) {
    func chosen(_ rival: Rival<Made>, _ note: String) -> KernelChooser.Chosen<Made> {
      KernelChooser.Chosen(made: rival.made, name: rival.candidate.name, note: note)
    }
    let first = rivals[0]
    let times = rivals.compactMap(\.seconds)
    guard let least = times.min(), let own = first.seconds, times.count == rivals.count else {
      return (chosen(first, Self.busy), nil)
    }
    let winner = own <= least * advantage ? first : rivals.first { $0.seconds == least } ?? first
    let others = rivals.filter { $0.candidate.name != winner.candidate.name }.map { rival in
      "\(rival.candidate.name) \(Self.text(rival.seconds ?? 0))"
    }
    return (chosen(winner, ([Self.text(winner.seconds ?? 0)] + others).joined(separator: "; ")), winner.seconds)
  }

  private static func agree(_ found: [Float], _ expected: [Float], within tolerance: Float) -> Bool {
    let greatest = expected.reduce(0) { max($0, abs($1)) }
    return zip(found, expected).allSatisfy { abs($0 - $1) <= tolerance * greatest }
  }

  /// Milliseconds to three figures.
  private static func text(_ seconds: Double) -> String {
    let digits = seconds >= 0.1 ? 0 : seconds >= 0.01 ? 1 : seconds >= 0.001 ? 2 : 3
    return String(format: "%.\(digits)f ms", 1000 * seconds)
  }
}
