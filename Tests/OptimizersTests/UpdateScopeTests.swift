import Execution
import Optimizers
import Registry
import Tensors
import Testing

@Suite struct UpdateScopeTests {
  /// Holds gradient descent with a rate of ½, while its own base rate is 2.
  private struct Holder: Optimizer {
    static let name = "holder"
    static let summary = "an inner step"
    static let reference = "none"
    var rate = 2.0
    init() {}
    init(rate: Double) { self.rate = rate }
    func callAsFunction(_ parameter: Value, gradient: Value, _ update: UpdateScope) -> Value {
      var inner = SGD()
      inner.rate = 0.5
      return update.apply(inner, to: parameter, gradient: gradient, at: "inner")
    }
  }

  @Test("an inner rate is scheduled as the outer one", arguments: [(2.0, 0.5), (1, 0.25), (0, 0)])
  func innerRate(_ scheduled: Double, _ expected: Double) throws {
    let points = try descend(Holder(), [10, 20], 1, rate: scheduled) { x, y in x + 2 * y }
    #expect(points == [[10 - expected, 20 - 2 * expected]])
  }

  @Test func anOuterRateOfZeroLeavesTheInnerRateAsItIs() throws {
    #expect(try descend(Holder(rate: 0), [10, 20], 1) { x, y in x + 2 * y } == [[9.5, 19]])
  }

  /// Steps by the least objective so far, and writes numbers that are drawn.
  private struct Keeper: Optimizer {
    static let name = "keeper"
    static let summary = "a step as long as the least objective so far"
    static let reference = "none"
    var rate = 1.0 / 64
    init() {}
    init(rate: Double) { self.rate = rate }
    func callAsFunction(_ parameter: Value, gradient: Value, _ update: UpdateScope) -> Value {
      let least = update.number("least", initially: .infinity) { min($0, update.objective) }
      return parameter - update.rate * least * gradient
    }
  }

  @Test func theObjectiveIsThatBeforeTheUpdateAndANumberIsKept() throws {
    let points = try descend(Keeper(), [10, 20], 2) { x, y in x + 2 * y }
    // The objective is 50, then 46.09375.
    #expect(points == [[9.21875, 18.4375], [9.21875 - 46.09375 / 64, 18.4375 - 46.09375 / 32]])
    // It would rise, and the least stays.
    let rising = try descend(Keeper(rate: -1.0 / 64), [10, 20], 2) { x, y in x + 2 * y }
    #expect(rising == [[10.78125, 21.5625], [11.5625, 23.125]])
  }

  private struct Jumper: Optimizer {
    static let name = "jumper"
    static let summary = "a random step"
    static let reference = "none"
    var rate = 1.0
    func callAsFunction(_ parameter: Value, gradient: Value, _ update: UpdateScope) -> Value {
      parameter + update.random("direction")
    }
  }

  @Test func randomNumbersAreNewAtEachStepAndTheSameInEachRun() throws {
    let points = try descend(Jumper(), [0, 0], 2) { x, y in x + y }
    #expect(points == (try descend(Jumper(), [0, 0], 2) { x, y in x + y }))
    let second = zip(points[1], points[0]).map { $0 - $1 }
    #expect(points[0] != second)
    #expect(points[0].count == 2 && (points[0] + second).allSatisfy { (0..<1).contains($0) })
  }
}
