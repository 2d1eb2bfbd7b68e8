import Foundation
import Tensors

/// The four files of a dataset like MNIST, in one folder.
struct IDXFolder {
  let path: String

  private static let images = (train: "train-images-idx3-ubyte", test: "t10k-images-idx3-ubyte")
  private static let labels = (train: "train-labels-idx1-ubyte", test: "t10k-labels-idx1-ubyte")
  private static let names = [images.train, labels.train, images.test, labels.test]

  /// The first of the places that `context` knows which holds any of the files; `folder` is the user's own choice.
  init(of dataset: String, folder: String?, _ context: DatasetContext, source: String) throws(DatasetError) {
    let places =
      folder.map { [context.path($0)] }
      ?? context.dataFolders.map { "\($0)/\(dataset)" } + context.dataFolders
      + [context.path("data/\(dataset)"), "\(context.systemFolder)/\(dataset)"]
    let found = places.first { place in Self.names.contains { Self.existing($0, in: place) != nil } }
    guard let path = found else {
      throw DatasetError(
        .missing,
        "the files of \(dataset) were not found\n  searched: \(places.joined(separator: ", "))\n"
          + "  expected: \(Self.names.joined(separator: ", ")), each plain or with .gz",
        remedy: "\(source), or name their folder: \(dataset)(folder: 'path') or the environment variable FLEDGE_DATA")
    }
    self.path = path
  }

  /// Training and test examples, at most `limit` of each.
  func load(classNames: [String], limit: Int?) throws(DatasetError) -> DatasetSplits {
    let train = try examples(Self.images.train, Self.labels.train, classNames, limit)
    let test = try examples(Self.images.test, Self.labels.test, classNames, limit)
    guard train.inputShape == test.inputShape else {
      throw DatasetError(
        .wrongSize, at: .init(file: try file(Self.images.test)),
        "has images of shape \(test.inputShape), the training images have \(train.inputShape)",
        remedy: "take both from the same source")
    }
    return DatasetSplits(train: train, test: test)
  }

  private func examples(_ images: String, _ labels: String, _ classNames: [String], _ limit: Int?) throws(DatasetError)
    -> Examples
  {
    let imageFile = try IDXFile(file(images), rank: 3)
    let labelFile = try IDXFile(file(labels), rank: 1)
    let (imagePath, labelPath) = (imageFile.path, labelFile.path)
    guard imageFile.count == labelFile.count else {
      throw DatasetError(
        .countMismatch, at: .init(file: labelPath),
        "has \(labelFile.count) labels for the \(imageFile.count) images of \(imagePath)",
        remedy: "take both from the same source")
    }
    guard imageFile.count > 0 else { throw DatasetError(.empty, at: .init(file: imagePath), "holds no images") }
    let count = min(limit ?? imageFile.count, imageFile.count)
    try DatasetError.checkMemory(for: [count], .int32, at: .init(file: labelPath), remedy: "use limit: to take fewer")
    let classes = try labelFile.read(limit)
    if let index = classes.firstIndex(where: { $0 >= classNames.count }) {
      throw DatasetError(
        .labelOutOfRange, at: .init(file: labelPath, position: .byte(8 + index)),
        "label \(classes[index]) of example \(index), expected 0 to \(classNames.count - 1)",
        remedy: "fetch it again, or use the dataset that it belongs to")
    }
    guard let targets = Tensor([count], .int32(classes.map(Int32.init))),
      let examples = Examples(
        inputs: try inputs(imageFile, count), targets: targets, classNames: classNames)
    else { throw DatasetError(.countMismatch, at: .init(file: imagePath), "images and labels differ in number") }
    return examples
  }

  /// In memory if they have to be decompressed.
  private func inputs(_ file: IDXFile, _ count: Int) throws(DatasetError) -> any ExampleSource {
    guard file.isCompressed else { return try IDXImages(file, count: count) }
    let shape = Shape([count, 1, file.sizes[1], file.sizes[2]])
    let place = DatasetError.Place(file: file.path)
    try DatasetError.checkMemory(
      for: shape, .uint8, at: place, remedy: "use limit: to take fewer, or decompress the file to read it as needed")
    guard let inputs = Tensor(shape, .uint8(try file.read(count))) else {
      throw DatasetError(.truncated, at: place, "does not fill \(shape)")
    }
    return inputs
  }

  private func file(_ name: String) throws(DatasetError) -> String {
    if let file = Self.existing(name, in: path) { return file }
    throw DatasetError(
      .missing, at: .init(file: path), "has no \(name) and no \(name).gz, though other files of the dataset are there",
      remedy: "put it beside them")
  }

  private static func existing(_ name: String, in folder: String) -> String? {
    ["\(folder)/\(name)", "\(folder)/\(name).gz"].first { FileManager.default.fileExists(atPath: $0) }
  }
}
