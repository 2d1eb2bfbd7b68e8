import CKernels
import Testing

@Suite struct ThreadsTests {
  /// What each thread of a team was told; a slot for each thread, so that none writes where another does.
  struct Record {
    var calls = [Int32](repeating: 0, count: 64)
    var teams = [Int32](repeating: 0, count: 64)
  }

  static func team(_ threads: Int32) -> Record {
    var record = Record()
    record.calls.withUnsafeMutableBufferPointer { calls in
      record.teams.withUnsafeMutableBufferPointer { teams in
        var context = (calls.baseAddress, teams.baseAddress)
        fledge_parallel(
          threads,
          { context, thread, threads in
            guard let context, (0..<64).contains(thread) else { return }
            let (calls, teams) = context.load(as: (UnsafeMutablePointer<Int32>?, UnsafeMutablePointer<Int32>?).self)
            calls?[Int(thread)] += 1
            teams?[Int(thread)] = threads
          }, &context)
      }
    }
    return record
  }

  @Test(arguments: [-1, 0, 1, 2, 3, 8] as [Int32]) func eachThreadRunsOnce(_ threads: Int32) {
    for _ in 0..<20 {
      let record = Self.team(threads)
      let team = Int(record.teams[0])
      #expect((1...max(1, Int(threads))).contains(team), "a team of \(team)")
      #expect(record.calls == [Int32](repeating: 1, count: team) + [Int32](repeating: 0, count: 64 - team))
      #expect(record.teams[..<team].allSatisfy { $0 == team }, "all are told the same")
    }
  }
}
