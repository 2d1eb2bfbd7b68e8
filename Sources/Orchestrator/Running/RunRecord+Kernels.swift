public import Execution
public import Experiments

extension RunRecord {
  /// Which kernels compute the run's steps where there were several, as far as its newest checkpoint can be read.
  /// - Throws: `StoreError`.
  public func kernelChoices(in store: ExperimentStore) throws -> KernelChoices {
    guard let newest = try store.checkpoints(ofRun: id).last,
      let bytes = try store.loadState(.step(newest.step), ofRun: id)
    else { return KernelChoices() }
    return (try? TrainingState(decoding: bytes, run: id, step: newest.step))?.choices ?? KernelChoices()
  }
}
