import Execution
import Experiments

/// What a store remembers of which kernels are fastest here.
struct KernelMemory {
  private let store: ExperimentStore?
  private let scope: KernelPlanScope

  /// - Parameter store: nil to remember nothing.
  init(_ store: ExperimentStore?, _ pipeline: Pipeline) {
    self.store = store
    scope = KernelPlanScope(
      library: type(of: pipeline.parts.backend).library, machine: Provenance.processor, threads: pipeline.recipe.threads
    )
  }

  /// - Parameter retunes: whether what is remembered is timed all the same.
  func recall(retunes: Bool = false) throws -> KernelSelection {
    let plans = try store?.plans(in: scope) ?? []
    let choices = plans.map { plan in
      (
        KernelChoices.Key(operation: plan.operation, shape: plan.shape),
        KernelChoices.Choice(algorithm: plan.algorithm, seconds: plan.seconds)
      )
    }
    return KernelSelection(
      known: KernelChoices(Dictionary(choices) { _, last in last }), tuning: retunes ? .again : .missing)
  }

  /// Remembers which kernels were timed for programs; returns how many.
  @discardableResult
  func keep(_ programs: TrainingPrograms) throws -> Int {
    let plans = programs.choices.byKey.compactMap { key, choice in
      choice.seconds.flatMap { seconds in
        programs.options.knownChoices[key] == choice
          ? nil
          : KernelPlan(operation: key.operation, shape: key.shape, algorithm: choice.algorithm, seconds: seconds)
      }
    }
    if let store, store.access == .readWrite { try store.remember(plans, in: scope) }
    return plans.count
  }
}

/// How a session comes by its kernels.
struct KernelSelection {
  var known = KernelChoices()
  var tuning = Tuning.never
}

extension Recipe {
  /// A session that computes as the recipe says.
  func sessionOptions(_ kernels: KernelSelection = KernelSelection(), isProfiled: Bool = false) -> SessionOptions {
    SessionOptions(
      threads: threads, seed: seed, precision: precision, isProfiled: isProfiled, knownChoices: kernels.known,
      tuning: kernels.tuning, isExact: exact)
  }
}
