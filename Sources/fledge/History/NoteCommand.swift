import ArgumentParser
import Experiments

struct NoteCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "note",
    abstract: "Writes a note beside a run, in the place of the one before.",
    discussion: """
      fledge note last 'the loss jumps at epoch 3'
      fledge runs --where 'note ~ jumps' --columns id,name,note
      """)

  @OptionGroup var reference: RunReference
  @Argument(help: "The note; '' takes it away.") var text: String
  @OptionGroup var storage: StoreOptions
  @OptionGroup var output: OutputOptions

  func run() throws {
    let run = try storage.change { try $0.setNote(text.isEmpty ? nil : text, ofRun: reference.run) }
    let json = JSONValue.object([("id", .text(run.id)), ("name", .optional(run.name)), ("note", .optional(run.note))])
    let shown = "\(run.title): " + (run.note.map { "note \($0)" } ?? "no note")
    try Console.result(output.json ? json.description : shown.printable)
  }
}
