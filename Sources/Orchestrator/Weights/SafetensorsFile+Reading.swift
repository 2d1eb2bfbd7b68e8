import Foundation

extension SafetensorsFile {
  /// Reads and checks a file. Throws ``SafetensorsError`` that names the file, the place and what was expected.
  public init(contentsOf path: String) throws(SafetensorsError) {
    var isFolder: ObjCBool = false
    if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue {
      throw SafetensorsError(.unreadable(reason: "it is a folder; name a file"), in: path)
    }
    let bytes: Data
    do {
      bytes = try Data(contentsOf: URL(fileURLWithPath: path))
    } catch let error as CocoaError where error.code == .fileReadNoSuchFile {
      throw SafetensorsError(.missingFile, in: path)
    } catch {
      throw SafetensorsError(.unreadable(reason: String(cString: strerror(errno))), in: path)
    }
    do {
      try self.init(bytes: bytes)
    } catch {
      throw error.said(of: path)
    }
  }

  /// Reads and checks the bytes of a file.
  ///
  /// Throws unless every tensor's offsets fit its shape and type, and the tensors cover the data without gap or overlap.
  public init(bytes: some Collection<UInt8>) throws(SafetensorsError) {
    guard bytes.count >= 8 else {
      throw SafetensorsError(
        .notSafetensors(reason: "expected eight bytes with the header's length, found \(bytes.count) bytes"))
    }
    let length = bytes.prefix(8).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    let rest = bytes.dropFirst(8)
    guard length <= UInt64(rest.count), length <= UInt64(Self.greatestHeaderLength) else {
      throw SafetensorsError(.headerTooLong(length: length, available: rest.count))
    }
    let text = rest.prefix(Int(length))
    guard text.first == UInt8(ascii: "{") else {
      throw SafetensorsError(.notSafetensors(reason: "expected a header that begins with '{' at byte 8"))
    }
    let header = try SafetensorsHeader(parsing: text, at: 8)
    let data = Array(rest.dropFirst(Int(length)))
    let tensors = try header.entries.map { entry throws(SafetensorsError) in
      try Entry(entry, available: data.count)
    }.sorted {
      ($0.range.lowerBound, $0.range.upperBound, $0.name) < ($1.range.lowerBound, $1.range.upperBound, $1.name)
    }
    try Self.checkCover(tensors, of: data.count)
    self.init(tensors: tensors, metadata: header.metadata, data: data)
  }

  /// A name that the header has twice is found here as well: JSON keeps one of the two, and the other's data is unused.
  private static func checkCover(_ tensors: [Entry], of count: Int) throws(SafetensorsError) {
    var end = 0
    for tensor in tensors {
      let range = tensor.range
      guard range.lowerBound >= end else {
        throw SafetensorsError(
          .badOffsets(
            tensor: tensor.name, begin: range.lowerBound, end: range.upperBound,
            reason: "it overlaps the tensor before it, which ends at \(end)"))
      }
      guard range.lowerBound == end else { throw SafetensorsError(.unusedBytes(from: end, to: range.lowerBound)) }
      end = range.upperBound
    }
    guard end == count else { throw SafetensorsError(.unusedBytes(from: end, to: count)) }
  }
}

extension SafetensorsFile.Entry {
  fileprivate init(_ entry: SafetensorsHeader.Entry, available: Int) throws(SafetensorsError) {
    let (begin, end) = (entry.begin, entry.end)
    guard begin >= 0, begin <= end, end <= available else {
      let reason = "expected a range within the \(available) bytes of data"
      throw SafetensorsError(.badOffsets(tensor: entry.name, begin: begin, end: end, reason: reason))
    }
    let expected = SafetensorsHeader.byteCount(entry.shape, entry.elementType)
    guard expected == end - begin else {
      throw SafetensorsError(
        .wrongSize(
          tensor: entry.name, shape: entry.shape, elementType: entry.elementType, expected: expected, found: end - begin
        ))
    }
    self.init(name: entry.name, shape: entry.shape, elementType: entry.elementType, range: begin..<end)
  }
}
