import Foundation
import Subprocess
import Testing

@Suite struct DataFaults {
  /// The four files, by the beginnings of their names.
  private static let names = [
    "train-images": "train-images-idx3-ubyte.gz", "train-labels": "train-labels-idx1-ubyte.gz",
    "t10k-images": "t10k-images-idx3-ubyte.gz", "t10k-labels": "t10k-labels-idx1-ubyte.gz",
  ]

  private static func header(_ numbers: [UInt32]) -> [UInt8] {
    numbers.flatMap { number in withUnsafeBytes(of: number.bigEndian) { Array($0) } }
  }

  private static func images(_ count: Int, magic: UInt32 = 0x803) -> [UInt8] {
    header([magic, UInt32(count), 4, 4]) + (0..<count * 16).map { UInt8($0 * 31 % 251) }
  }

  private static func labels(_ count: Int, magic: UInt32 = 0x801, of class: UInt8? = nil) -> [UInt8] {
    header([magic, UInt32(count)]) + (0..<count).map { `class` ?? UInt8($0 % 10) }
  }

  /// Twenty training images and ten test images.
  private static var whole: [String: [UInt8]] {
    [
      "train-images": Gzip.stored(images(20)), "train-labels": Gzip.stored(labels(20)),
      "t10k-images": Gzip.stored(images(10)), "t10k-labels": Gzip.stored(labels(10)),
    ]
  }

  struct IDXFault: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let file: String
    /// Nil: the file is not there.
    let bytes: [UInt8]?
    let parts: [String]

    init(_ title: String, _ file: String, _ bytes: [UInt8]?, _ parts: [String]) {
      testDescription = title
      self.file = file
      self.bytes = bytes
      self.parts = parts
    }
  }

  private static var idxFaults: [IDXFault] {
    let gzip = Gzip.stored(images(20))
    var damaged = gzip
    damaged[gzip.count - 6] ^= 1
    return [
      IDXFault("missing", "train-labels", nil, ["has no train-labels-idx1-ubyte", "put it beside them"]),
      IDXFault("empty file", "train-images", [], ["train-images-idx3-ubyte.gz", "is empty"]),
      IDXFault("cut short", "train-images", gzip.dropLast(12), ["ends too early", "fetch it again"]),
      IDXFault("damaged", "train-images", damaged, ["compressed data is damaged"]),
      IDXFault("not gzip", "train-images", images(20), ["not compressed by gzip", "take .gz off its name"]),
      IDXFault(
        "short data", "train-images", Gzip.stored(images(20).dropLast(3)), ["announces 320 bytes of data, found 317"]),
      IDXFault(
        "long data", "t10k-labels", Gzip.stored(labels(10) + [0]), ["t10k-labels", "goes on after the 10 bytes"]),
      IDXFault(
        "wrong magic", "train-images", Gzip.stored(images(20, magic: 0x0803_0000)),
        ["byte 0", "magic number 2051 of IDX images, found 134414336"]),
      IDXFault("exchanged", "train-images", Gzip.stored(labels(20)), ["images and labels seem to be exchanged"]),
      IDXFault(
        "count mismatch", "train-labels", Gzip.stored(labels(19)), ["has 19 labels for the 20 images", "train-images"]),
      IDXFault(
        "label out of range", "train-labels", Gzip.stored(labels(20, of: 11)),
        ["label 11 of example 0, expected 0 to 9"]),
      IDXFault("one class", "train-labels", Gzip.stored(labels(20, of: 3)), ["examples of one class alone", "Dress"]),
      IDXFault(
        "four billion images", "train-images", Gzip.stored(header([0x803, .max, 4096, 4096])),
        ["announces 72057594021150720 bytes of data", "fetch it again"]),
      IDXFault(
        "four billion labels", "train-labels", Gzip.stored(header([0x801, .max])), ["announces 4294967295 bytes"]),
      IDXFault("no images", "train-images", Gzip.stored(images(0)), ["train"]),
    ]
  }

  private func write(_ files: [String: [UInt8]], to program: Program) throws {
    try FileManager.default.createDirectory(atPath: program.path("idx"), withIntermediateDirectories: true)
    for (key, bytes) in files { try program.write(bytes, to: "idx/\(Self.names[key] ?? key)") }
  }

  private static let training = [
    "--dataset", "fashion-mnist", "--model", "flatten, dense(10)", "--epochs", "1", "--quiet",
  ]

  @Test("IDX", arguments: idxFaults) func idx(_ fault: IDXFault) async throws {
    let bench = try await FaultBench()
    defer { bench.program.remove() }
    var files = Self.whole
    files[fault.file] = fault.bytes
    try write(files, to: bench.program)
    try await bench.refuses(bench.train(Self.training), environment: ["FLEDGE_DATA": "idx"], saying: fault.parts)
    #expect(try await bench.runs().count == 1, "a run was begun")
  }

  /// The files that the faults are made from are good ones.
  @Test func wholeFilesTrain() async throws {
    let bench = try await FaultBench()
    defer { bench.program.remove() }
    try write(Self.whole, to: bench.program)
    let outcome = try await bench.program.run(
      bench.train(Self.training), through: [], environment: ["FLEDGE_DATA": "idx"])
    #expect(outcome.code == 0, "\(outcome.errors)")
  }

  /// Five steps an epoch, each printed as a line of over 100 bytes: the images are cut off long before the last.
  @Test func imagesThatBecomeShorterWhileTheyAreReadEndTheRunWithAnErrorAndItCanBeResumed() async throws {
    let program = try Program()
    defer { program.remove() }
    var files = Self.whole
    files["train-images"] = nil
    files["train-images-idx3-ubyte"] = Self.images(20)
    try write(files, to: program)
    let train = [
      "train", "--dataset", "fashion-mnist(folder: idx)", "--model", "flatten, dense(4), dropout(0.2), dense(10)",
      "--epochs", "500", "--validation", "0", "--batch", "4", "--backend", "reference", "--checkpoint-every", "5",
    ]
    _ = try await program.succeed(train + ["--name", "whole", "--quiet"])
    let path = program.path("idx/train-images-idx3-ubyte")
    let outcome = try await program.run(
      train + ["--name", "broken", "--json"], after: 3, linesWith: #""event":"saved""#
    ) { _ in
      let file = try FileHandle(forWritingTo: URL(filePath: path))
      try file.truncate(atOffset: 100)
      try file.close()
    }
    #expect(outcome.code == 1, "\(outcome.status)")
    let errors = outcome.errors
    #expect(errors.contains("error: idx/train-images-idx3-ubyte, byte "), "\(errors)")
    #expect(errors.contains("the file has become shorter since it was opened"), "\(errors)")
    let runs = try await program.succeed(["runs", "--where", "name = broken", "--json"]).json([FaultBench.Run].self)
    #expect(runs.map(\.status) == ["failed"])
    try write(files, to: program)
    _ = try await program.succeed(["resume", "broken", "--quiet"])
    let curves = try await [
      program.succeed(["metrics", "whole", "--name", "train.loss", "--json"]).output,
      program.succeed(["metrics", "broken", "--name", "train.loss", "--json"]).output,
    ]
    #expect(curves[0] == curves[1] && curves[0].contains(#""step":2500"#))
  }

  @Test func filesThatAreNowhere() async throws {
    let bench = try await FaultBench()
    defer { bench.program.remove() }
    try await bench.refuses(
      bench.train(Self.training + ["--dataset", "fashion-mnist(folder: 'nowhere')"]),
      saying: ["fashion-mnist were not found", "searched: nowhere", "dataset-fashion-mnist", "FLEDGE_DATA"])
  }

  @Test func foldersAreNoTables() async throws {
    let bench = try await FaultBench()
    defer { bench.program.remove() }
    try await bench.refuses(
      bench.train(["--quiet", "--dataset", "csv('.', label: kind)"]), saying: [".: is a folder", "name a file"])
    try await bench.refuses(
      bench.train(["--quiet", "--initial-weights", "."]), saying: [".: cannot be read: it is a folder; name a file"])
  }

  private static let tables: [(text: String?, label: String, parts: [String])] = [
    (nil, "kind", ["no file 'table.csv'", "FLEDGE_DATA"]),
    ("", "kind", ["table.csv: is empty"]),
    ("x,kind\n", "kind", ["table.csv: has no rows"]),
    ("x,y,kind\n1,2,a\n1,2\n3,4,b\n", "kind", ["table.csv, line 3", "expected 3 fields, found 2"]),
    ("x,y,kind\n1,2,a\n1,2,b,c\n3,4,b\n", "kind", ["table.csv, line 3", "expected 3 fields, found 4"]),
    ("x,y,kind\n1,2,a\n1,two,b\n3,4,b\n", "kind", ["table.csv, line 3", "column 'y' holds numbers, found 'two'"]),
    ("x,kind\n1,a\n2,b\n", "knd", ["no label column 'knd'", "did you mean 'kind'?", "x, kind"]),
    ("x,kind\n1,\"a\n2,b\n", "kind", ["table.csv, line 2"]),
    ("x,x\n1,a\n", "x", ["table.csv", "'x'"]),
    ("x,kind\n" + (0..<30).map { "\($0),a\n" }.joined(), "kind", ["examples of one class alone ('a')"]),
  ]

  @Test("CSV", arguments: tables) func csv(_ text: String?, _ label: String, _ parts: [String]) async throws {
    let bench = try await FaultBench()
    defer { bench.program.remove() }
    if let text { try bench.program.write(text, to: "table.csv") }
    try await bench.refuses(
      bench.train(["--quiet", "--dataset", "csv('table.csv', label: \(label))"]), saying: parts)
    #expect(try await bench.runs().count == 1, "a run was begun")
  }
}
