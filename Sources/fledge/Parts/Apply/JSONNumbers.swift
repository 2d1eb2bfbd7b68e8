import Foundation
import Tensors

/// Nested lists of numbers, as users write tensors in JSON.
private enum JSONNumbers: Decodable {
  case number(Double)
  case list([JSONNumbers])

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let number = try? container.decode(Double.self) {
      self = .number(number)
    } else if let text = try? container.decode(String.self), let number = Self.notFinite[text] {
      self = .number(number)
    } else {
      self = .list(try container.decode([JSONNumbers].self))
    }
  }

  private static let notFinite = ["NaN": Double.nan, "Infinity": .infinity, "-Infinity": -.infinity]
}

extension Tensor {
  /// The tensor that JSON spells: a number, or lists nested as deep as the tensor has axes. `@FILE` stands for a file's text.
  ///
  /// `origin` is what the text is to the user. Throws `CommandError`.
  init(json text: String, origin: String) throws {
    var text = text
    if text.hasPrefix("@") { text = try InputFile.text(String(text.dropFirst()), origin: origin) }
    guard let numbers = try? JSONDecoder().decode(JSONNumbers.self, from: Data(text.utf8)) else {
      let shown = text.count > 40 ? text.prefix(40) + "…" : text[...]
      throw CommandError(
        "\(origin): '\(shown)' is not a number or nested lists of numbers in JSON, such as [[1, 2], [3, 4]]")
    }
    var sizes: [Int] = []
    var first = numbers
    while case .list(let items) = first {
      sizes.append(items.count)
      guard let next = items.first else {
        throw CommandError("\(origin): a list at depth \(sizes.count) is empty; every list needs a number")
      }
      first = next
    }
    var elements: [Double] = []
    try Self.collect(numbers, sizes[...], origin, into: &elements)
    guard let tensor = Tensor(Shape(sizes), .float64(elements)) else {
      throw CommandError("\(origin): the lists differ in length")
    }
    self = tensor
  }

  private static func collect(
    _ numbers: JSONNumbers, _ sizes: ArraySlice<Int>, _ origin: String, into elements: inout [Double]
  ) throws(CommandError) {
    switch (numbers, sizes.first) {
    case (.number(let number), nil): elements.append(number)
    case (.number, let size?):
      throw CommandError("\(origin): a number stands where the first list has a list of \(size)")
    case (.list, nil): throw CommandError("\(origin): a list stands where the first list has a number")
    case (.list(let items), let size?):
      guard items.count == size else {
        throw CommandError("\(origin): lists side by side differ in length: \(size) and \(items.count)")
      }
      for item in items { try collect(item, sizes.dropFirst(), origin, into: &elements) }
    }
  }

  /// The elements as nested lists; Float32 numbers as short as they read back.
  var json: JSONValue {
    let leaves: [JSONValue] =
      switch elements {
      case .float32(let values): values.map(JSONValue.float)
      case .float64(let values): values.map(JSONValue.number)
      case .uint8(let values): values.map { .integer(Int($0)) }
      case .int32(let values): values.map { .integer(Int($0)) }
      }
    return Self.nested(leaves[...], shape.sizes[...])
  }

  private static func nested(_ leaves: ArraySlice<JSONValue>, _ sizes: ArraySlice<Int>) -> JSONValue {
    guard let size = sizes.first else { return leaves.first ?? .null }
    let part = size == 0 ? 0 : leaves.count / size
    return .array(
      (0..<size).map { index in
        nested(leaves[leaves.startIndex + index * part..<leaves.startIndex + (index + 1) * part], sizes.dropFirst())
      })
  }
}
