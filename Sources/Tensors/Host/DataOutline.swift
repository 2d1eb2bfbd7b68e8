public import Registry

/// What is known of a dataset's training examples before anything is made of them.
public struct DataOutline: Sendable, Equatable {
  /// How the inputs are kept: bytes for images as files have them.
  public let inputType: ElementType
  /// Of one input.
  public let inputShape: Shape
  /// How many classes the targets tell apart; nil for targets that are numbers.
  public let classCount: Int?

  public init(inputType: ElementType, inputShape: Shape, classCount: Int?) {
    self.inputType = inputType
    self.inputShape = inputShape
    self.classCount = classCount
  }
}

extension Examples {
  public var outline: DataOutline {
    DataOutline(inputType: inputs.elementType, inputShape: inputShape, classCount: classNames?.count)
  }
}

/// A part that stands in a recipe which names none of its kind, where it suits the data.
///
/// `softmax-cross-entropy` says so of classes, `mean-squared-error` of numbers; of several that suit, the first by name is
/// taken.
public protocol DataDefault: Component {
  /// Whether the part, with its defaults, is what most would choose for such data.
  static func suits(_ data: DataOutline) -> Bool
}

extension Registry {
  /// The part of a kind that suits the data; nil if none says so.
  public func part(of kind: String, suiting data: DataOutline) -> String? {
    dataDefaults(of: kind).first { $0.suits(data) }?.name
  }

  /// The parts of a kind that stand in recipes which name none, each for some data.
  public func dataDefaults(of kind: String) -> [any DataDefault.Type] {
    entries(of: kind).compactMap { $0.type as? any DataDefault.Type }
  }
}
