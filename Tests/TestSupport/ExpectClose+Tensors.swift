public import Tensors
public import Testing

/// Expects a tensor of the same shape with numbers that are near, by the rule of ``expectClose(_:_:within:relative:_:sourceLocation:)``.
public func expectClose(
  _ found: Tensor, _ expected: Tensor, within tolerance: Double, relative: Double = 0,
  _ title: @autoclosure () -> String = "", sourceLocation: SourceLocation = #_sourceLocation
) {
  guard found.shape == expected.shape else {
    let title = title()
    Issue.record(
      "\(title.isEmpty ? "" : "\(title): ")the shape is \(found.shape), expected \(expected.shape)",
      sourceLocation: sourceLocation)
    return
  }
  expectClose(
    found.doubles, expected.doubles, within: tolerance, relative: relative, title(), sourceLocation: sourceLocation)
}

/// Expects as many tensors as there should be, at least one, each near its own; `title` is told which.
public func expectClose(
  _ found: [Tensor], _ expected: [Tensor], within tolerance: Double, relative: Double = 0,
  sourceLocation: SourceLocation = #_sourceLocation, _ title: (_ index: Int) -> String = { "tensor \($0)" }
) {
  guard found.count == expected.count, !found.isEmpty else {
    Issue.record(
      "found \(found.count) tensors, expected \(expected.isEmpty ? "none, which compares nothing" : "\(expected.count)")",
      sourceLocation: sourceLocation)
    return
  }
  for index in found.indices {
    expectClose(
      found[index], expected[index], within: tolerance, relative: relative, title(index),
      sourceLocation: sourceLocation)
  }
}
