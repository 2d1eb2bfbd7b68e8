import ArgumentParser
import Orchestrator

struct BenchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench", abstract: "Times a training step of a recipe, on synthetic data unless a dataset is named.",
    discussion: """
      A step is the batch's preparation, forward, backward and update; evaluation and the store are left out. \
      Which kernels are fastest is remembered in the store, if there is one.

      fledge bench --input 28x28x1 --model 'flatten, dense(512), relu, dense(10)' --steps 200
      """)

  @Option(help: ArgumentHelp("Steps that are timed.", valueName: "count")) var steps = 100
  @Flag(help: "List what takes the step's time, by kind of kernel and kernel by kernel.") var profile = false
  @OptionGroup var step: StepOptions
  @OptionGroup var kernels: KernelOptions
  @OptionGroup var storage: StoreOptions
  @OptionGroup var output: OutputOptions

  private static let greatestSteps = 1_000_000_000

  func validate() throws {
    guard 1...Self.greatestSteps ~= steps else {
      throw ValidationError("--steps: expected at least 1 and at most \(Self.greatestSteps), found \(steps)")
    }
  }

  func run() throws {
    let result = try Orchestrator.linked().benchmark(
      step.makeRecipe(), steps: steps, isProfiled: profile, in: storage.openForKernelChoices(), retunes: kernels.retune)
    for warning in result.plan.warnings { Console.note("warning: \(warning)") }
    try Console.result(output.json ? BenchReport(result).json.description : BenchReport(result).text)
  }
}
