public import Registry
import Tensors

/// How much the examples of each class count in a loss.
public enum ClassWeights: ParameterScalar, Equatable {
  case alike
  /// All classes together the same: n/(C·nᵢ) of n training examples in C classes, nᵢ of them in the class (King & Zeng
  /// 2001; scikit-learn's `balanced`). A class without examples counts as one with a single example.
  case balanced
  /// One number a class.
  case list([Double])

  public static var expectation: String {
    "none, balanced, or a list of numbers, one a class, each at least 0 and not all 0"
  }

  public init?(term: Specification.Term) {
    switch term {
    case .part(Specification("none")): self = .alike
    case .part(Specification("balanced")): self = .balanced
    case .list(let terms, _):
      let numbers = terms.compactMap(Double.init(term:))
      guard numbers.count == terms.count, numbers.allSatisfy({ $0 >= 0 }), numbers.contains(where: { $0 > 0 }) else {
        return nil
      }
      self = .list(numbers)
    default: return nil
    }
  }

  public var term: Specification.Term {
    switch self {
    case .alike: .part(Specification("none"))
    case .balanced: .part(Specification("balanced"))
    case .list(let numbers): .list(numbers.map(\.term), at: .unknown)
    }
  }

  /// One number for each of so many classes; nil if all count alike. A list of another length is reported to the trace.
  func values(classes: Int, _ context: LossContext, in trace: Trace, loss: String) -> [Double]? {
    let numbers: [Double]
    switch self {
    case .alike: return nil
    case .balanced:
      guard let counts = context.classCounts else { return nil }
      let total = Double(counts.reduce(0, +))
      numbers = counts.map { total / (Double(counts.count) * Double(max(1, $0))) }
    case .list(let list): numbers = list
    }
    guard numbers.count == classes else {
      trace.report(
        ShapeError("loss \(loss) has \(numbers.count) class-weights for \(classes) classes: give one a class"))
      return nil
    }
    return numbers
  }
}
