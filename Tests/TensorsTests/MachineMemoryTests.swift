import Tensors
import Testing

@Suite struct MachineMemoryTests {
  @Test func whatIsLeftIsPartOfAll() {
    let memory = MachineMemory.current
    #expect(memory.available > 0)
    #expect(memory.available < memory.limit)
    // Of no machine that runs this.
    #expect(memory.limit < 1 << 60)
  }

  @Test func whatDoesNotFitIsRefused() throws {
    try MachineMemory.check(1, for: "a byte", remedy: "none")
    let error = #expect(throws: MemoryError.self) {
      try MachineMemory.check(.max, for: "everything", remedy: "use less")
    }
    #expect(error?.needed == .max)
    let memory = try #require(error?.memory)
    #expect(
      error?.description
        == "everything needs 9.2 EB of memory, and \(MemoryError.amount(memory.available)) of "
        + "\(MemoryError.amount(memory.limit)) are left; use less")
  }

  @Test(arguments: [
    (0, "0 bytes"), (999, "999 bytes"), (1000, "1.0 kB"), (1_550_000, "1.6 MB"), (4_000_000_000, "4.0 GB"),
    (1 << 42, "4.4 TB"),
  ])
  func amounts(_ bytes: Int, _ text: String) { #expect(MemoryError.amount(bytes) == text) }
}
