import ArgumentParser
import Foundation
import Orchestrator

/// The command line: one subcommand a file.
///
/// Results go to standard output and nothing else does; progress and errors go to standard error. Exit codes: 0 done,
/// 1 failed, 64 wrong usage, 130 interrupted.
@main
struct Fledge: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fledge",
    abstract: "Trains neural networks from parts that you name, and keeps every run in one file.",
    version: fledgeVersion,
    groupedSubcommands: [
      CommandGroup(
        name: "Training",
        subcommands: [
          TrainCommand.self, ResumeCommand.self, ForkCommand.self, EvaluateCommand.self, PredictCommand.self,
          ExportCommand.self,
          ReproduceCommand.self, BenchCommand.self, PlanCommand.self,
        ]),
      CommandGroup(
        name: "Parts",
        subcommands: [
          ListCommand.self, DescribeCommand.self, ApplyCommand.self, TraceCommand.self, CheckCommand.self,
          PluginCommand.self,
        ]),
      CommandGroup(
        name: "Runs",
        subcommands: [
          RunsCommand.self, GroupsCommand.self, ShowCommand.self, MetricsCommand.self, CheckpointsCommand.self,
          TagCommand.self, NoteCommand.self, RenameCommand.self, DeleteCommand.self,
        ]),
    ])

  static func main() {
    // At the limit of a file's size (ulimit -f) the write fails instead, and the store says so.
    signal(SIGXFSZ, SIG_IGN)
    do {
      var command = try parseAsRoot(RepeatedOptions.joined(Array(CommandLine.arguments.dropFirst())))
      try command.run()
    } catch {
      Failure(error).exit()
    }
  }
}
