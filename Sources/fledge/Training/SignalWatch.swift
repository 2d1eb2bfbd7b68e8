import Dispatch
import Foundation
import Orchestrator

/// Turns the first SIGINT or SIGTERM into a request to stop; a second one ends the process as it always does.
final class SignalWatch {
  private let sources: [any DispatchSourceSignal]

  init(_ interruption: Interruption, isQuiet: Bool) {
    sources = [SIGINT, SIGTERM].map { number in
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler {
        signal(SIGINT, SIG_DFL)
        signal(SIGTERM, SIG_DFL)
        interruption.request()
        let start = Terminal.error.isInteractive ? "\n" : ""
        if !isQuiet { Console.note("\(start)finishing the step and saving; once more to stop at once") }
      }
      source.resume()
      return source
    }
  }

  /// Signals do again what they always do.
  func end() {
    for source in sources { source.cancel() }
    signal(SIGINT, SIG_DFL)
    signal(SIGTERM, SIG_DFL)
  }
}
