public import Experiments

/// Where a group stands and which run comes next: a function of its plan and of how its runs stand, of nothing else.
///
/// Whatever process asks, and whenever the last one was killed, the answer is the same.
public struct GroupProgress: Sendable, Equatable {
  /// What is to be done now; positions are counted from 1.
  public enum Step: Sendable, Equatable {
    case begin(Int)
    /// Go on with a run that was broken off.
    case resume(Int)
    /// What is left is being trained at this moment, or waits for what is.
    case wait(for: Int)
    case complete
    /// A run failed, and the group with it.
    case fail(Int)
  }

  private enum Member: Equatable {
    case planned, running, interrupted, done, failed
  }

  private let members: [Member]
  private let needs: [[Int]]
  private let countsFailures: Bool

  /// - Parameters:
  ///   - planned: the members of the plan.
  ///   - statuses: of those that have begun, by position; one that the plan does not have is left out.
  ///   - countsFailures: whether a run that failed is a result like any other.
  public init(_ planned: [PlannedMember], statuses: [Int: RunStatus], countsFailures: Bool = false) {
    members = planned.indices.map { index in
      switch statuses[index + 1] {
      case nil: .planned
      case .running: .running
      case .interrupted: .interrupted
      case .completed, .stopped: .done
      case .failed: .failed
      }
    }
    needs = planned.map(\.needs)
    self.countsFailures = countsFailures
  }

  /// - Parameter retrying: whether a run that failed is gone on with, as after the fault that ended it was mended.
  /// - Returns: what is to be done now.
  public func next(retrying: Bool = false) -> Step {
    if !countsFailures, let failed = position(of: .failed) { return retrying ? .resume(failed) : .fail(failed) }
    if let interrupted = position(of: .interrupted) { return .resume(interrupted) }
    let ready = members.indices.first { index in
      members[index] == .planned
        && needs[index].allSatisfy { members.indices.contains($0 - 1) && members[$0 - 1] == .done }
    }
    if let ready { return .begin(ready + 1) }
    if let running = position(of: .running) { return .wait(for: running) }
    // What still waits needs a run that failed, and is as failed as that.
    return .complete
  }

  /// - Parameter isWorkedOn: whether a process trains its runs.
  /// - Returns: the state of the group.
  public func state(isWorkedOn: Bool) -> GroupState {
    switch next() {
    case .complete: .completed
    case .fail: .failed
    case .begin, .resume, .wait: isWorkedOn ? .running : .interrupted
    }
  }

  private func position(of member: Member) -> Int? { members.firstIndex(of: member).map { $0 + 1 } }
}
