import Foundation

/// Runs candidates for a kernel in turns and finds the fastest.
///
/// Example: "rule" takes 10 ms, "other" 9 ms, "slow" 40 ms. The first round runs each once. "slow" took over three
/// times as long as the best, and over 30 ms, so it is run no more. "rule" and "other" take turns until a tenth of a
/// second has passed. "rule" may take 1.05 times as long as "other" and be kept, but 10 ms are more than 1.05 · 9 ms:
/// "other" wins, with the note "9.00 ms; rule 10.0 ms; slow 40.0 ms".
package struct KernelRace {
  /// A point in time, and how often the system had taken the processor from threads of this process by then.
  package struct Moment {
    package var seconds: Double
    package var preemptions: Int

    package init(seconds: Double, preemptions: Int = 0) {
      self.seconds = seconds
      self.preemptions = preemptions
    }
  }

  package struct Outcome<Made> {
    package let chosen: KernelChooser.Chosen<Made>
    /// Of one run of the winner; nil if the first candidate was taken without a race.
    package let seconds: Double?
    /// Whether that was because some candidate had no run that other programs left alone.
    package let isBusy: Bool
  }

  /// What is said of a kernel that was not timed because other programs disturbed every run of some candidate.
  static let busy = "not timed: the machine was busy"

  /// At least two rounds are run, then more until this time has passed.
  private static let seconds = 0.1
  private static let leastRounds = 2
  private static let rounds = 8
  /// As many as this while some candidate still lacks an undisturbed run.
  private static let mostRounds = 64
  /// The kernel of the rule may take so many times as long as another and still be kept: the difference may be noise.
  static let advantage = 1.05
  /// A candidate that takes so many times as long as the best is run no more. After the first round the limit is wider,
  /// and at least `preparation` seconds: a first run meets cold caches and sleeping threads, and a library may make its
  /// code in it.
  private static let hopeless = (first: 3.0, later: 1.5)
  private static let preparation = 0.03
  /// What a preemption costs at least.
  private static let preemptionSeconds = 0.003
  /// The part of a run that preemptions may cost; a run in which they cost more does not count.
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
    /// Why it is out of the race.
    var failure: ExecutionError?
  }

  /// The winner with its time. Without a time, the first candidate that did not fail if some other had no undisturbed
  /// run, or the first of all if all failed.
  func run<Made>(
    _ candidates: [(KernelChooser.Candidate<Made>, Made)], _ trial: some KernelTrial<Made>
  ) -> Outcome<Made> {
    var rivals = candidates.map { Rival(candidate: $0, made: $1) }
    let began = now().seconds
    let needsSamples = rivals.contains { $0.candidate.tolerance != nil }
    for index in rivals.indices {
      time(&rivals[index], trial)
      if needsSamples { rivals[index].sample = trial.sample }
    }
    if let exact = rivals.first(where: { $0.candidate.tolerance == nil && $0.failure == nil }) {
      rivals.removeAll { rival in
        rival.candidate.tolerance.map { !Self.agree(rival.sample, exact.sample, within: $0) } ?? false
      }
    }
    var round = 1
    while round < Self.leastRounds || now().seconds - began < Self.seconds {
      let isTimed = rivals.allSatisfy { $0.seconds != nil || $0.failure != nil }
      let best = rivals.compactMap(\.seconds).min() ?? .infinity
      let limit = round == 1 ? max(best * Self.hopeless.first, Self.preparation) : best * Self.hopeless.later
      let hopeful = rivals.indices.filter { rivals[$0].failure == nil && rivals[$0].seconds ?? 0 <= limit }
      guard hopeful.count > 1, round < (isTimed ? Self.rounds : Self.mostRounds) else { break }
      for index in hopeful { time(&rivals[index], trial) }
      round += 1
    }
    return outcome(rivals)
  }

  private func time<Made>(_ rival: inout Rival<Made>, _ trial: some KernelTrial<Made>) {
    trial.prepare(rival.made)
    let start = now()
    do {
      try trial.run(rival.made)
    } catch {
      rival.failure = error
      return
    }
    let end = now()
    let seconds = end.seconds - start.seconds
    guard Double(end.preemptions - start.preemptions) * Self.preemptionSeconds <= seconds * Self.disturbance else {
      return
    }
    rival.seconds = min(rival.seconds ?? .infinity, seconds)
  }

  private func outcome<Made>(_ all: [Rival<Made>]) -> Outcome<Made> {
    if let failure = all[0].failure, all.allSatisfy({ $0.failure != nil }) {
      return Outcome(chosen: chosen(all[0], "not timed: \(failure)"), seconds: nil, isBusy: false)
    }
    let rivals = all.filter { $0.failure == nil }
    let first = rivals[0]
    let times = rivals.compactMap(\.seconds)
    guard let least = times.min(), let own = first.seconds, times.count == rivals.count else {
      return Outcome(chosen: chosen(first, Self.busy), seconds: nil, isBusy: true)
    }
    let winner = own <= least * advantage ? first : rivals.first { $0.seconds == least } ?? first
    let others = rivals.filter { $0.candidate.name != winner.candidate.name }.map { rival in
      "\(rival.candidate.name) \(Self.text(rival.seconds ?? 0))"
    }
    let note = ([Self.text(winner.seconds ?? 0)] + others).joined(separator: "; ")
    return Outcome(chosen: chosen(winner, note), seconds: winner.seconds, isBusy: false)
  }

  private func chosen<Made>(_ rival: Rival<Made>, _ note: String) -> KernelChooser.Chosen<Made> {
    KernelChooser.Chosen(made: rival.made, name: rival.candidate.name, note: note)
  }

  private static func agree(_ found: [Float], _ expected: [Float], within tolerance: Float) -> Bool {
    let greatest = expected.reduce(0) { max($0, abs($1)) }
    return found.count == expected.count
      && zip(found, expected).allSatisfy { abs($0 - $1) <= tolerance * greatest }
  }

  /// Milliseconds to three figures.
  private static func text(_ seconds: Double) -> String {
    let digits = seconds >= 0.1 ? 0 : seconds >= 0.01 ? 1 : seconds >= 0.001 ? 2 : 3
    return String(format: "%.\(digits)f ms", 1000 * seconds)
  }
}
