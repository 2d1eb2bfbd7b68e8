import Conformance
import Registry
import Testing
import TrainingMetrics

@Suite struct BrokenMetricsTests {
  @Test(
    "a metric that breaks a law fails the check of that law",
    arguments: [
      ("undefined", "finite", ["predictions normal", "nan"]),
      ("averages", "halves", ["averages of classes", "two halves"]),
      ("heedless", "padding", ["heedless of classes", "filled up"]),
      ("outspoken", "figures", ["declares the figures [], gives [\"share\"]"]),
      ("hollow", "figures", ["equal classes", "the table 'shares' holds", "nan"]),
      ("indivisible", "figures", ["equal classes", "nan"]),
    ])
  func fails(_ name: String, _ check: String, _ fragments: [String]) throws {
    var registry = Registry()
    registry.register(Undefined.self)
    registry.register(Averages.self)
    registry.register(Heedless.self)
    registry.register(Outspoken.self)
    registry.register(Hollow.self)
    registry.register(Indivisible.self)
    let results = ConformanceSuite(registry: registry, backends: []).check(name: name)
    let result = try #require(results.first { $0.check == check }, "\(name) has no check '\(check)': \(results)")
    guard case .failed(let message) = result.status else {
      Issue.record("\(name) passes '\(check)': \(result)")
      return
    }
    for fragment in fragments { #expect(message.contains(fragment), "\(message)") }
  }
}
