import Execution
import Experiments

/// What a store remembers of which kernels runs use here.
struct KernelMemory {
  private let store: ExperimentStore?
  private let scope: KernelChoiceScope

  /// `store`: nil to remember nothing.
  init(_ store: ExperimentStore?, _ pipeline: Pipeline) {
    self.store = store
    scope = KernelChoiceScope(
      library: type(of: pipeline.parts.backend).library, machine: Provenance.processor, threads: pipeline.recipe.threads
    )
  }

  /// `retunes`: whether what is remembered is chosen anew.
  func recall(retunes: Bool = false) throws -> KernelSelection {
    let remembered = try store?.kernelChoices(in: scope) ?? []
    let choices = remembered.map { choice in
      (
        KernelChoices.Key(operation: choice.operation, shape: choice.shape),
        KernelChoices.Choice(algorithm: choice.algorithm, seconds: choice.seconds)
      )
    }
    return KernelSelection(
      known: KernelChoices(Dictionary(choices) { _, last in last }), tuning: retunes ? .again : .missing)
  }

  /// Remembers which kernels programs use, however they were chosen; returns how many were timed for it.
  ///
  /// Programs that go on with a run's own kernels say nothing of what other runs are to use.
  @discardableResult
  func keep(_ programs: TrainingPrograms) throws -> Int {
    let options = programs.options
    guard options.tuning != .never else { return 0 }
    let new = programs.choices.byKey.filter { key, choice in options.knownChoices[key] != choice }
    if let store, store.access == .readWrite {
      try store.remember(
        new.map { key, choice in
          KernelChoiceRecord(
            operation: key.operation, shape: key.shape, algorithm: choice.algorithm, seconds: choice.seconds)
        }, in: scope)
    }
    return new.values.count { $0.seconds != nil }
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
