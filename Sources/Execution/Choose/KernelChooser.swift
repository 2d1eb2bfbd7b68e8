/// Chooses between kernels that compute the same: as it is known, by timing, or by rule.
///
/// Times are taken in turns, the least of each counts, and the kernel that the rule names is kept unless another is
/// faster by more than noise. A run from which other programs took the processor says nothing; where no other is to be had,
/// the rule decides, and nothing is remembered.
package final class KernelChooser {
  package struct Candidate<Made> {
    package let name: String
    /// Of one that rounds otherwise than sums do: it counts only so near to a candidate that does not, in greatest numbers of
    /// the result. Default: nil.
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
  static let secondsPerPlan = 3.0
  /// Kernels one after the other without an undisturbed time, after which the plan waits for no more.
  static let patience = 3

  /// What was used so far.
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
  ///   - work: multiplications and additions of one run.
  ///   - candidates: first the one that the rule names.
  ///   - advantage: how many times another's time the rule's may take and still be chosen. Default: no more than noise.
  package func choose<Made, Trial: KernelTrial<Made>>(
    _ key: KernelChoices.Key, work: Double, _ candidates: [Candidate<Made>], advantage: Double = KernelRace.advantage,
    trial: () -> Trial
  ) -> Chosen<Made>? {
    guard candidates.count > 1 else {
      return candidates.first.flatMap { make($0.name, of: candidates, nil) }
    }
    if let choice = choices[key], let chosen = make(choice.algorithm, of: candidates, notes[key]) { return chosen }
    if tuning != .again, let choice = known[key], let chosen = make(choice.algorithm, of: candidates, "remembered") {
      return use(chosen, for: key, seconds: choice.seconds)
    }
    guard tuning != .never, work >= Self.leastWork, secondsSpent < Self.secondsPerPlan, disturbed < Self.patience
    else {
      let note = tuning != .never && work >= Self.leastWork && disturbed >= Self.patience ? KernelRace.busy : nil
      let first = candidates.lazy.compactMap { self.make($0.name, of: candidates, note) }.first
      return first.map { use($0, for: key, seconds: nil) }
    }
    let rivals = candidates.compactMap { candidate in candidate.make().map { (candidate, $0) } }
    guard rivals.count > 1 else {
      return rivals.first.map { use(Chosen(made: $1, name: $0.name, note: nil), for: key, seconds: nil) }
    }
    // Which may choose in its turn.
    let trial = trial()
    let began = now().seconds
    defer { secondsSpent += now().seconds - began }
    let result = KernelRace(now: now, advantage: advantage).run(rivals, trial)
    disturbed = result.seconds == nil ? disturbed + 1 : 0
    return use(result.chosen, for: key, seconds: result.seconds)
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
