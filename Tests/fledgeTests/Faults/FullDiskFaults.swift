import Foundation
import Testing

@Suite struct FullDiskFaults {
  private struct Run: Decodable {
    let name: String?
    let status: String
  }

  /// A limit on the size of files, in blocks of 1024 bytes, makes writes fail wherever they have got to.
  private static let limits = [8, 40, 80, 140, 160, 200, 300]

  @Test("files that may not grow", arguments: limits) func fileSizeLimit(_ limit: Int) async throws {
    let bench = try await FaultBench()
    defer { bench.program.remove() }
    let train = bench.train([
      "--quiet", "--name", "large", "--model", "dense(2000), dense(3)", "--epochs", "6", "--checkpoint-every", "4",
    ])
    try await bench.refuses(
      train, through: ["bash", "-c", "ulimit -f \(limit); exec \"$@\"", "bash"],
      saying: ["store fledge.sqlite: ", "\(limit * 1024) bytes", "ulimit -f", "what was committed before is safe"])
    try await goesOn(bench, train)
  }

  /// With room again the run goes on, if it was begun, and ends as it would have.
  private func goesOn(_ bench: FaultBench, _ train: [String]) async throws {
    guard try await bench.runs().contains(where: { $0.name == "large" }) else { return }
    _ = try await bench.program.succeed(["resume", "large", "--quiet"])
    _ = try await bench.program.succeed(train + ["--name", "whole"])
    #expect(try await bench.weights("large") == bench.weights("whole"))
  }

  /// The namespace in which a small file system can be mounted.
  private static let namespace = ["unshare", geteuid() == 0 ? "-m" : "-rm"]

  private static func canMount() async throws -> Bool {
    let program = try Program()
    defer { program.remove() }
    let script = namespace + ["sh", "-c", "mount -t tmpfs -o size=64k none \"$PWD\" && echo mounted", "sh"]
    return (try? await program.run([], through: script))?.output == "mounted\n"
  }

  /// Kilobytes that are free at the start.
  @Test(.enabled("no small file system can be mounted here", canMount), arguments: [100, 300])
  func fullDisk(_ free: Int) async throws {
    let bench = try await FaultBench()
    defer { bench.program.remove() }
    try FileManager.default.createDirectory(atPath: bench.program.path("disk"), withIntermediateDirectories: true)
    // What is on the disk is copied away before the mount ends with its namespace.
    let script = """
      size=$(du -ck fledge.sqlite* | tail -n 1 | cut -f 1)
      mount -t tmpfs -o size=$((size + \(free)))k none disk && cp fledge.sqlite* disk/ && { "$@"; code=$?; }
      rm fledge.sqlite; cp disk/fledge.sqlite* .; exit $code
      """
    let train = bench.train([
      "--quiet", "--name", "large", "--model", "dense(2000), dense(3)", "--epochs", "6", "--checkpoint-every", "4",
    ])
    try await bench.refuses(
      train + ["--store", "disk/fledge.sqlite"], through: Self.namespace + ["bash", "-c", script, "bash"],
      saying: ["store disk/fledge.sqlite: the disk is full", "free some space"])
    try await goesOn(bench, train)
  }

  /// A result that nobody gets is not a success.
  @Test func fullOutput() async throws {
    let bench = try await FaultBench()
    defer { bench.program.remove() }
    let full = ["bash", "-c", "\"$@\" >/dev/full", "bash"]
    for command in [["runs"], ["list"], ["show", "before", "--json"], bench.train(["--json"])] {
      let quiet = command[0] == "train" ? ["--quiet"] : []
      try await bench.refuses(command + quiet, through: full, saying: ["standard output cannot be written"])
    }
  }
}
