/// A file of named tensors in the safetensors format (https://huggingface.co/docs/safetensors): eight bytes with the
/// header's length (little-endian), a JSON header, then every tensor's data, little-endian and without gaps.
public struct SafetensorsFile: Sendable, Equatable {
  /// How a tensor keeps its numbers; the raw value is the header's `dtype`.
  public enum ElementType: String, Sendable, CaseIterable {
    case float64 = "F64"
    case float32 = "F32"
    case float16 = "F16"
    case bfloat16 = "BF16"
    case int64 = "I64"
    case int32 = "I32"
    case int16 = "I16"
    case int8 = "I8"
    case uint64 = "U64"
    case uint32 = "U32"
    case uint16 = "U16"
    case uint8 = "U8"
    case bool = "BOOL"

    /// Bytes of one element.
    public var size: Int {
      switch self {
      case .float64, .int64, .uint64: 8
      case .float32, .int32, .uint32: 4
      case .float16, .bfloat16, .int16, .uint16: 2
      case .int8, .uint8, .bool: 1
      }
    }
  }

  /// One tensor's place in the file.
  public struct Entry: Sendable, Equatable {
    public let name: String
    public let shape: [Int]
    public let elementType: ElementType
    let range: Range<Int>
  }

  /// The tensors in the order of their data.
  public private(set) var tensors: [Entry]
  /// Free text that travels with the tensors, such as `format`.
  public var metadata: [String: String]
  /// The data of all tensors.
  private(set) var data: [UInt8]
  private var indices: [String: Int]

  /// The header's greatest length, as the format's own library has it.
  public static let greatestHeaderLength = 100_000_000

  /// A file without tensors, to be filled by `append`.
  public init(metadata: [String: String] = [:]) {
    self.init(tensors: [], metadata: metadata, data: [])
  }

  init(tensors: [Entry], metadata: [String: String], data: [UInt8]) {
    self.tensors = tensors
    self.metadata = metadata
    self.data = data
    indices = Dictionary(tensors.enumerated().map { ($1.name, $0) }) { first, _ in first }
  }

  /// The tensor of this name; nil if there is none.
  public func tensor(named name: String) -> Entry? { indices[name].map { tensors[$0] } }

  /// Adds a tensor of Float32 numbers, row-major.
  ///
  /// Throws if the name is taken, or the shape has another number of elements.
  public mutating func append(_ name: String, shape: [Int], floats: [Float]) throws(SafetensorsError) {
    let bytes = floats.map(\.bitPattern.littleEndian).withUnsafeBytes { Array($0) }
    try append(name, shape: shape, .float32, bytes: bytes)
  }

  /// Adds a tensor of given bytes, little-endian and row-major.
  ///
  /// Throws if the name is taken, or the bytes do not fit the shape.
  public mutating func append(
    _ name: String, shape: [Int], _ elementType: ElementType, bytes: [UInt8]
  ) throws(SafetensorsError) {
    guard indices[name] == nil, name != SafetensorsHeader.metadataKey else {
      throw SafetensorsError(.duplicateTensor(name))
    }
    let expected = SafetensorsHeader.byteCount(shape, elementType)
    guard expected == bytes.count else {
      throw SafetensorsError(
        .wrongSize(tensor: name, shape: shape, elementType: elementType, expected: expected, found: bytes.count))
    }
    indices[name] = tensors.count
    let range = data.count..<data.count + bytes.count
    tensors.append(Entry(name: name, shape: shape, elementType: elementType, range: range))
    data += bytes
  }
}
