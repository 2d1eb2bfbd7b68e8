/// Chooses between kernels that compute the same: as it is known, by timing, or by rule.
///
/// What is known is used again, whether it was chosen by timing or by rule, so that a choice never changes by itself.
/// What is not known is timed by ``KernelRace`` if it is work enough. The rule decides what is too small, and what
/// cannot be timed because other programs keep the processor busy; its choice, too, is known from then on.
///
/// Example: of candidates "rule", "other" a first session on a busy machine uses "rule". A second, which is given the
/// first's `choices` as known, uses "rule" though the machine is calm and "other" twice as fast. Only with tuning
/// `.again` is it timed, and from then on "other" used.
package final class KernelChooser {
  package struct Candidate<Made> {
    package let name: String
    /// Of one that rounds otherwise than sums do: it counts only so near to a candidate that does not, in greatest
    /// numbers of the result. Default: nil.
    package let tolerance: Float?
    /// Nil where there is none for these sizes.
    package let make: () -> Made?

    package init(_ name: String, tolerance: Float? = nil, make: @escaping () -> Made?) {
      self.name = name
      self.tolerance = tolerance
      self.make = make
    }
  }

  package struct Chosen<Made> {
    package let made: Made
    package let name: String
    /// How it was chosen; nil for a choice by rule.
    package let note: String?
  }

  /// Multiplications and additions below which a choice is worth less than its timing.
  static let leastWork = 20e6
  /// Timing takes no longer for the kernels of one plan.
  static let secondsPerPlan = 3.0
  private static let late = "not timed: others of the plan took its time"
  private static let untimed = "not timed"
  /// Kernels one after the other without an undisturbed time, after which the plan waits for no more.
  static let patience = 3

  /// What is used so far.
  package private(set) var choices = KernelChoices()
  private let known: KernelChoices
  private let tuning: Tuning
  private let now: () -> KernelRace.Moment
  private var notes: [KernelChoices.Key: String] = [:]
  private var secondsSpent = 0.0
  private var disturbed = 0
  private var memory: TrialMemory?
  private let threads: Int
  let precision: Precision

  package init(
    known: KernelChoices, tuning: Tuning, threads: Int = 1, precision: Precision = .float32,
    now: @escaping () -> KernelRace.Moment = { .now }
  ) {
    self.known = known
    self.precision = precision
    self.tuning = tuning
    self.threads = threads
    self.now = now
  }

  package convenience init(_ options: SessionOptions) {
    self.init(
      known: options.knownChoices, tuning: options.tuning, threads: options.threads, precision: options.precision)
  }

  /// All kernels of a plan are chosen: the next has time of its own, and the memory of trials is given back.
  package func finishPlan() {
    secondsSpent = 0
    disturbed = 0
    memory = nil
  }

  /// The kernel to use; nil if no candidate can be made. Of a single candidate no note is taken.
  ///
  /// - Parameters:
  ///   - key: what is chosen for, to remember it by.
  ///   - work: multiplications and additions of one run.
  ///   - candidates: first the one that the rule names.
  ///   - advantage: how many times another's time the rule's may take and still be chosen. Default: no more than noise.
  ///   - trial: makes the memory that candidates are timed in.
  /// - Returns: what was made of the winner, with its name.
  package func choose<Made, Trial: KernelTrial<Made>>(
    _ key: KernelChoices.Key, work: Double, _ candidates: [Candidate<Made>], advantage: Double = KernelRace.advantage,
    trial: () -> Trial
  ) -> Chosen<Made>? {
    guard candidates.count > 1 else {
      return candidates.first.flatMap { make($0.name, of: candidates, nil) }
    }
    if let choice = choices[key], let chosen = make(choice.algorithm, of: candidates, notes[key]) { return chosen }
    let isWorthTiming = tuning != .never && work >= Self.leastWork
    if tuning != .again {
      let isUntimed = isWorthTiming && known[key]?.seconds == nil
      if let chosen = recall(key, candidates, because: isUntimed ? Self.untimed : nil) { return chosen }
    }
    guard isWorthTiming else { return followRule(key, candidates) }
    guard disturbed < Self.patience else { return settle(key, candidates, because: KernelRace.busy) }
    guard secondsSpent < Self.secondsPerPlan else { return settle(key, candidates, because: Self.late) }
    let rivals = candidates.compactMap { candidate in candidate.make().map { (candidate, $0) } }
    guard rivals.count > 1 else {
      return rivals.first.map { use(Chosen(made: $1, name: $0.name, note: nil), for: key, seconds: nil) }
    }
    // Making a trial may choose kernels in its turn, so it is made before the clock is read.
    let trial = trial()
    let began = now().seconds
    defer { secondsSpent += now().seconds - began }
    let result = KernelRace(now: now, advantage: advantage).run(rivals, trial)
    disturbed = result.isBusy ? disturbed + 1 : 0
    if result.isBusy, let chosen = recall(key, candidates, because: KernelRace.busy) { return chosen }
    return use(result.chosen, for: key, seconds: result.seconds)
  }

  /// What is known from before; nil if nothing is, or if it cannot be made here.
  private func recall<Made>(
    _ key: KernelChoices.Key, _ candidates: [Candidate<Made>], because reason: String?
  ) -> Chosen<Made>? {
    guard let choice = known[key] else { return nil }
    // Of what is too small to be timed, and so was chosen by rule, no note is taken.
    let note = choice.seconds != nil || tuning == .never ? "remembered" : nil
    return make(choice.algorithm, of: candidates, reason.map { "remembered, \($0)" } ?? note)
      .map { use($0, for: key, seconds: choice.seconds) }
  }

  /// The first candidate that can be made.
  private func followRule<Made>(
    _ key: KernelChoices.Key, _ candidates: [Candidate<Made>], because reason: String? = nil
  ) -> Chosen<Made>? {
    let first = candidates.lazy.compactMap { self.make($0.name, of: candidates, reason) }.first
    return first.map { use($0, for: key, seconds: nil) }
  }

  /// What is not to be timed after all keeps the kernel that it is known to have had; without one, the rule decides.
  private func settle<Made>(
    _ key: KernelChoices.Key, _ candidates: [Candidate<Made>], because reason: String
  ) -> Chosen<Made>? {
    recall(key, candidates, because: reason) ?? followRule(key, candidates, because: reason)
  }

  private func make<Made>(_ name: String, of candidates: [Candidate<Made>], _ note: String?) -> Chosen<Made>? {
    candidates.first { $0.name == name }?.make().map { Chosen(made: $0, name: name, note: note) }
  }

  private func use<Made>(_ chosen: Chosen<Made>, for key: KernelChoices.Key, seconds: Double?) -> Chosen<Made> {
    choices[key] = KernelChoices.Choice(algorithm: chosen.name, seconds: seconds)
    notes[key] = chosen.note
    return chosen
  }

  /// How a choice was made; nil of one by rule, or of none.
  func note(on key: KernelChoices.Key) -> String? { notes[key] }

  /// The memory in which kernels are timed.
  func trialMemory() -> TrialMemory {
    let memory = memory ?? TrialMemory(threads: threads)
    self.memory = memory
    return memory
  }
}
