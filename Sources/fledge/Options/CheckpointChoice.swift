import ArgumentParser
import Experiments

/// A checkpoint as users name it: `best`, `last`, or a step.
struct CheckpointChoice: ExpressibleByArgument {
  /// Nil for the command's own choice.
  let selection: CheckpointSelection?

  static let automatic = CheckpointChoice(selection: nil)
  static let last = CheckpointChoice(selection: .last)

  private init(selection: CheckpointSelection?) { self.selection = selection }

  init?(argument: String) {
    switch argument {
    case "best": selection = .best
    case "last": selection = .last
    default:
      guard let step = Int(argument), step >= 0 else { return nil }
      selection = .step(step)
    }
  }

  var defaultValueDescription: String { selection.map { "\($0)" } ?? "best, else last" }

  static var defaultCompletionKind: CompletionKind { .list(["best", "last"]) }
}
