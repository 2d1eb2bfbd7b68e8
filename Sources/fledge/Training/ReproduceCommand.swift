import ArgumentParser
import Experiments
import Orchestrator

struct ReproduceCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "reproduce",
    abstract: "Trains a run again and says whether it comes out the same, bit for bit.",
    discussion: """
      The recipe, seed, threads and kernels are those of the run's last checkpoint, up to which it is trained; the \
      store is only read. The exit code is 0 if every logged figure and every tensor of the checkpoint has the same \
      bits, else 1.

      fledge reproduce last
      """)

  @OptionGroup var reference: RunReference
  @OptionGroup var storage: StoreOptions
  @OptionGroup var output: OutputOptions
  @Flag(help: "Show no progress.") var quiet = false

  func run() throws {
    let store = try storage.open()
    let run = try store.run(matching: reference.run)
    let interruption = Interruption()
    let signals = SignalWatch(interruption, isQuiet: quiet)
    defer { signals.end() }
    let progress = quiet ? nil : ProgressObserver(Terminal.error)
    let reproduction: Reproduction?
    do {
      defer { progress?.end() }
      reproduction = try Orchestrator.linked().reproduce(
        run, in: store, observers: progress.map { [$0] } ?? [], interruption: interruption)
    }
    guard let reproduction else { throw ExitCode(130) }
    try Console.result(output.json ? reproduction.json.description : reproduction.text)
    if reproduction.difference != nil { throw ExitCode.failure }
  }
}

extension Reproduction {
  fileprivate var text: String {
    let count = "\(Formatting.count(figures, "figure")) and \(Formatting.count(tensors, "tensor"))"
    guard let difference else { return "run \(run) is reproduced: \(count) have the same bits at step \(step)" }
    return "run \(run) is not reproduced: it first differs at step \(difference.step), where \(difference.text)"
  }

  fileprivate var json: JSONValue {
    .object([
      ("run", .text(run)), ("step", .integer(step)), ("figures", .integer(figures)), ("tensors", .integer(tensors)),
      ("reproduced", .bool(difference == nil)), ("difference", difference?.json ?? .null),
    ])
  }
}

extension Reproduction.Difference {
  fileprivate var text: String {
    // Full precision: the numbers may differ in their last bits alone.
    func number(_ value: Double?) -> String { value.map { "\($0)" } ?? "missing" }
    let name =
      switch place {
      case .figure(let name): name
      case .tensor(let name, let element): "element \(element) of tensor \(name)"
      }
    return "\(name) was \(number(stored)) and is \(number(found))"
  }

  fileprivate var json: JSONValue {
    let names: [(String, JSONValue)] =
      switch place {
      case .figure(let name): [("figure", .text(name))]
      case .tensor(let name, let element): [("tensor", .text(name)), ("element", .integer(element))]
      }
    return .object(
      [("step", .integer(step))] + names + [("stored", .optional(stored)), ("found", .optional(found))])
  }
}
