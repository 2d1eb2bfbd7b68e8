import Foundation
import Testing

@Suite struct TraceTests {
  private struct Rate: Decodable {
    let step: Int
    let rate: Double
  }

  private struct Point: Decodable {
    let step: Int
    let x: Double
    let y: Double
    let value: Double
  }

  @Test func cosine() async throws {
    let rates = try await Program().succeed(["trace", "cosine", "--steps", "4", "--rate", "0.5"]).lines(Rate.self)
    #expect(rates.map(\.step) == [0, 1, 2, 3])
    for (step, rate) in zip(0..., rates.map(\.rate)) {
      #expect(abs(rate - 0.25 * (1 + cos(.pi * Double(step) / 4))) < 1e-15, "step \(step)")
    }
  }

  @Test func epochsOfASchedule() async throws {
    let outcome = try await Program().succeed(
      ["trace", "step(every: 1, factor: 0.5)", "--steps", "6", "--steps-per-epoch", "2"])
    #expect(try outcome.lines(Rate.self).map(\.rate) == [1, 1, 0.5, 0.5, 0.25, 0.25])
  }

  @Test func aSchedulerThatWatchesAFigureSeesOneThatRests() async throws {
    for specification in ["plateau(0, factor: 0.5)", "plateau(0, factor: 0.5, metric: train.loss)"] {
      let outcome = try await Program().succeed(["trace", specification, "--steps", "8", "--steps-per-epoch", "2"])
      #expect(try outcome.lines(Rate.self).map(\.rate) == [1, 1, 1, 1, 0.5, 0.5, 0.25, 0.25], "\(specification)")
    }
  }

  /// x ← x − 0.25·2x halves x; y ← y − 0.25·20y is −4y.
  @Test func gradientDescentOnTheQuadratic() async throws {
    let outcome = try await Program().succeed(
      ["trace", "sgd(rate: 0.25)", "--steps", "3", "--on", "quadratic", "--start", "1,-1"])
    let points = try outcome.lines(Point.self)
    #expect(points.map(\.step) == [1, 2, 3])
    #expect(points.map(\.x) == [0.5, 0.25, 0.125])
    #expect(points.map(\.y) == [4, -16, 64])
    #expect(points.map(\.value) == [160.25, 2560.0625, 40960.015625])
  }

  /// At (−1, 1) the gradient of (1−x)² + 100(y−x²)² is (−4, 0): one step of 0.5 ends at (1, 1), where it is 0.
  @Test func gradientDescentOnRosenbrock() async throws {
    let outcome = try await Program().succeed(
      ["trace", "sgd", "--rate", "0.5", "--steps", "2", "--on", "rosenbrock", "--start", "-1,1"])
    let points = try outcome.lines(Point.self)
    #expect(points.map(\.x) == [1, 1] && points.map(\.y) == [1, 1] && points.map(\.value) == [0, 0])
  }

  @Test func adamStepsByItsRate() async throws {
    let points = try await Program().succeed(
      ["trace", "adam(rate: 0.1)", "--steps", "1", "--start", "1,1"]
    ).lines(Point.self)
    #expect(abs(points[0].x - 0.9) < 1e-8 && abs(points[0].y - 0.9) < 1e-8, "\(points)")
  }

  @Test("plots", arguments: [["cosine"], ["adam", "--on", "rosenbrock"]])
  func plots(_ arguments: [String]) async throws {
    let text = try await Program().succeed(["trace", "--steps", "50", "--plot"] + arguments).output
    #expect(text.split(separator: "\n").count > 8 && text.contains("└"), "\(text)")
  }

  private static let faults: [(arguments: [String], code: Int32, parts: [String])] = [
    (["admm", "--steps", "2"], 1, ["no scheduler or optimizer 'admm'", "did you mean 'adam'?"]),
    (["relu", "--steps", "2"], 1, ["'relu' is of kind activation"]),
    (["sgd(nesterov: true)", "--steps", "2"], 1, ["nesterov needs momentum"]),
    (["adam", "--steps", "2", "--start", "1"], 1, ["--start", "'1'"]),
    (["adam", "--steps", "0"], 64, ["--steps must be 1 to"]),
    (["adam", "--steps", "2", "--on", "rosenbrok"], 64, ["rosenbrok", "rosenbrock"]),
    (["adam"], 64, ["--steps"]),
  ]

  @Test("refuses", arguments: faults)
  func refuses(_ arguments: [String], _ code: Int32, _ parts: [String]) async throws {
    try await Program().fail(["trace"] + arguments, code: code, saying: parts)
  }
}
