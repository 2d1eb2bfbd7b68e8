import Synchronization

/// A request to end training after the step that is under way; may be made from any thread.
public final class Interruption: Sendable {
  private let flag = Atomic(false)

  public init() {}

  public func request() { flag.store(true, ordering: .releasing) }

  public var isRequested: Bool { flag.load(ordering: .acquiring) }
}
