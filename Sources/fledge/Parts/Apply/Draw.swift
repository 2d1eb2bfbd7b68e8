import Initializers
import Tensors

/// The statistics of what an initializer draws for a weight `[outputs, inputs, …]`.
struct Draw {
  private let shape: Shape
  private let fan: Fan
  private let values: [Double]

  private static let greatestCount = 100_000_000

  /// `text` is sizes separated by commas. Throws `CommandError`.
  init(_ part: any Initializer, shape text: String, seed: UInt64) throws {
    let sizes = text.split(separator: ",", omittingEmptySubsequences: false).map { Int($0.drop { $0 == " " }) ?? 0 }
    guard sizes.allSatisfy({ $0 > 0 }) else {
      throw CommandError("--shape: expected sizes of at least 1 separated by commas, such as 256,128, found '\(text)'")
    }
    var count = 1
    for size in sizes {
      let (product, overflows) = count.multipliedReportingOverflow(by: size)
      guard !overflows, product <= Self.greatestCount else {
        throw CommandError("--shape: \(text) has more than \(Self.greatestCount) elements; take a smaller one")
      }
      count = product
    }
    shape = Shape(sizes)
    let area = sizes.dropFirst(2).reduce(1, *)
    fan =
      sizes.count == 1
      ? Fan(input: sizes[0], output: sizes[0]) : Fan(input: sizes[1] * area, output: sizes[0] * area)
    var stream = RandomStream(seed: seed, "initial weight")
    values = part(shape, fan, &stream).doubles
  }

  var json: JSONValue {
    let mean = values.reduce(0, +) / Double(values.count)
    let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)
    return .object([
      ("shape", .array(shape.sizes.map(JSONValue.integer))), ("mean", .number(mean)),
      ("deviation", .number(variance.squareRoot())), ("minimum", .number(values.min() ?? .nan)),
      ("maximum", .number(values.max() ?? .nan)), ("fanIn", .integer(fan.input)), ("fanOut", .integer(fan.output)),
    ])
  }
}
