public import Testing

/// Expects as many numbers as there should be, each of them near its own: `|found − expected| ≤ within + relative·|expected|`.
///
/// Fails where a number is not one (NaN), where there are too few or too many, and where there is nothing to compare. The
/// message names the place of the worst difference. Equal infinities are near each other.
///
/// - Parameters:
///   - found: What the code under test made.
///   - expected: What it should have made; none of it NaN.
///   - tolerance: The difference allowed whatever the size of the number.
///   - relative: What is allowed beyond that, as a share of the expected number's magnitude.
///   - title: Which case it was, for the message.
///   - sourceLocation: Where it is expected.
public func expectClose(
  _ found: some Collection<some BinaryFloatingPoint>, _ expected: some Collection<some BinaryFloatingPoint>,
  within tolerance: Double, relative: Double = 0, _ title: @autoclosure () -> String = "",
  sourceLocation: SourceLocation = #_sourceLocation
) {
  let difference = differences(found.map { Double($0) }, expected.map { Double($0) }) { tolerance + relative * abs($0) }
  guard let difference else { return }
  let title = title()
  Issue.record("\(title.isEmpty ? "" : "\(title): ")\(difference)", sourceLocation: sourceLocation)
}

/// What tells the numbers apart; nil if all are near.
private func differences(
  _ found: [Double], _ expected: [Double], allowed: (_ expected: Double) -> Double
) -> Comment? {
  if found.isEmpty && expected.isEmpty { return "there is nothing to compare" }
  guard found.count == expected.count else { return "found \(found.count) numbers, expected \(expected.count)" }
  var (worst, excess, count) = (0, -Double.infinity, 0)
  for index in found.indices where found[index] != expected[index] {
    let difference = abs(found[index] - expected[index]) / allowed(expected[index])
    // NaN, also where the tolerance is one, is the worst that there is.
    if difference <= 1 { continue }
    count += 1
    let rank = difference.isNaN ? .infinity : difference
    if rank > excess { (worst, excess) = (index, rank) }
  }
  guard count > 0 else { return nil }
  return """
    number \(worst) is \(found[worst]), expected \(expected[worst]) ± \(allowed(expected[worst])) \
    (\(count) of \(found.count) numbers are off, this one most)
    """
}
