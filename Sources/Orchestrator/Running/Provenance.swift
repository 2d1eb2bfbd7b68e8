import Foundation

/// Which Fledge this is.
public let fledgeVersion = "0.1.0"

/// What made a run, besides its recipe.
enum Provenance {
  static var versions: [String: String] {
    ["fledge": fledgeVersion, "swift": swiftVersion, "system": ProcessInfo.processInfo.operatingSystemVersionString]
  }

  /// The processor's model, as Linux names it.
  static var processor: String {
    let facts = contents(URL(fileURLWithPath: "/proc/cpuinfo")).map(facts) ?? [:]
    // Virtual machines hide the name behind one for all; the numbers remain.
    let numbers = ["cpu family", "model", "stepping"].compactMap { name in facts[name].map { "\(name) \($0)" } }
    let parts = [facts["model name"] ?? "unknown processor"] + numbers
    return parts.joined(separator: ", ")
  }

  /// Of the first processor.
  private static func facts(_ text: String) -> [String: String] {
    let pairs = text.prefix(4096).split(separator: "\n").compactMap { line -> (String, String)? in
      let sides = line.split(separator: ":", maxSplits: 1).map { $0.trimmingCharacters(in: .whitespaces) }
      return sides.count == 2 ? (sides[0], sides[1]) : nil
    }
    return Dictionary(pairs) { first, _ in first }
  }

  /// The commit that a folder's git checkout is at; nil without one. Read from the files: git need not be installed.
  static func gitRevision(of folder: String) -> String? {
    var place = URL(fileURLWithPath: folder).standardizedFileURL
    while true {
      let git = place.appendingPathComponent(".git")
      if let head = contents(git.appendingPathComponent("HEAD")) { return revision(head, git) }
      // A worktree or submodule: a file that names the folder.
      if let pointer = contents(git), pointer.hasPrefix("gitdir: ") {
        let directory = URL(fileURLWithPath: String(pointer.dropFirst(8)), relativeTo: place)
        return contents(directory.appendingPathComponent("HEAD")).flatMap { revision($0, directory) }
      }
      let parent = place.deletingLastPathComponent().standardizedFileURL
      if parent.path == place.path { return nil }
      place = parent
    }
  }

  private static func revision(_ head: String, _ git: URL) -> String? {
    guard head.hasPrefix("ref: ") else { return head }
    let reference = String(head.dropFirst(5))
    let common =
      contents(git.appendingPathComponent("commondir")).map { URL(fileURLWithPath: $0, relativeTo: git) } ?? git
    for folder in [git, common] {
      if let commit = contents(folder.appendingPathComponent(reference)) { return commit }
    }
    let packed = contents(common.appendingPathComponent("packed-refs")) ?? ""
    let line = packed.split(separator: "\n").first { $0.hasSuffix(" \(reference)") }
    return line.flatMap { $0.split(separator: " ").first.map(String.init) }
  }

  private static func contents(_ url: URL) -> String? {
    guard let data = try? Data(contentsOf: url) else { return nil }
    return String(decoding: data, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
  }

  private static var swiftVersion: String {
    #if swift(>=6.3)
      "6.3"
    #elseif swift(>=6.2)
      "6.2"
    #else
      "6.1"
    #endif
  }
}
