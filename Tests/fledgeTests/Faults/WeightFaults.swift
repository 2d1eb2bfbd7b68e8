import Foundation
import Testing

@Suite struct WeightFaults {
  private static func file(_ header: String, data: Int = 0) -> [UInt8] {
    let text = Array(header.utf8)
    return withUnsafeBytes(of: UInt64(text.count).littleEndian) { Array($0) } + text
      + [UInt8](repeating: 0, count: data)
  }

  private static func tensor(_ name: String, _ shape: [Int], type: String = "F32", end: Int = 32) -> [UInt8] {
    file(#"{"\#(name)":{"dtype":"\#(type)","shape":\#(shape),"data_offsets":[0,\#(end)]}}"#, data: end)
  }

  /// The model's first weight is `0.weight`, [4, 2].
  private static let faults: [(title: String, bytes: [UInt8], parts: [String])] = [
    ("too short", Array("short".utf8), ["not a safetensors file", "found 5 bytes"]),
    ("no JSON", file("hello"), ["not a safetensors file", "begins with '{'"]),
    ("broken JSON", file(#"{"0.weight": ["#), ["the header is not JSON", "at byte"]),
    ("header longer than the file", [0, 0, 0, 0, 0, 1, 0, 0, 0x7B, 0x7D], ["1099511627776 bytes, but 2 follow"]),
    ("unknown type", tensor("0.weight", [4, 2], type: "F3"), ["'0.weight' has the dtype 'F3'", "F32"]),
    (
      "offsets outside", file(#"{"0.weight":{"dtype":"F32","shape":[4,2],"data_offsets":[0,99]}}"#, data: 32),
      ["[0, 99]", "32 bytes"]
    ),
    ("size", tensor("0.weight", [4, 3]), ["'0.weight' of shape [4, 3]", "takes 48 bytes, not 32"]),
    ("wrong shape", tensor("0.weight", [2, 4]), ["'0.weight' has shape [2, 4], the model's has [4, 2]"]),
    ("missing name", tensor("0.wieght", [4, 2]), ["no tensor '0.weight' of shape [4, 2]", "nearest is '0.wieght'"]),
    (
      "missing entry", file(#"{"0.weight":{"dtype":"F32","shape":[4,2]}}"#, data: 32),
      ["'0.weight'", "'data_offsets' is missing"]
    ),
  ]

  @Test("initial weights", arguments: faults)
  func initialWeights(_ title: String, _ bytes: [UInt8], _ parts: [String]) async throws {
    let bench = try await FaultBench()
    defer { bench.program.remove() }
    try bench.program.write(bytes, to: "weights.safetensors")
    try await bench.refuses(
      bench.train(["--quiet", "--initial-weights", "weights.safetensors"]), saying: ["weights.safetensors"] + parts)
    #expect(try await bench.runs().count == 1, "\(title): a run was begun")
  }

  /// One tensor too few or too many is not passed over.
  @Test func otherModels() async throws {
    let bench = try await FaultBench()
    defer { bench.program.remove() }
    _ = try await bench.program.succeed(["export", "before", "-o", "weights.safetensors"])
    let train = bench.train(["--quiet", "--initial-weights", "weights.safetensors"])
    try await bench.refuses(
      train + ["--model", "dense(4), relu, dense(4), relu, dense(3)"],
      saying: ["'2.weight' has shape [3, 4]", "[4, 4]"])
    try await bench.refuses(
      train + ["--model", "dense(4), relu, dense(3), dense(3)"], saying: ["no tensor '3.weight' of shape [3, 3]"])
    try await bench.refuses(
      train + ["--model", "dense(3)"], saying: ["'0.weight' has shape [4, 2], the model's has [3, 2]"])
  }

  /// What stands at the place of an export stays as it was when the export fails; links are followed.
  @Test func exportsTakeNoPlaceByForce() async throws {
    let bench = try await FaultBench()
    defer { bench.program.remove() }
    let files = FileManager.default
    try files.createDirectory(atPath: bench.program.path("folder"), withIntermediateDirectories: true)
    try await bench.refuses(
      ["export", "before", "-o", "folder"], saying: ["folder: cannot be written: it is a folder"])
    try await bench.refuses(["export", "before", "-o", "none/x"], saying: ["none/x: cannot be written: No such file"])
    try bench.program.write("old", to: "old.safetensors")
    _ = try await bench.program.succeed(
      bench.train(["--quiet", "--name", "large", "--model", "dense(20000), dense(3)", "--optimizer", "sgd"]))
    let limited = ["bash", "-c", "ulimit -f 64; exec \"$@\"", "bash"]
    try await bench.refuses(
      ["export", "large", "-o", "old.safetensors"], through: limited,
      saying: ["old.safetensors: cannot be written: File too large"])
    #expect(files.contents(atPath: bench.program.path("old.safetensors")) == Data("old".utf8))
    try files.createSymbolicLink(
      atPath: bench.program.path("link.safetensors"), withDestinationPath: "old.safetensors")
    _ = try await bench.program.succeed(["export", "before", "-o", "link.safetensors"])
    #expect(try files.destinationOfSymbolicLink(atPath: bench.program.path("link.safetensors")) == "old.safetensors")
    #expect((files.contents(atPath: bench.program.path("old.safetensors"))?.count ?? 0) > 100)
    #expect(mkfifo(bench.program.path("pipe"), 0o600) == 0)
    let reader = ["sh", "-c", "cat pipe >piped & \"$@\"; wait", "sh"]
    #expect(try await bench.program.run(["export", "before", "-o", "pipe"], through: reader).code == 0)
    #expect(
      files.contents(atPath: bench.program.path("piped"))
        == files.contents(atPath: bench.program.path("old.safetensors")))
    let left = try files.contentsOfDirectory(atPath: bench.program.folder).filter { $0.hasPrefix(".") }
    #expect(left.isEmpty, "\(left)")
  }
}
