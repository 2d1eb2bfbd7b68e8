import Foundation

/// The JSON header: names, shapes and places of the tensors, before they are checked against the data.
struct SafetensorsHeader {
  static let metadataKey = "__metadata__"

  struct Entry {
    let name: String
    let elementType: SafetensorsFile.ElementType
    let shape: [Int]
    let begin: Int
    let end: Int
  }

  var metadata: [String: String] = [:]
  var entries: [Entry] = []

  /// Parses the header; `start` is its place in the file, for messages.
  init(parsing bytes: some Collection<UInt8>, at start: Int) throws(SafetensorsError) {
    for (name, value) in try Self.object(bytes, at: start) {
      if name == Self.metadataKey {
        metadata = try Self.metadata(value)
      } else {
        entries.append(try Entry(name, value))
      }
    }
  }

  /// The bytes of a tensor; nil if a size is negative or they cannot be counted.
  static func byteCount(_ shape: [Int], _ type: SafetensorsFile.ElementType) -> Int? {
    var count = type.size
    for size in shape {
      let (product, overflows) = count.multipliedReportingOverflow(by: size)
      guard size >= 0, !overflows else { return nil }
      count = product
    }
    return count
  }

  private static func object(_ bytes: some Collection<UInt8>, at start: Int) throws(SafetensorsError) -> [String: Any] {
    do {
      if let object = try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any] { return object }
    } catch {
      let reason = (error as NSError).userInfo["NSDebugDescription"] as? String ?? error.localizedDescription
      // Foundation says the place in its sentence alone.
      let offset = reason.firstMatch(of: /around character (\d+)/).flatMap { Int($0.1) } ?? bytes.count
      throw SafetensorsError(.malformedHeader(byte: start + offset, reason: reason))
    }
    throw SafetensorsError(.malformedHeader(byte: start, reason: "expected an object"))
  }

  private static func metadata(_ value: Any) throws(SafetensorsError) -> [String: String] {
    guard let texts = value as? [String: String] else {
      throw SafetensorsError(.malformedEntry(tensor: metadataKey, reason: "expected texts alone"))
    }
    return texts
  }
}

extension SafetensorsHeader.Entry {
  fileprivate init(_ name: String, _ value: Any) throws(SafetensorsError) {
    func malformed(_ reason: String) -> SafetensorsError {
      SafetensorsError(.malformedEntry(tensor: name, reason: reason))
    }
    guard let fields = value as? [String: Any] else { throw malformed("it is no object") }
    for key in ["dtype", "shape", "data_offsets"] where fields[key] == nil { throw malformed("'\(key)' is missing") }
    guard let dtype = fields["dtype"] as? String else { throw malformed("'dtype' is no text") }
    guard let shape = fields["shape"] as? [Int] else { throw malformed("'shape' is no list of whole numbers") }
    guard let offsets = fields["data_offsets"] as? [Int], offsets.count == 2 else {
      throw malformed("'data_offsets' is no pair of whole numbers")
    }
    guard let type = SafetensorsFile.ElementType(rawValue: dtype) else {
      throw SafetensorsError(.unknownElementType(dtype, tensor: name))
    }
    self.init(name: name, elementType: type, shape: shape, begin: offsets[0], end: offsets[1])
  }
}
