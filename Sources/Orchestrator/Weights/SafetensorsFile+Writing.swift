import Foundation

extension SafetensorsFile {
  /// The whole file: header length, header padded with spaces to a multiple of eight bytes, data.
  public var bytes: [UInt8] {
    var header = Array(headerText.utf8)
    header += Array(repeating: UInt8(ascii: " "), count: (8 - header.count % 8) % 8)
    let length = withUnsafeBytes(of: UInt64(header.count).littleEndian) { Array($0) }
    return length + header + data
  }

  /// Writes the file beside its place and renames it, so that no reader sees a part of it.
  ///
  /// What a link leads to is written, and the link stays; a device or pipe is written as it is.
  public func write(to path: String) throws(SafetensorsError) {
    var status = stat()
    let exists = stat(path, &status) == 0
    let place = URL(fileURLWithPath: path).resolvingSymlinksInPath()
    let temporary = place.deletingLastPathComponent()
      .appendingPathComponent(".\(place.lastPathComponent).\(UUID().uuidString)")
    do {
      switch exists ? status.st_mode & S_IFMT : S_IFREG {
      case S_IFREG:
        try Data(bytes).write(to: temporary)
        guard rename(temporary.path, place.path) == 0 else {
          throw SafetensorsError(.unwritable(reason: String(cString: strerror(errno))), in: path)
        }
      case S_IFDIR: throw SafetensorsError(.unwritable(reason: "it is a folder"), in: path)
      default: try FileHandle(forWritingTo: URL(fileURLWithPath: path)).write(contentsOf: Data(bytes))
      }
    } catch {
      let reason = String(cString: strerror(errno))
      unlink(temporary.path)
      throw error as? SafetensorsError ?? SafetensorsError(.unwritable(reason: reason), in: path)
    }
  }

  /// The header with its keys in the order of the data, so that equal files have equal bytes.
  private var headerText: String {
    var items: [String] = []
    if !metadata.isEmpty {
      let pairs = metadata.sorted { $0.key < $1.key }.map { "\(quoted($0.key)):\(quoted($0.value))" }
      items.append("\(quoted(SafetensorsHeader.metadataKey)):{\(pairs.joined(separator: ","))}")
    }
    items += tensors.map { tensor in
      let shape = tensor.shape.map(String.init).joined(separator: ",")
      let offsets = "[\(tensor.range.lowerBound),\(tensor.range.upperBound)]"
      return quoted(tensor.name)
        + ":{\"dtype\":\"\(tensor.elementType.rawValue)\",\"shape\":[\(shape)],\"data_offsets\":\(offsets)}"
    }
    return "{\(items.joined(separator: ","))}"
  }

  /// A JSON string (RFC 8259, section 7).
  private func quoted(_ text: String) -> String {
    text.unicodeScalars.reduce(into: "\"") { json, scalar in
      switch scalar {
      case "\"": json += "\\\""
      case "\\": json += "\\\\"
      case _ where scalar.value < 0x20:
        let digits = String(scalar.value, radix: 16)
        json += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: json.unicodeScalars.append(scalar)
      }
    } + "\""
  }
}
