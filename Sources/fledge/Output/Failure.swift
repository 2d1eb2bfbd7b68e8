import ArgumentParser
import Foundation

/// An error on its way out of the program: one message on standard error and an exit code.
struct Failure {
  private let error: any Error

  init(_ error: any Error) { self.error = error }

  func exit() -> Never {
    let code = Fledge.exitCode(for: error)
    switch error {
    case let error as CommandError: leave("error: \(error)", .failure)
    case is ExitCode: Foundation.exit(code.rawValue)
    case _ where code == .success: Fledge.exit(withError: error)
    case _ where code == .validationFailure: leave(usage, code)
    default: leave("error: \(message)", .failure)
    }
  }

  private func leave(_ text: String, _ code: ExitCode) -> Never {
    Console.note(text)
    Foundation.exit(code.rawValue)
  }

  /// The parser's message with the usage of the command below it.
  private var usage: String {
    let text = Fledge.fullMessage(for: error)
    return text.hasPrefix("Error: ") ? "error: " + text.dropFirst("Error: ".count) : text
  }

  /// What the error says of itself; Foundation's errors say it in another place.
  private var message: String {
    if type(of: error) is NSError.Type { return error.localizedDescription }
    return (error as? any LocalizedError)?.errorDescription ?? "\(error)"
  }
}

/// What a command cannot do, in a sentence that says the remedy.
struct CommandError: Error, Equatable, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }
}
