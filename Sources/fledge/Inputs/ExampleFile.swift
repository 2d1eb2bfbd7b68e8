import Tensors

/// A file of examples to predict, whatever its format.
struct ExampleFile {
  private let path: String
  private let contents: [UInt8]

  /// Reads the file whole. Throws `CommandError`.
  init(_ path: String) throws(CommandError) {
    self.path = path
    contents = try InputFile.contents(path)
    guard !contents.isEmpty else { throw CommandError("\(path): it is empty") }
  }

  /// The first examples, in the shape that the model takes. Throws `CommandError` that names the example.
  func examples(of shape: Shape, limit: Int?) throws -> [Tensor] {
    let found = try read(shape)
    return try found.prefix(limit ?? found.count).enumerated().map { index, example in
      if example.shape == shape { return example }
      // A row of pixels is an image, and an image without channels has one.
      let isSame = example.shape.sizes.filter { $0 > 1 } == shape.sizes.filter { $0 > 1 }
      if isSame || example.shape.rank == 1 || shape.rank == 1, let fitting = example.reshaped(shape) { return fitting }
      throw CommandError("\(path), example \(index): its shape is \(example.shape), the model takes \(shape)")
    }
  }

  private func read(_ shape: Shape) throws -> [Tensor] {
    if contents.starts(with: [0, 0, 8]) { return try IDXImages(contents, path).images }
    if contents.starts(with: Array("P5".utf8)) || contents.starts(with: Array("P6".utf8)) {
      return try PixelMaps(contents, path).images
    }
    guard let text = String(validating: contents, as: UTF8.self) else {
      throw CommandError(
        "\(path): it is none of IDX images, binary PGM or PPM images, JSON, CSV, or a gzip file of one")
    }
    let first = text.first { !$0.isWhitespace }
    if first == "[" { return try jsonExamples(text, shape) }
    if let first, first == "P", ["P1", "P2", "P3", "P4"].contains(text.prefix(2)) {
      throw CommandError(
        "\(path): it is a text or black-and-white image (\(text.prefix(2))); save it as binary PGM or PPM")
    }
    return try NumberRows(text, path).rows
  }

  /// One example, or a list of them.
  private func jsonExamples(_ text: String, _ shape: Shape) throws -> [Tensor] {
    let all = try Tensor(json: text, origin: path)
    if all.shape.elementCount == shape.elementCount { return [all] }
    guard let count = all.shape.sizes.first, all.shape.rank > 1 || shape.elementCount == 1 else { return [all] }
    let own = Shape(Array(all.shape.sizes.dropFirst()))
    return (0..<count).compactMap { all.gathering([$0]).reshaped(own) }
  }
}
