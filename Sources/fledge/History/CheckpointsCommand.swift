import ArgumentParser
import Experiments

struct CheckpointsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "checkpoints", abstract: "Lists the checkpoints of a run with their sizes.")

  @OptionGroup var reference: RunReference
  @OptionGroup var storage: StoreOptions
  @OptionGroup var output: OutputOptions

  func run() throws {
    let checkpoints = try storage.open().checkpoints(ofRun: reference.run)
    if output.json { return try Console.result(JSONValue.array(checkpoints.map(Self.json)).lines) }
    try Console.result(checkpoints.isEmpty ? "no checkpoints" : Self.text(checkpoints))
  }

  static func json(_ checkpoint: CheckpointInfo) -> JSONValue {
    .object([
      ("step", .integer(checkpoint.step)), ("epoch", .integer(checkpoint.epoch)),
      ("created", .date(checkpoint.created)), ("score", .optional(checkpoint.score)),
      ("best", .bool(checkpoint.isBest)), ("tensors", .integer(checkpoint.tensorCount)),
      ("bytes", .integer(checkpoint.rawBytes)), ("storedBytes", .integer(checkpoint.storedBytes)),
    ])
  }

  static func text(_ checkpoints: [CheckpointInfo]) -> String {
    var table = Table(
      ["step", "epoch", "saved", "score", "best", "tensors", "size", "stored"],
      [.right, .right, .left, .right, .left, .right, .right, .right])
    table.rows = checkpoints.map { checkpoint in
      [
        String(checkpoint.step), String(checkpoint.epoch), Formatting.date(checkpoint.created),
        checkpoint.score.map(Formatting.number) ?? "–", checkpoint.isBest ? "best" : "",
        String(checkpoint.tensorCount), Formatting.bytes(checkpoint.rawBytes), Formatting.bytes(checkpoint.storedBytes),
      ]
    }
    return table.text
  }
}
