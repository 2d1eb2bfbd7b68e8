import Registry
import Testing

@Suite struct MetricDirectionTests {
  @Test(arguments: [
    (MetricDirection.lower, 1.0, 2.0, 0.0, true), (.lower, 2, 1, 0, false), (.lower, 1, 1, 0, false),
    (.higher, 2, 1, 0, true), (.higher, 1, 2, 0, false), (.higher, 1, 1, 0, false),
    (.lower, 1, 2, 1, false), (.lower, 0.5, 2, 1, true), (.higher, 3, 2, 1, false), (.higher, 3.5, 2, 1, true),
    (.lower, 1, .infinity, 0, true), (.higher, 1, -.infinity, 0, true), (.lower, .infinity, .infinity, 0, false),
    (.lower, .nan, 1, 0, false), (.higher, .nan, 1, 0, false), (.lower, 1, .nan, 0, false),
    (.neither, 1, 2, 0, false), (.neither, 2, 1, 0, false),
  ])
  func isBetter(
    _ direction: MetricDirection, _ value: Double, _ other: Double, _ margin: Double, _ expected: Bool
  ) {
    #expect(direction.isBetter(value, than: other, by: margin) == expected)
  }
}
