import Execution
import Foundation
import Registry
import Tensors

extension Orchestrator {
  /// What a run begins with beside the first values that initializers draw: parameters and statistics of the file that the
  /// recipe names, else what initializers change once they have seen examples.
  func giveInitialWeights(to trainer: Trainer) throws {
    let name = trainer.pipeline.recipe.initialWeights
    if name.isEmpty { try trainer.adjustInitialWeights() } else { try read(name, into: trainer) }
  }

  private func read(_ name: String, into trainer: Trainer) throws {
    let path = name.hasPrefix("/") || workingFolder == "." ? name : "\(workingFolder)/\(name)"
    let file = try SafetensorsFile(contentsOf: path)
    let session = trainer.programs.session
    let variables = trainer.programs.variables.filter { $0.role != .optimizerState }
    for variable in variables {
      guard let entry = file.tensor(named: variable.name) else {
        let near = nearest(to: variable.name, among: file.tensors.map(\.name)).map { "; the nearest is '\($0)'" } ?? ""
        let names = file.tensors.map(\.name).joined(separator: ", ")
        throw OrchestratorError.badWeights(
          file: path, reason: "has no tensor '\(variable.name)' of shape \(variable.shape)\(near)\n  it has: \(names)")
      }
      guard entry.shape == variable.shape.sizes else {
        throw OrchestratorError.badWeights(
          file: path, reason: "'\(variable.name)' has shape \(Shape(entry.shape)), the model's has \(variable.shape)")
      }
    }
    let known = Set(variables.map(\.name))
    // PyTorch's batch normalisation counts its batches; nothing depends on it.
    let extra = file.tensors.map(\.name).filter { !known.contains($0) && !$0.hasSuffix("num_batches_tracked") }
    if let first = extra.first {
      let near = nearest(to: first, among: known).map { "; the nearest is '\($0)'" } ?? ""
      throw OrchestratorError.badWeights(
        file: path,
        reason: "has '\(first)'\(extra.count > 1 ? " and \(extra.count - 1) more" : ""), which the model has not\(near)"
      )
    }
    for variable in variables {
      let floats = try file.floats(of: variable.name)
      if let tensor = Tensor(variable.shape, .float32(floats)) { try session.write(tensor, to: variable) }
    }
    try trainer.programs.parametersChanged()
  }
}
