/// Something that watches a run, and may end it. Called on the training thread: it must be quick.
///
/// What an observer needs to go on after an interruption as if there had been none, it gives as `state`.
public protocol TrainingObserver: AnyObject {
  /// What is thrown ends the run, which counts as failed.
  func observe(_ event: TrainingEvent) throws -> TrainingDecision
  /// Part of every checkpoint. Default: nothing.
  var state: [UInt8] { get throws }
  /// Takes up what `state` gave. Default: nothing is done.
  func restore(_ state: [UInt8]) throws
}

extension TrainingObserver {
  public var state: [UInt8] { [] }
  public func restore(_ state: [UInt8]) throws {}
}

public enum TrainingDecision: Sendable, Equatable {
  case goOn
  /// Ends the run after this event; its status is `stopped`.
  case stop(reason: String)
}
