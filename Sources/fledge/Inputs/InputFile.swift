import Foundation

/// Reads files that users name.
enum InputFile {
  /// The bytes of a file. Throws `CommandError` with the system's reason.
  static func bytes(_ path: String) throws(CommandError) -> [UInt8] {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
      throw CommandError("\(path): there is no such file")
    }
    guard !isFolder.boolValue else { throw CommandError("\(path): it is a folder; name a file") }
    do {
      // A pipe has no size beforehand: FileManager reads none.
      return Array(try FileHandle(forReadingFrom: URL(fileURLWithPath: path)).readToEnd() ?? Data())
    } catch {
      throw CommandError("\(path): it cannot be read: \(String(cString: strerror(errno)))")
    }
  }

  /// The text of a file, UTF-8. `origin` is where the file was named.
  static func text(_ path: String, origin: String) throws(CommandError) -> String {
    guard let text = String(validating: try bytes(path), as: UTF8.self) else {
      throw CommandError("\(origin): \(path) is not text in UTF-8")
    }
    return text
  }
}
