import CZlib
import Foundation

extension InputFile {
  /// What a file holds, decompressed if it is a gzip file. Throws `CommandError`.
  static func contents(_ path: String) throws(CommandError) -> [UInt8] {
    let bytes = try bytes(path)
    guard bytes.starts(with: [0x1F, 0x8B]) else {
      guard !path.hasSuffix(".gz") else { throw CommandError("\(path): it is named .gz but is not compressed by gzip") }
      return bytes
    }
    guard let stream = gzopen(path, "rb") else {
      throw CommandError("\(path): it cannot be read: \(String(cString: strerror(errno)))")
    }
    defer { gzclose(stream) }
    var contents: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 18)
    while true {
      let count = Int(gzread(stream, &buffer, UInt32(buffer.count)))
      guard count >= 0 else { throw CommandError("\(path): the compressed data is damaged or ends too early") }
      if count == 0 { break }
      contents += buffer[..<count]
      guard contents.count <= greatestSize else { throw CommandError("\(path): it holds more than 2 GB") }
    }
    var status = Z_OK
    _ = gzerror(stream, &status)
    guard status == Z_OK || status == Z_STREAM_END else {
      throw CommandError("\(path): the compressed data is damaged or ends too early")
    }
    return contents
  }

  private static let greatestSize = 2_000_000_000
}
