import Foundation

/// The memory that this process may use, and how much of it is left.
///
/// The least of the machine's memory, the limits of the shell (`ulimit -v`, `ulimit -d`) and that of the control group.
public struct MachineMemory: Sendable, Equatable {
  /// Bytes in all.
  public let limit: Int
  /// Bytes that are left.
  public let available: Int

  public init(limit: Int, available: Int) {
    self.limit = limit
    self.available = available
  }

  /// What is left now.
  public static var current: MachineMemory {
    let used = ProcessPages()
    let limits = [
      (sysconf(Int32(_SC_PHYS_PAGES)) * ProcessPages.size, used.resident), (controlGroupLimit, used.resident),
      (limit(of: RLIMIT_AS), used.mapped), (limit(of: RLIMIT_DATA), used.data),
    ]
    return limits.map { MachineMemory(limit: $0, available: max(0, $0 - $1)) }.min { $0.available < $1.available }
      ?? MachineMemory(limit: .max, available: .max)
  }

  /// Throws if less than `bytes` are left.
  ///
  /// - Parameters:
  ///   - bytes: how many are needed.
  ///   - what: what needs them: `the training step`.
  ///   - remedy: what to do about it: `use a smaller batch`.
  /// - Throws: ``MemoryError`` if they are not there.
  public static func check(_ bytes: Int, for what: @autoclosure () -> String, remedy: String) throws(MemoryError) {
    let memory = current
    guard bytes > memory.available else { return }
    throw MemoryError(what: what(), needed: bytes, memory: memory, remedy: remedy)
  }

  private static func limit(of resource: __rlimit_resource) -> Int {
    var limit = rlimit()
    return getrlimit(__rlimit_resource_t(resource.rawValue), &limit) == 0 ? Int(clamping: limit.rlim_cur) : .max
  }

  /// Of the process's control group and those above it.
  private static let controlGroupLimit: Int = {
    let groups = (try? String(contentsOfFile: "/proc/self/cgroup", encoding: .utf8)) ?? ""
    let own = groups.split(separator: "\n").first { $0.hasPrefix("0::") }?.dropFirst(3) ?? "/"
    let names = own.split(separator: "/")
    let folders = (0...names.count).map {
      (["/sys/fs/cgroup"] + names.prefix($0).map(String.init)).joined(separator: "/")
    }
    let files = folders.map { "\($0)/memory.max" } + ["/sys/fs/cgroup/memory/memory.limit_in_bytes"]
    return files.compactMap { path in
      (try? String(contentsOfFile: path, encoding: .utf8)).flatMap { Int($0.split(separator: "\n").first ?? "") }
    }.min() ?? .max
  }()
}

/// Something that does not fit into memory.
public struct MemoryError: Error, Sendable, Equatable, CustomStringConvertible {
  /// What needs the memory: `the training step`.
  public let what: String
  /// Bytes.
  public let needed: Int
  public let memory: MachineMemory
  public let remedy: String

  public init(what: String, needed: Int, memory: MachineMemory, remedy: String) {
    self.what = what
    self.needed = needed
    self.memory = memory
    self.remedy = remedy
  }

  public var description: String {
    "\(what) needs \(Self.amount(needed)) of memory, and \(Self.amount(memory.available)) of "
      + "\(Self.amount(memory.limit)) are left; \(remedy)"
  }

  /// Bytes as people say them: `1.5 GB`.
  public static func amount(_ bytes: Int) -> String {
    let units = [(1e18, "EB"), (1e15, "PB"), (1e12, "TB"), (1e9, "GB"), (1e6, "MB"), (1e3, "kB")]
    guard let (unit, name) = units.first(where: { Double(bytes) >= $0.0 }) else { return "\(bytes) bytes" }
    return String(format: "%.1f \(name)", Double(bytes) / unit)
  }
}

/// What the process uses, in bytes; zeros where the system does not tell.
private struct ProcessPages {
  static let size = sysconf(Int32(_SC_PAGESIZE))

  private(set) var mapped = 0
  private(set) var resident = 0
  private(set) var data = 0

  init() {
    // Pages in the order of proc(5): size, resident, shared, text, lib, data.
    let text = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8)) ?? ""
    let pages = text.split(whereSeparator: \.isWhitespace).map { Int($0) ?? 0 }
    guard pages.count >= 6 else { return }
    (mapped, resident, data) = (pages[0] * Self.size, pages[1] * Self.size, pages[5] * Self.size)
  }
}
