import ArgumentParser
import Foundation
import Orchestrator
import Registry

struct TrainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train",
    abstract: "Trains a model on a dataset, both named, and keeps the run in the store.",
    discussion: """
      Ctrl-C finishes the step, saves, and exits with 130; 'fledge resume last' goes on from there bit for bit. A second \
      Ctrl-C ends the process at once.

      fledge train --dataset fashion-mnist --model 'flatten, dense(128), relu, dense(10)' --epochs 5

      With --repeats, the runs are a group: NAME#1, NAME#2 …, to be seen with 'fledge show NAME', and gone on with by \
      'fledge resume NAME'.
      """)

  @OptionGroup var recipe: RecipeOptions
  @Option(help: ArgumentHelp("Train so many times, with seeds that go up by one.", valueName: "count"))
  var repeats: Int?
  @OptionGroup var kernels: KernelOptions
  @OptionGroup var storage: StoreOptions
  @OptionGroup var options: TrainingOptions

  func validate() throws {
    if let repeats, !(1...1000 ~= repeats) {
      throw ValidationError("--repeats: expected a whole number from 1 to 1000, found \(repeats)")
    }
  }

  func run() throws {
    let recipe = try recipe.makeRecipe()
    let session = try TrainingSession(storage, options)
    guard let repeats else {
      return try session.run { context in
        try context.orchestrator.train(
          recipe, in: context.store, retunes: kernels.retune, observers: context.observers,
          interruption: context.interruption)
      }
    }
    try session.runGroup { context in
      try context.orchestrator.train(
        recipe, repeats: repeats, in: context.store, retunes: kernels.retune, observers: context.observers,
        interruption: context.interruption, announce: context.announce)
    }
  }
}
