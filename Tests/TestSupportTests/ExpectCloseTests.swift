import Tensors
import TestSupport
import Testing

@Suite struct ExpectCloseTests {
  @Test func nearNumbersPass() {
    expectClose([1.0, -2, .infinity], [1.001, -2, .infinity], within: 0.0011)
    expectClose([1000.0, 0], [1001, 0], within: 0, relative: 1e-3)
    expectClose([1 as Float, 2], [1.0, 2], within: 0)
    expectClose(Tensor([2, 1]) { Double($0) }, Tensor([2, 1]) { Double($0) }, within: 0)
    expectClose([Tensor(3)], [Tensor(3.5)], within: 0.5)
  }

  @Test(
    "what is not near fails, and the message names the place",
    arguments: [
      ([0, 1.5, 2, 9], [0, 1, 2, 3], "number 3 is 9.0, expected 3.0 ± 0.1 (2 of 4 numbers are off"),
      ([0, 1.5, .nan], [0, 1, 2], "number 2 is nan, expected 2.0"),
      ([0, 1], [0, .nan], "number 1 is 1.0, expected nan"),
      ([.nan], [.nan], "number 0 is nan"),
      ([.infinity], [-.infinity], "number 0 is inf, expected -inf"),
      ([0, 1], [0, 1, 2], "found 2 numbers, expected 3"),
      ([0, 1, 2], [0, 1], "found 3 numbers, expected 2"),
      ([], [1], "found 0 numbers, expected 1"),
      ([], [], "nothing to compare"),
    ] as [([Double], [Double], String)])
  func fails(_ found: [Double], _ expected: [Double], _ message: String) {
    withKnownIssue {
      expectClose(found, expected, within: 0.1, "case")
    } matching: { issue in
      issue.comments.contains { $0.rawValue.hasPrefix("case: \(message)") || $0.rawValue.contains(message) }
    }
  }

  @Test func aToleranceThatIsNoNumberAllowsNothing() {
    withKnownIssue { expectClose([1.0], [2.0], within: .nan) }
    withKnownIssue { expectClose([1.0], [2.0], within: 1, relative: .nan) }
  }

  @Test func shapesAndNumbersOfTensorsCount() {
    let row = Tensor([1, 2]) { _ in 0 }
    withKnownIssue { expectClose(row, Tensor([2, 1]) { _ in 0 }, within: 1) }
    withKnownIssue { expectClose([row], [row, row], within: 1) }
    withKnownIssue { expectClose([row, row], [row], within: 1) }
    withKnownIssue { expectClose([Tensor](), [], within: 1) }
    withKnownIssue { expectClose([row, Tensor(.nan)], [row, Tensor(0)], within: 1) }
  }
}
