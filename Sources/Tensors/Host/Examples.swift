/// Inputs with their targets, in order.
public struct Examples: Sendable {
  /// `[count, features…]`; images are `[count, channels, height, width]`, as bytes or floats.
  public var inputs: any ExampleSource
  /// Class indices `[count]` (int32) when there are `classNames`, else numbers `[count, outputs…]`.
  public var targets: Tensor
  /// One name a class; nil for targets that are numbers.
  public var classNames: [String]?

  /// Nil if inputs and targets differ in count.
  public init?(inputs: any ExampleSource, targets: Tensor, classNames: [String]?) {
    guard inputs.shape.rank > 0, targets.shape.rank > 0, inputs.shape[0] == targets.shape[0] else { return nil }
    self.inputs = inputs
    self.targets = targets
    self.classNames = classNames
  }

  public var count: Int { inputs.shape[0] }

  /// The shape of one input.
  public var inputShape: Shape { Shape(Array(inputs.shape.sizes.dropFirst())) }

  /// How many examples each class has; nil for targets that are numbers.
  public var classCounts: [Int]? {
    guard let classNames, case .int32(let classes) = targets.elements else { return nil }
    var counts = Array(repeating: 0, count: classNames.count)
    for index in classes where counts.indices.contains(Int(index)) { counts[Int(index)] += 1 }
    return counts
  }

  /// The examples at `indices`, which must exist, in that order. Their inputs are not copied.
  public subscript(indices: some Collection<Int>) -> Examples {
    var selected = self
    selected.inputs = SelectedRows(inputs, indices)
    selected.targets = targets.gathering(indices)
    return selected
  }
}
