public import Execution
public import Experiments

extension RunRecord {
  /// Which kernels compute the run's steps where there were several, as far as its checkpoint at a step can be read.
  /// - Throws: `StoreError`.
  public func kernelChoices(atStep step: Int, in store: ExperimentStore) throws -> KernelChoices {
    guard let bytes = try store.loadState(.step(step), ofRun: id) else { return KernelChoices() }
    return (try? TrainingState(decoding: bytes, run: id, step: step))?.choices ?? KernelChoices()
  }
}
