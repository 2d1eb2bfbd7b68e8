import Foundation

/// The Package.swift of a checkout, whose list of add-ons can grow.
struct Manifest {
  private let path: String
  private var text: String

  private static let heading = "let addOns: [String] = ["

  /// Throws `CommandError` unless the folder is a checkout of Fledge.
  init(folder: String) throws(CommandError) {
    path = "\(folder)/Package.swift"
    let remedy = "run this in the top folder of a checkout of Fledge"
    guard FileManager.default.fileExists(atPath: path) else {
      throw CommandError("there is no Package.swift in \(folder); \(remedy)")
    }
    text = try InputFile.text(path, origin: "Package.swift")
    guard text.contains("name: \"Fledge\""), text.contains(Self.heading) else {
      throw CommandError("\(path) is not Fledge's: it has no list 'addOns'; \(remedy)")
    }
  }

  /// Adds one line to the list. Throws `CommandError` if a target has the name.
  mutating func add(_ target: String) throws(CommandError) {
    guard !text.contains("\"\(target)\"") else {
      throw CommandError("Package.swift already names '\(target)'; take another name")
    }
    guard let heading = text.range(of: Self.heading) else { return }
    if let end = text[heading.upperBound...].firstIndex(of: "]"),
      text[heading.upperBound..<end].allSatisfy(\.isWhitespace)
    {
      text.replaceSubrange(heading.upperBound..<end, with: "\n  \"\(target)\"\n")
    } else {
      text.insert(contentsOf: "\n  \"\(target)\",", at: heading.upperBound)
    }
  }

  /// Replaces the file in one step.
  func write() throws(CommandError) {
    do {
      try Data(text.utf8).write(to: URL(fileURLWithPath: path), options: .atomic)
    } catch {
      throw CommandError("\(path) cannot be written: \(String(cString: strerror(errno)))")
    }
  }
}
