import Foundation
import Orchestrator
import Testing

@Suite struct SafetensorsTests {
  /// What safetensors 0.8.0 (Python) writes for tensors a, b, c, e, n with metadata.
  static let header =
    #"{"__metadata__":{"format":"pt"},"n":{"dtype":"I64","shape":[],"data_offsets":[0,8]},"#
    + #""a":{"dtype":"F32","shape":[2,2],"data_offsets":[8,24]},"e":{"dtype":"F32","shape":[0,3],"data_offsets":[24,24]},"#
    + #""c":{"dtype":"BF16","shape":[2],"data_offsets":[24,28]},"b":{"dtype":"F16","shape":[3],"data_offsets":[28,34]}}    "#
  static let data: [UInt8] = [
    0x07, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x80, 0x3F, 0, 0, 0, 0x40, 0, 0, 0x40, 0x40, 0, 0, 0, 0xBF,
    0x80, 0x3F, 0x49, 0xC0, 0x00, 0x3E, 0x00, 0xC0, 0xFF, 0x7B,
  ]
  static let known = file(header, data)

  static func file(_ header: String, _ data: [UInt8] = []) -> [UInt8] {
    withUnsafeBytes(of: UInt64(header.utf8.count).littleEndian) { Array($0) } + header.utf8 + data
  }

  @Test func aKnownFileIsReadAndWrittenBackToTheByte() throws {
    let file = try SafetensorsFile(bytes: Self.known)
    #expect(file.tensors.map(\.name) == ["n", "a", "e", "c", "b"])
    #expect(file.tensors.map(\.shape) == [[], [2, 2], [0, 3], [2], [3]])
    #expect(file.tensors.map(\.elementType) == [.int64, .float32, .float32, .bfloat16, .float16])
    #expect(file.metadata == ["format": "pt"])
    #expect(try file.floats(of: "n") == [7])
    #expect(try file.floats(of: "a") == [1, 2, 3, -0.5])
    #expect(try file.floats(of: "e") == [])
    #expect(try file.floats(of: "c") == [1, -3.140625])
    #expect(try file.floats(of: "b") == [1.5, -2, 65504])
    #expect(file.bytes == Self.known)
  }

  @Test func appendedTensorsGiveTheSameBytes() throws {
    var file = SafetensorsFile(metadata: ["format": "pt"])
    try file.append("n", shape: [], .int64, bytes: Array(Self.data[0..<8]))
    try file.append("a", shape: [2, 2], floats: [1, 2, 3, -0.5])
    try file.append("e", shape: [0, 3], floats: [])
    try file.append("c", shape: [2], .bfloat16, bytes: Array(Self.data[24..<28]))
    try file.append("b", shape: [3], .float16, bytes: Array(Self.data[28..<34]))
    #expect(file.bytes == Self.known)
  }

  @Test(
    "every element type converts to Float",
    arguments: [
      (SafetensorsFile.ElementType.float64, [0, 0, 0, 0, 0, 0, 0xF8, 0x3F], Float(1.5)),
      (.float32, [0, 0, 0xC0, 0x3F], 1.5), (.float16, [0x01, 0x00], 0x1p-24), (.bfloat16, [0xC0, 0xBF], -1.5),
      (.int64, [0xFE, 255, 255, 255, 255, 255, 255, 255], -2), (.int32, [0xFE, 255, 255, 255], -2),
      (.int16, [0xFE, 255], -2), (.int8, [0xFE], -2), (.uint64, [0, 0, 0, 0, 0, 0, 0, 0x80], 0x1p63),
      (.uint32, [0, 0, 0, 0x80], 0x1p31), (.uint16, [1, 0x80], 32769), (.uint8, [200], 200), (.bool, [1], 1),
    ])
  func converts(_ type: SafetensorsFile.ElementType, _ bytes: [UInt8], _ value: Float) throws {
    var file = SafetensorsFile()
    try file.append("x", shape: [1], type, bytes: bytes)
    let read = try SafetensorsFile(bytes: file.bytes)
    #expect(try read.floats(of: "x") == [value], "\(type)")
    #expect(try read.bytes(of: "x") == bytes, "\(type)")
  }

  @Test func filesAreReplacedWholeAndLeaveNothingBeside() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("safetensors-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appendingPathComponent("weights.safetensors").path
    var file = SafetensorsFile(metadata: ["note": "a \"quoted\" \\ line\n\u{1}ü"])
    try file.write(to: path)
    try file.append("0.weight/ü\"", shape: [2], floats: [.infinity, -0.0])
    try file.write(to: path)
    #expect(try SafetensorsFile(contentsOf: path) == file)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["weights.safetensors"])
    #expect(throws: SafetensorsError(.missingFile, in: path + "x")) { try SafetensorsFile(contentsOf: path + "x") }
    let nowhere = folder.appendingPathComponent("none/x").path
    #expect { try file.write(to: nowhere) } throws: { "\($0)".hasPrefix("\(nowhere): cannot be written: ") }
    #expect { try file.write(to: folder.path) } throws: { "\($0)".hasPrefix("\(folder.path): cannot be written: ") }
    #expect { try SafetensorsFile(contentsOf: folder.path) } throws: {
      "\($0)".hasPrefix("\(folder.path): cannot be read: ")
    }
  }

  @Test func wrongAppendsAreRefused() throws {
    var file = SafetensorsFile()
    try file.append("x", shape: [1], floats: [1])
    #expect(throws: SafetensorsError(.duplicateTensor("x"))) { try file.append("x", shape: [1], floats: [1]) }
    #expect(throws: SafetensorsError(.duplicateTensor("__metadata__"))) {
      try file.append("__metadata__", shape: [1], floats: [1])
    }
    #expect(
      throws: SafetensorsError(.wrongSize(tensor: "y", shape: [2, 2], elementType: .float32, expected: 16, found: 12))
    ) { try file.append("y", shape: [2, 2], floats: [1, 2, 3]) }
    #expect(throws: SafetensorsError(.unknownTensor("z", candidates: ["x"]))) { try file.floats(of: "z") }
    #expect(file.tensors.count == 1)
  }

  static func entry(_ dtype: String, _ shape: String, _ begin: Int, _ end: Int) -> String {
    #"{"dtype":"\#(dtype)","shape":\#(shape),"data_offsets":[\#(begin),\#(end)]}"#
  }

  static let broken: [(bytes: [UInt8], fragment: String)] =
    [
      ([], "not a safetensors file: expected eight bytes with the header's length, found 0 bytes"),
      (Array(known.prefix(7)), "found 7 bytes"),
      (Array(known.prefix(100)), "the header has 312 bytes, but 92 follow; the file may be cut short"),
      (
        Array(repeating: 255, count: 64),
        "the header has 18446744073709551615 bytes, but 56 follow; a header has at most"
      ),
      (file(""), "expected a header that begins with '{' at byte 8"),
      (file("[1]"), "expected a header that begins with '{' at byte 8"),
      (file(#"{"x":!}"#), "the header is not JSON as expected, at byte 13 of the file: "),
      (file(#"{"x":1}"#), "header entry 'x': it is no object; expected {\"dtype\""),
      (file(#"{"x":{"dtype":"F32","shape":[1]}}"#), "'data_offsets' is missing"),
      (file(#"{"x":{"dtype":"F32","shape":[1.5],"data_offsets":[0,4]}}"#), "'shape' is no list of whole numbers"),
      (
        file(#"{"x":{"dtype":"F32","shape":[99999999999999999999],"data_offsets":[0,4]}}"#),
        "'shape' is no list of whole numbers"
      ),
      (file(#"{"x":{"dtype":"F32","shape":[1],"data_offsets":[0]}}"#), "'data_offsets' is no pair of whole numbers"),
      (file(#"{"__metadata__":{"a":1}}"#), "header entry '__metadata__'"),
      (
        file("{\"x\":\(entry("F8", "[4]", 0, 4))}", [0, 0, 0, 0]), "has the dtype 'F8'; those that can be read are F64"
      ),
      (file("{\"x\":\(entry("F32", "[1]", 0, 4))}", [0, 0, 0]), "within the 3 bytes of data"),
      (file("{\"x\":\(entry("F32", "[1]", 4, 0))}", [0, 0, 0, 0]), "data_offsets [4, 0]"),
      (file("{\"x\":\(entry("F32", "[-1]", 0, 4))}", [0, 0, 0, 0]), "more bytes than can be counted"),
      (
        file("{\"x\":\(entry("F32", "[4294967296,4294967296]", 0, 4))}", [0, 0, 0, 0]), "more bytes than can be counted"
      ),
      (file("{\"x\":\(entry("F32", "[2]", 0, 4))}", [0, 0, 0, 0]), "of shape [2] and dtype F32 takes 8 bytes, not 4"),
      (
        file("{\"x\":\(entry("U8", "[3]", 0, 3)),\"y\":\(entry("U8", "[3]", 2, 5))}", [0, 0, 0, 0, 0]),
        "tensor 'y' has data_offsets [2, 5]: it overlaps the tensor before it, which ends at 3"
      ),
      (file("{\"x\":\(entry("U8", "[1]", 1, 2))}", [0, 0]), "bytes 0 to 1 of the data belong to no tensor"),
      (file("{\"x\":\(entry("U8", "[1]", 0, 1))}", [0, 0]), "bytes 1 to 2 of the data belong to no tensor"),
      (
        file("{\"x\":\(entry("U8", "[1]", 0, 1)),\"x\":\(entry("U8", "[1]", 1, 2))}", [0, 0]),
        "of the data belong to no tensor"
      ),
      (file(String(repeating: #"{"x":"#, count: 2000)), "the header is not JSON as expected"),
    ]

  @Test func brokenFilesAreRefusedWithWhatWasExpected() {
    for (index, (bytes, fragment)) in Self.broken.enumerated() {
      let error = #expect(throws: SafetensorsError.self, "case \(index)") { try SafetensorsFile(bytes: bytes) }
      let message = error?.description ?? ""
      #expect(message.contains(fragment), "case \(index)")
    }
  }

  /// A file is read whole or refused, whatever its bytes; what is read is written back as an equal file.
  @Test(arguments: [UInt64(1), 2, 3, 4])
  func randomDamageNeverTraps(_ seed: UInt64) throws {
    var generator = Weyl(state: seed)
    for round in 0..<400 {
      var bytes = Self.known
      for _ in 0..<Int.random(in: 1...4, using: &generator) {
        let place = Int.random(in: 0..<bytes.count, using: &generator)
        switch Int.random(in: 0..<5, using: &generator) {
        case 0: bytes[place] = UInt8.random(in: 0...255, using: &generator)
        case 1: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
        case 2: bytes.remove(at: place)
        case 3: bytes.insert(Array("{}[]\",:0-9e".utf8).randomElement(using: &generator) ?? 0, at: place)
        default: bytes.removeLast(Int.random(in: 0..<min(40, bytes.count), using: &generator))
        }
        if bytes.isEmpty { bytes = [0] }
      }
      guard let file = try? SafetensorsFile(bytes: bytes) else { continue }
      for tensor in file.tensors {
        let count = tensor.shape.reduce(1, *)
        #expect(try file.floats(of: tensor.name).count == count, "seed \(seed), round \(round), \(tensor)")
      }
      #expect(try SafetensorsFile(bytes: file.bytes) == file, "seed \(seed), round \(round)")
    }
  }
}

/// A small generator whose numbers do not change between releases (SplitMix64).
private struct Weyl: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
