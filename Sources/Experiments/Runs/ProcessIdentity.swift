import Foundation

/// A process that cannot be mistaken for a later one with the same number: host, boot, number and start time.
public struct ProcessIdentity: Sendable, Hashable, Codable {
  public let host: String
  /// /proc/sys/kernel/random/boot_id; empty where there is none.
  public let bootID: String
  public let processID: Int
  /// Clock ticks since boot, field 22 of /proc/PID/stat; 0 where there is none.
  public let startTime: Int

  public init(host: String, bootID: String, processID: Int, startTime: Int) {
    self.host = host
    self.bootID = bootID
    self.processID = processID
    self.startTime = startTime
  }

  public static func current() -> ProcessIdentity {
    let processID = Int(getpid())
    return ProcessIdentity(
      host: currentHost(), bootID: currentBootID(), processID: processID,
      startTime: ProcessStatus(processID)?.startTime ?? 0)
  }

  /// Whether the process is known to have ended. Of processes on other hosts, nothing is known.
  public func hasEnded(seenFrom observer: ProcessIdentity) -> Bool {
    guard host == observer.host else { return false }
    guard bootID == observer.bootID else { return true }
    if processID == observer.processID { return startTime != observer.startTime }
    guard let status = ProcessStatus(processID) else {
      return kill(pid_t(truncatingIfNeeded: processID), 0) != 0 && errno == ESRCH
    }
    return status.isDead || status.startTime != startTime
  }

  // Not ProcessInfo: it may ask the network.
  private static func currentHost() -> String {
    var name = [CChar](repeating: 0, count: 256)
    guard gethostname(&name, name.count - 1) == 0 else { return "localhost" }
    return String(decoding: name.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }

  private static func currentBootID() -> String {
    (contents("/proc/sys/kernel/random/boot_id") ?? "").trimmingCharacters(in: .whitespacesAndNewlines)
  }
}

/// The two fields of /proc/PID/stat that tell one process from another.
private struct ProcessStatus {
  let startTime: Int
  /// Ended, and not yet waited for by its parent.
  let isDead: Bool

  init?(_ processID: Int) {
    // The name of the program, field 2, is in parentheses and may itself hold spaces and parentheses.
    guard let text = contents("/proc/\(processID)/stat"), let end = text.lastIndex(of: ")") else { return nil }
    let fields = text[text.index(after: end)...].split(separator: " ")
    guard fields.count > 19, let start = Int(fields[19]) else { return nil }
    startTime = start
    isDead = fields[0] == "Z" || fields[0] == "X"
  }
}

private func contents(_ path: String) -> String? {
  guard let file = fopen(path, "r") else { return nil }
  defer { fclose(file) }
  var bytes = [UInt8](repeating: 0, count: 4096)
  let count = fread(&bytes, 1, bytes.count, file)
  return String(decoding: bytes.prefix(count), as: UTF8.self)
}
