import Experiments
import Orchestrator
import Testing

/// Which run of a group comes next.
@Suite struct GroupProgressTests {
  private typealias Step = GroupProgress.Step

  /// - Parameters:
  ///   - needs: of each member, the positions that must be done before.
  ///   - statuses: of each member; nil for one that has not begun.
  ///   - countsFailures: whether a run that failed is a result.
  /// - Returns: where the group stands.
  private static func progress(
    _ needs: [[Int]], _ statuses: [RunStatus?], countsFailures: Bool = false
  ) -> GroupProgress {
    var known: [Int: RunStatus] = [:]
    for (index, status) in statuses.enumerated() { known[index + 1] = status }
    return GroupProgress(
      needs.enumerated().map { PlannedMember(Recipe(), values: ["fold": "\($0 + 1)"], needs: $1) }, statuses: known,
      countsFailures: countsFailures)
  }

  private static let independent: [[Int]] = [[], [], []]
  private static let chain: [[Int]] = [[], [1], [2]]

  /// One row a case: needs, statuses, the next step, the next step of a retry, the state with and without a process.
  struct Row: Sendable, CustomTestStringConvertible {
    let needs: [[Int]]
    let statuses: [RunStatus?]
    let next: GroupProgress.Step
    let retry: GroupProgress.Step
    let state: GroupState

    var testDescription: String { "\(needs), \(statuses.map { $0?.rawValue ?? "planned" })" }
  }

  private static func row(
    _ needs: [[Int]], _ statuses: [RunStatus?], _ next: Step, retry: Step? = nil, _ state: GroupState = .interrupted
  ) -> Row {
    Row(needs: needs, statuses: statuses, next: next, retry: retry ?? next, state: state)
  }

  private static let rows = [
    row([], [], .complete, .completed),
    row(independent, [nil, nil, nil], .begin(1)),
    row(independent, [.completed, nil, nil], .begin(2)),
    row(independent, [.stopped, .completed, nil], .begin(3)),
    row(independent, [.completed, .stopped, .completed], .complete, .completed),
    row(independent, [.completed, .interrupted, nil], .resume(2)),
    row(independent, [.running, nil, nil], .begin(2)),
    row(independent, [.running, .completed, .running], .wait(for: 1)),
    row(independent, [nil, .interrupted, nil], .resume(2)),
    row(independent, [.interrupted, .completed, .completed], .resume(1)),
    row(independent, [.completed, .failed, nil], .fail(2), retry: .resume(2), .failed),
    row(independent, [.interrupted, .failed, nil], .fail(2), retry: .resume(2), .failed),
    row(independent, [nil, nil, .completed], .begin(1)),
    row(chain, [nil, nil, nil], .begin(1)),
    row(chain, [.running, nil, nil], .wait(for: 1)),
    row(chain, [.interrupted, nil, nil], .resume(1)),
    row(chain, [.completed, nil, nil], .begin(2)),
    row(chain, [.completed, .stopped, nil], .begin(3)),
    row(chain, [.failed, nil, nil], .fail(1), retry: .resume(1), .failed),
    // Two folds of two stages each: the second fold goes on while the first one's stage is trained elsewhere.
    row([[], [1], [], [3]], [.running, nil, nil, nil], .begin(3)),
    row([[], [1], [], [3]], [.running, nil, .completed, nil], .begin(4)),
    row([[], [1], [], [3]], [.running, nil, .completed, .completed], .wait(for: 1)),
  ]

  @Test("says what comes next", arguments: rows) func next(_ row: Row) {
    let progress = Self.progress(row.needs, row.statuses)
    #expect(progress.next() == row.next)
    #expect(progress.next(retrying: true) == row.retry)
    #expect(progress.state(isWorkedOn: false) == row.state)
    #expect(progress.state(isWorkedOn: true) == (row.state == .interrupted ? .running : row.state))
  }

  @Test func aFailureThatCountsIsAResult() {
    let known: [RunStatus?] = [.failed, .completed, nil]
    #expect(Self.progress(Self.independent, known, countsFailures: true).next() == .begin(3))
    #expect(Self.progress(Self.independent, known, countsFailures: true).next(retrying: true) == .begin(3))
    let over = Self.progress(Self.independent, [.failed, .failed, .completed], countsFailures: true)
    #expect(over.next() == .complete && over.state(isWorkedOn: false) == .completed)
    let stuck = Self.progress(Self.chain, [.failed, nil, nil], countsFailures: true)
    #expect(stuck.next() == .complete, "what needs it can never begin")
  }

  /// Over every combination of statuses: the group always comes to an end, each run is begun once and done at the end,
  /// and killing the process between any two steps changes nothing.
  @Test(
    "from anywhere, by single steps, to its end", arguments: [independent, chain, [[], [], [1, 2]], [[3], [], []]])
  func everyWayEnds(_ needs: [[Int]]) {
    let all: [RunStatus?] = [nil] + RunStatus.allCases
    for first in all {
      for second in all {
        for third in all {
          var statuses = [first, second, third]
          let start = statuses
          var begun: [Int] = []
          var steps = 0
          walk: while steps < 20 {
            steps += 1
            switch Self.progress(needs, statuses).next(retrying: true) {
            case .begin(let position):
              #expect(statuses[position - 1] == nil, "\(start)")
              #expect(needs[position - 1].allSatisfy { statuses[$0 - 1]?.isDone == true }, "\(start)")
              begun.append(position)
              // Killed in the middle of it.
              statuses[position - 1] = .interrupted
            case .resume(let position):
              #expect([.interrupted, .failed].contains(statuses[position - 1]), "\(start)")
              statuses[position - 1] = .completed
            case .wait(let position):
              #expect(statuses[position - 1] == .running, "\(start)")
              statuses[position - 1] = .stopped
            case .complete: break walk
            case .fail: Issue.record("a retry fails at once: \(start)")
            }
          }
          #expect(statuses.allSatisfy { $0?.isDone == true }, "\(start) ends as \(statuses)")
          #expect(begun.count == start.count { $0 == nil } && Set(begun).count == begun.count, "\(start): \(begun)")
        }
      }
    }
  }

  @Test func whatThePlanDoesNotHaveIsLeftOut() {
    let progress = GroupProgress([], statuses: [1: .failed, 7: .running])
    #expect(progress.next() == .complete)
  }
}
