import Foundation
import Testing

@Suite struct PredictTests {
  private struct Row: Decodable {
    let file: String
    let index: Int
    let `class`: String
    let classIndex: Int
    let probability: Double
    let probabilities: [Double]
    let outputs: [Double]
  }

  private static let pixels = (0..<3072).map { UInt8($0 * 7 % 251) }

  /// The same image in each format.
  private func files(_ program: Program) throws -> [String] {
    let numbers = Self.pixels.map(String.init)
    let channels = stride(from: 0, to: 3072, by: 1024).map { start in
      let rows = stride(from: start, to: start + 1024, by: 32).map {
        "[\(numbers[$0..<$0 + 32].joined(separator: ","))]"
      }
      return "[\(rows.joined(separator: ","))]"
    }
    let image = "[\(channels.joined(separator: ","))]"
    let name = UUID().uuidString
    try program.write(image, to: "\(name)-one.json")
    try program.write("[\(image),\(image)]", to: "\(name)-two.json")
    try program.write(numbers.joined(separator: ","), to: "\(name).csv")
    let interleaved = (0..<1024).flatMap { pixel in (0..<3).map { Self.pixels[$0 * 1024 + pixel] } }
    try program.write(Array("P6\n# a comment\n32 32\n255\n".utf8) + interleaved, to: "\(name).ppm")
    return ["\(name)-one.json", "\(name)-two.json", "\(name).csv", "\(name).ppm"]
  }

  @Test func sameImageSamePrediction() async throws {
    let program = try await TrainedStore.program
    let files = try files(program)
    let rows = try await program.succeed(["predict", "first", "--json"] + files).json([Row].self)
    #expect(rows.map(\.file) == [files[0], files[1], files[1], files[2], files[3]])
    #expect(rows.map(\.index) == [0, 0, 1, 0, 0])
    let rounding = rows.map { row in zip(row.outputs, rows[0].outputs).map { abs($0 - $1) } }
    #expect(rounding.allSatisfy { $0.count == 10 && $0.allSatisfy { $0 < 1e-4 } }, "\(rows)")
    #expect(rows[0].outputs.count == 10 && abs(rows[0].probabilities.reduce(0, +) - 1) < 1e-6)
    #expect(rows[0].probability == rows[0].probabilities.max() && !rows[0].class.isEmpty)
    let text = try await program.succeed(["predict", "first", files[0]]).output
    #expect(text.contains(rows[0].class) && text.contains("probability"), "\(text)")
    let exact = try await program.succeed(["predict", "first", files[0], "--backend", "reference", "--json"])
    let outputs = try exact.json([Row].self)[0].outputs
    #expect(outputs != rows[0].outputs && outputs.count == 10, "in Float64")
    #expect(zip(outputs, rows[0].outputs).allSatisfy { abs($0 - $1) < 1e-3 })
  }

  /// Grey images of the right size do not fit a model of colours, and say so.
  @Test func refuses() async throws {
    let program = try await TrainedStore.program
    let header: [UInt8] = [0, 0, 8, 3, 0, 0, 0, 1, 0, 0, 0, 32, 0, 0, 0, 32]
    let grey = [UInt8](repeating: 9, count: 1024)
    let faults: [(name: String, bytes: [UInt8], parts: [String])] = [
      ("grey-idx", header + grey, ["grey-idx, example 0", "[1, 32, 32]", "[3, 32, 32]"]),
      ("short-idx", header + grey.dropLast(), ["short-idx", "1024 bytes", "1023"]),
      ("labels-idx", [0, 0, 8, 1, 0, 0, 0, 1, 5], ["labels-idx", "IDX labels"]),
      ("small.ppm", Array("P6 2 2 255\n".utf8) + [UInt8](repeating: 1, count: 12), ["small.ppm", "[3, 2, 2]"]),
      ("short.ppm", Array("P6 32 32 255\n".utf8), ["short.ppm", "3072 bytes"]),
      ("deep.pgm", Array("P5 1 1 65535\n".utf8) + [1, 1], ["deep.pgm", "greatest value", "65535"]),
      ("plain.ppm", Array("P3 1 1 255\n1 2 3\n".utf8), ["plain.ppm", "P3"]),
      ("ragged.csv", Array("1,2\n3\n".utf8), ["ragged.csv, line 2", "expected 2"]),
      ("words.csv", Array("a,b\n1,two\n".utf8), ["words.csv, line 2, column 2", "'two'"]),
      ("ragged.json", Array("[[1, 2], [3]]".utf8), ["ragged.json", "2 and 1"]),
      ("damaged.csv.gz", [0x1F, 0x8B, 8, 0, 1, 2, 3, 4, 5, 6, 7, 8], ["damaged.csv.gz", "damaged"]),
      ("plain.csv.gz", Array("1,2\n".utf8), ["plain.csv.gz", "not compressed"]),
      ("binary", [0xFF, 0xFE, 0xFD], ["binary", "none of"]),
      ("empty", [], ["empty", "it is empty"]),
    ]
    for fault in faults {
      try program.write(fault.bytes, to: fault.name)
      try await program.fail(["predict", "first", fault.name], saying: fault.parts)
    }
    for command in [["predict", "first", "small.ppm"], ["evaluate", "first"]] {
      try await program.fail(command + ["--backend", "cqu"], saying: ["--backend", "'cpu'"])
      try await program.fail(
        command + ["--backend", "null"], saying: ["--backend", "computes nothing", "choose one of cpu"])
    }
    try await program.fail(["predict", "first", "none.json"], saying: ["none.json", "no such file"])
    try await program.fail(["predict", "first"], code: 64, saying: ["file"])
  }

  @Test func weightsTravel() async throws {
    let program = try await TrainedStore.program
    let path = program.path("\(UUID().uuidString).safetensors")
    let note = try await program.succeed(["export", "first", "--format", "safetensors", "-o", path]).output
    #expect(note.contains("2 tensors") && note.contains(path), "\(note)")
    let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
    let header = String(decoding: bytes.dropFirst(8).prefix(400), as: UTF8.self)
    #expect(header.contains(#""2.weight":{"dtype":"F32","shape":[10,12]"#), "\(header)")
    let other = try Program()
    defer { other.remove() }
    _ = try await other.succeed(["train", "--quiet", "--initial-weights", path] + TrainedStore.recipe)
    try await program.fail(["export", "first", "-o", "none/x.safetensors"], saying: ["none/x.safetensors"])
    try await program.fail(
      ["export", "first", "--format", "onx", "-o", "x"], code: 64, saying: ["onx", "safetensors"])
  }

  @Test func evaluates() async throws {
    struct Evaluation: Decodable {
      let split: String
      let examples: Int
      let figures: [String: Double]
    }
    let program = try await TrainedStore.program
    let test = try await program.succeed(["evaluate", "first", "--json"]).json(Evaluation.self)
    #expect(test.split == "test" && test.examples == 20 && test.figures.keys.sorted() == ["accuracy", "loss"])
    let validation = try await program.succeed(["evaluate", "first", "--split", "validation", "--json"])
    #expect(try validation.json(Evaluation.self).examples == 4)
    try await program.fail(["evaluate", "first", "--split", "tset"], code: 64, saying: ["tset", "test"])
  }

  @Test func tablesOfMetricsArePrinted() async throws {
    struct Tables: Decodable {
      struct Table: Decodable {
        let name: String
        let rows: [String]
        let columns: [String]
        let values: [Double]
      }
      let tables: [Table]
    }
    let program = try Program()
    defer { program.remove() }
    _ = try await program.succeed(
      ["train", "--quiet", "--metrics", "accuracy, confusion-matrix"] + TrainedStore.recipe)
    let evaluated = try await program.succeed(["evaluate", "last", "--checkpoint", "last", "--json"]).json(Tables.self)
    let table = try #require(evaluated.tables.first)
    #expect(table.name == "confusion-matrix" && table.rows.count == 10 && table.columns == table.rows)
    #expect(table.values.count == 100 && table.values.reduce(0, +) == 20)
    let shown = try await program.succeed(["show", "last", "--json"]).json(Tables.self)
    #expect(shown.tables.map(\.values.count) == [100, 100] && shown.tables.first?.values == table.values)
    for command in [["evaluate", "last"], ["show", "last"]] {
      let text = try await program.succeed(command).output
      #expect(text.contains("true \\ predicted") && text.contains(table.rows[9]), "\(text)")
    }
  }
}
