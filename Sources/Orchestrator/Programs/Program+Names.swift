package import Execution
import Registry
package import Tensors

extension Program {
  /// Runs a step with inputs by name; gives the outputs by name.
  ///
  /// - Throws: ``ProgramNameError`` unless the names are those of the graph's inputs; what `run` throws.
  package func run(named inputs: [String: Tensor], step: UInt64) throws -> NamedOutputs {
    let graph = graph
    var tensors: [Tensor] = []
    tensors.reserveCapacity(graph.inputs.count)
    for input in graph.inputs {
      guard let tensor = inputs[input.name] else {
        throw ProgramNameError.missingInput(input.name, given: inputs.keys.sorted())
      }
      tensors.append(tensor)
    }
    if inputs.count > tensors.count {
      let taken = graph.inputs.map(\.name)
      let unknown = inputs.keys.sorted().first { !taken.contains($0) } ?? ""
      throw ProgramNameError.unknownInput(unknown, taken: taken)
    }
    let results = try run(tensors, step: step)
    return NamedOutputs(zip(graph.outputs, results).map { ($0.name, $1) })
  }
}

/// What a program computed.
package struct NamedOutputs: Sendable {
  private let tensors: [String: Tensor]

  fileprivate init(_ tensors: [(String, Tensor)]) {
    self.tensors = Dictionary(tensors) { first, _ in first }
  }

  package subscript(_ name: String) -> Tensor {
    get throws(ProgramNameError) {
      guard let tensor = tensors[name] else { throw .unknownOutput(name, made: tensors.keys.sorted()) }
      return tensor
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
