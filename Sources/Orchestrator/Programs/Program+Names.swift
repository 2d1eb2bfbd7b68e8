package import Execution
import Registry
package import Tensors

extension Program {
  /// Runs a step with inputs by name, in any order; gives the outputs by name.
  ///
  /// Programs have a handful of each: they are looked through, which takes less of a short step than a dictionary's making.
  ///
  /// - Throws: ``ProgramNameError`` unless the names are those of the graph's inputs; what `run` throws.
  package func run(named inputs: [(name: String, value: Tensor)], step: UInt64) throws -> NamedOutputs {
    let graph = graph
    var tensors: [Tensor] = []
    tensors.reserveCapacity(graph.inputs.count)
    for input in graph.inputs {
      guard let given = inputs.first(where: { $0.name == input.name }) else {
        throw ProgramNameError.missingInput(input.name, given: inputs.map(\.name))
      }
      tensors.append(given.value)
    }
    if inputs.count > tensors.count {
      let taken = graph.inputs.map(\.name)
      let unknown = inputs.map(\.name).first { !taken.contains($0) } ?? inputs.last?.name ?? ""
      throw ProgramNameError.unknownInput(unknown, taken: taken)
    }
    return NamedOutputs(names: graph.outputs, tensors: try run(tensors, step: step))
  }
}

/// What a program computed.
package struct NamedOutputs: Sendable {
  fileprivate let names: [Graph.Output]
  fileprivate let tensors: [Tensor]

  package subscript(_ name: String) -> Tensor {
    get throws(ProgramNameError) {
      guard let index = names.firstIndex(where: { $0.name == name }), index < tensors.count else {
        throw .unknownOutput(name, made: names.map(\.name))
      }
      return tensors[index]
    }
  }
}

/// A name that a program does not have.
package enum ProgramNameError: Error, Sendable, Equatable {
  case missingInput(String, given: [String])
  case unknownInput(String, taken: [String])
  case unknownOutput(String, made: [String])
}

extension ProgramNameError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .missingInput(let name, let given):
      "the program takes an input '\(name)', given are \(given.joined(separator: ", "))"
    case .unknownInput(let name, let taken):
      "the program takes no input '\(name)'\(hint(name, taken)) It takes \(taken.joined(separator: ", "))"
    case .unknownOutput(let name, let made):
      "the program makes no output '\(name)'\(hint(name, made)) It makes \(made.joined(separator: ", "))"
    }
  }

  private func hint(_ name: String, _ candidates: [String]) -> String {
    nearest(to: name, among: candidates).map { "; did you mean '\($0)'?" } ?? "."
  }
}
