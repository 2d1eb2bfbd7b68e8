import Conformance
import Datasets
import Foundation
import Tensors
import Testing

@Suite struct IDXTests {
  static let trainLabels: [UInt8] = [3, 1, 4, 1, 5, 9, 2, 6]
  static let testLabels: [UInt8] = [0, 9, 8]

  private let folder: Folder

  init() throws { folder = try Folder() }

  @Test("small sets load, plain and compressed", arguments: ["", ".gz"])
  func loads(_ suffix: String) throws {
    try writeAll(to: "data/mnist", suffix: suffix)
    let splits = try folder.load("mnist")
    #expect(splits.train.inputs.shape == [8, 1, 28, 28])
    #expect(try splits.train.allInputs() == Array(IDXBytes.images(8).dropFirst(16)).map(Float.init))
    #expect(splits.train.targets.elements == .int32(Self.trainLabels.map(Int32.init)))
    #expect(splits.train.classNames == (0...9).map(String.init))
    #expect(splits.test?.inputs.shape == [3, 1, 28, 28])
    #expect(splits.test?.targets.elements == .int32(Self.testLabels.map(Int32.init)))
  }

  @Test("a limit keeps the first of both", arguments: ["", ".gz"])
  func limits(_ suffix: String) throws {
    try writeAll(to: "data/fashion-mnist", suffix: suffix)
    let whole = try folder.load("fashion-mnist")
    let limited = try folder.load("fashion-mnist(limit: 2)")
    #expect(try limited.train.inputs.rows(0..<2) == whole.train.inputs.rows(0..<2) && limited.train.count == 2)
    #expect(limited.train.targets.elements == .int32([3, 1]))
    #expect(limited.test?.count == 2)
    #expect(try folder.load("fashion-mnist(limit: 100)").train.count == 8)
    #expect(whole.train.classNames?[9] == "Ankle boot")
  }

  @Test func placesAreSearchedInOrder() throws {
    func firstLabel(_ specification: String = "mnist") throws -> Int32? {
      let places = ["\(folder.path)/first", "\(folder.path)/second"]
      guard case .int32(let labels) = try folder.load(specification, dataFolders: places).train.targets.elements else {
        return nil
      }
      return labels.first
    }
    for (place, label) in [("system/mnist", 1), ("data/mnist", 2), ("second", 3), ("second/mnist", 4), ("mine", 7)] {
      try folder.write(IDXBytes.images(1), to: "\(place)/train-images-idx3-ubyte")
      try folder.write(IDXBytes.labels([UInt8(label)]), to: "\(place)/train-labels-idx1-ubyte")
      try folder.write(IDXBytes.images(1), to: "\(place)/t10k-images-idx3-ubyte")
      try folder.write(IDXBytes.labels([0]), to: "\(place)/t10k-labels-idx1-ubyte")
      if place != "mine" { #expect(try firstLabel() == Int32(label), "\(place)") }
    }
    #expect(try firstLabel("mnist(folder: mine)") == 7)
  }

  @Test func absentFilesSayWhereTheyWereSearched() throws {
    let (code, text) = try folder.failure("fashion-mnist", dataFolders: ["/nowhere"])
    #expect(code == .missing)
    #expect(
      text == """
        the files of fashion-mnist were not found
          searched: /nowhere/fashion-mnist, /nowhere, FOLDER/data/fashion-mnist, FOLDER/system/fashion-mnist
          expected: train-images-idx3-ubyte, train-labels-idx1-ubyte, t10k-images-idx3-ubyte, t10k-labels-idx1-ubyte, \
        each plain or with .gz; run 'apt install dataset-fashion-mnist', fetch them from \
        https://github.com/zalandoresearch/fashion-mnist (data/fashion), or name their folder: \
        fashion-mnist(folder: 'path') or the environment variable FLEDGE_DATA
        """)
  }

  struct Fault: Sendable, CustomStringConvertible {
    let description: String
    let file: String
    let bytes: [UInt8]?
    let code: DatasetError.Code
    let text: String
  }

  static let faults: [Fault] = [
    Fault(
      description: "one file is absent", file: "t10k-labels-idx1-ubyte", bytes: nil, code: .missing,
      text: "FOLDER/data/mnist: has no t10k-labels-idx1-ubyte and no t10k-labels-idx1-ubyte.gz, "
        + "though other files of the dataset are there; put it beside them"),
    Fault(
      description: "empty file", file: "train-images-idx3-ubyte", bytes: [], code: .truncated,
      text: "FILE: is empty; fetch it again"),
    Fault(
      description: "truncated header", file: "train-images-idx3-ubyte", bytes: Array(IDXBytes.images(8).prefix(10)),
      code: .truncated, text: "FILE, byte 10: ends within the size of axis 1; fetch it again"),
    Fault(
      description: "truncated images", file: "train-images-idx3-ubyte", bytes: Array(IDXBytes.images(8).dropLast(20)),
      code: .truncated,
      text: "FILE, byte 6268: the header announces 6272 bytes of data, found 6252; fetch it again"),
    Fault(
      description: "truncated labels", file: "train-labels-idx1-ubyte",
      bytes: Array(IDXBytes.labels(trainLabels).dropLast(1)), code: .truncated,
      text: "FILE, byte 15: the header announces 8 bytes of data, found 7; fetch it again"),
    Fault(
      description: "surplus", file: "train-labels-idx1-ubyte", bytes: IDXBytes.labels(trainLabels) + [1],
      code: .surplus,
      text: "FILE, byte 16: goes on after the 8 bytes of data that its header announces; fetch it again"),
    Fault(
      description: "exchanged", file: "train-images-idx3-ubyte", bytes: IDXBytes.labels(trainLabels), code: .wrongMagic,
      text: "FILE, byte 0: expected the magic number 2051 of IDX images, found 2049; "
        + "images and labels seem to be exchanged"),
    Fault(
      description: "another format", file: "train-labels-idx1-ubyte", bytes: Array("<!DOCTYPE html>".utf8),
      code: .wrongMagic,
      text: "FILE, byte 0: expected the magic number 2049 of IDX labels, found 1008813135; fetch the file again"),
    Fault(
      description: "no pixels", file: "train-images-idx3-ubyte", bytes: IDXBytes.images(8, side: 0), code: .wrongSize,
      text: "FILE, byte 8: expected images of 1 to 4096 pixels a side, found 0; fetch the file again"),
    Fault(
      description: "other images in the test", file: "t10k-images-idx3-ubyte", bytes: IDXBytes.images(3, side: 5),
      code: .wrongSize,
      text: "FILE: has images of shape [1, 5, 5], the training images have [1, 28, 28]; take both from the same source"),
    Fault(
      description: "fewer labels", file: "train-labels-idx1-ubyte", bytes: IDXBytes.labels([1, 2]),
      code: .countMismatch,
      text: "FILE: has 2 labels for the 8 images of FOLDER/data/mnist/train-images-idx3-ubyte; "
        + "take both from the same source"),
    Fault(
      description: "label out of range", file: "train-labels-idx1-ubyte",
      bytes: IDXBytes.labels([3, 1, 10, 1, 5, 9, 2, 6]), code: .labelOutOfRange,
      text:
        "FILE, byte 10: label 10 of example 2, expected 0 to 9; fetch it again, or use the dataset that it belongs to"),
    Fault(
      description: "a lie about the count", file: "train-images-idx3-ubyte",
      bytes: [0, 0, 8, 3, 255, 255, 255, 255, 0, 0, 16, 0, 0, 0, 16, 0], code: .truncated,
      text: "FILE, byte 16: the header announces 72057594021150720 bytes of data, found 0; fetch it again"),
  ]

  @Test("faults of a plain file", arguments: faults)
  func plain(_ fault: Fault) throws {
    try writeAll(to: "data/mnist", suffix: "")
    try folder.remove("data/mnist/\(fault.file)")
    if let bytes = fault.bytes { try folder.write(bytes, to: "data/mnist/\(fault.file)") }
    let (code, text) = try folder.failure("mnist")
    #expect(code == fault.code, "\(fault)")
    #expect(text == fault.text.replacing("FILE", with: "FOLDER/data/mnist/\(fault.file)"), "\(fault)")
  }

  @Test("an image is read when it is asked for; of a file that was shortened meanwhile, that is an error")
  func shortenedMeanwhile() throws {
    try writeAll(to: "data/mnist", suffix: "")
    let inputs = try folder.load("mnist").train.inputs
    let name = "data/mnist/train-images-idx3-ubyte"
    var row: [Float] = []
    try folder.shorten(name, to: 16 + 5 * 784 + 100)
    try inputs.copyRow(4, into: &row)
    #expect(row == IDXBytes.images(8).dropFirst(16 + 4 * 784).prefix(784).map(Float.init))
    for (index, byte, found) in [(5, 16 + 5 * 784 + 100, 100), (7, 16 + 7 * 784, 0)] {
      let error = #expect(throws: DatasetError.self) { try inputs.copyRow(index, into: &row) }
      #expect(error?.code == .truncated)
      #expect(
        error?.description.replacing(folder.path, with: "FOLDER") == """
          FOLDER/\(name), byte \(byte): the file has become shorter since it was opened: expected 784 bytes of image \
          \(index), found \(found); put the whole file back and resume the run
          """)
    }
  }

  @Test("images in memory and in a file obey the laws of a source of examples", arguments: ["", ".gz"])
  func obeysTheLaws(_ suffix: String) throws {
    try writeAll(to: "data/mnist", suffix: suffix)
    let examples = try folder.load("mnist").train
    #expect(ConformanceSuite.check(examples.inputs, named: "images\(suffix)").status == .passed)
    let selected = examples[[7, 2, 2, 5]]
    #expect(ConformanceSuite.check(selected.inputs, named: "selected images\(suffix)").status == .passed)
    #expect(try selected.inputs.rows(0..<4) == examples.inputs.rows([7, 2, 2, 5]))
  }

  @Test("a named folder is the only place")
  func namedFolder() throws {
    try writeAll(to: "data/mnist", suffix: "")
    let (code, text) = try folder.failure("mnist(folder: other)")
    #expect(code == .missing && text.contains("searched: FOLDER/other\n"), "\(text)")
  }

  @Test("faults of a compressed file")
  func compressed() throws {
    let good = IDXBytes.gzip(IDXBytes.images(8))
    var damaged = good
    damaged[200] ^= 1
    var block = good
    block[13] ^= 0xFF
    let cases: [(String, [UInt8], DatasetError.Code, String)] = [
      (
        "plain", IDXBytes.images(8), .notGzip,
        ", byte 0: is named .gz but is not compressed by gzip; fetch it again, or take .gz off its name if it is the "
          + "plain file"
      ),
      ("cut short", Array(good.prefix(3000)), .truncated, ": the compressed file ends too early; fetch it again"),
      ("without its end", Array(good.dropLast(8)), .truncated, ": the compressed file ends too early; fetch it again"),
      (
        "wrong checksum", damaged, .corruptGzip,
        ": the compressed data is damaged (incorrect data check); fetch it again"
      ),
      (
        "bad block", block, .corruptGzip,
        ": the compressed data is damaged (invalid stored block lengths); fetch it again"
      ),
      (
        "announces more", IDXBytes.gzip(Array(IDXBytes.images(8).dropLast(30))), .truncated,
        ": the header announces 6272 bytes of data, found 6242; fetch it again"
      ),
      (
        "lies about the count",
        IDXBytes.gzip([0, 0, 8, 3, 255, 255, 255, 255, 0, 0, 16, 0, 0, 0, 16, 0]), .truncated,
        ": the header announces 72057594021150720 bytes of data, more than 39 compressed bytes can hold; "
          + "fetch it again"
      ),
    ]
    try writeAll(to: "data/mnist", suffix: "")
    try folder.remove("data/mnist/train-images-idx3-ubyte")
    for (title, bytes, code, end) in cases {
      try folder.write(bytes, to: "data/mnist/train-images-idx3-ubyte.gz")
      let failure = try folder.failure("mnist")
      #expect(failure.code == code, "\(title): \(failure.text)")
      #expect(
        failure.text.hasPrefix("FOLDER/data/mnist/train-images-idx3-ubyte.gz, byte "), "\(title): \(failure.text)")
      #expect(failure.text.hasSuffix(end), "\(title): \(failure.text)")
    }
  }

  static let debian = "/usr/share/datasets/fashion-mnist"

  @Test(
    "the real Fashion-MNIST",
    .enabled("the package dataset-fashion-mnist is not installed") {
      FileManager.default.fileExists(atPath: "\(debian)/train-images-idx3-ubyte.gz")
    })
  func real() throws {
    let splits = try folder.load("fashion-mnist(folder: '\(Self.debian)', limit: 1000)")
    #expect(splits.train.inputs.shape == [1000, 1, 28, 28])
    #expect(splits.test?.count == 1000)
    guard case .int32(let labels) = splits.train.targets.elements else {
      Issue.record("labels are not int32")
      return
    }
    // The first labels of the published file.
    #expect(labels.prefix(10) == [9, 0, 0, 3, 0, 2, 7, 2, 5, 5])
  }

  private func writeAll(to place: String, suffix: String) throws {
    func write(_ bytes: [UInt8], _ name: String) throws {
      try folder.write(suffix.isEmpty ? bytes : IDXBytes.gzip(bytes), to: "\(place)/\(name)\(suffix)")
    }
    try write(IDXBytes.images(8), "train-images-idx3-ubyte")
    try write(IDXBytes.labels(Self.trainLabels), "train-labels-idx1-ubyte")
    try write(IDXBytes.images(3), "t10k-images-idx3-ubyte")
    try write(IDXBytes.labels(Self.testLabels), "t10k-labels-idx1-ubyte")
  }
}
