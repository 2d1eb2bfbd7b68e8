import ArgumentParser
import Foundation
import Orchestrator
import Registry

struct TrainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train",
    abstract: "Trains a model on a dataset, both named, and keeps the run in the store.",
    discussion: """
      Ctrl-C finishes the step, saves, and exits with 130; 'fledge resume last' goes on from there bit for bit. A second
      Ctrl-C ends the process at once.

      fledge train --dataset fashion-mnist --model 'flatten, dense(128), relu, dense(10)' --epochs 5
      """)

  @OptionGroup var recipe: RecipeOptions
  @OptionGroup var kernels: KernelOptions
  @OptionGroup var storage: StoreOptions
  @OptionGroup var options: TrainingOptions

  func run() throws {
    let recipe = try recipe.makeRecipe()
    let session = try TrainingSession(storage, options)
    try session.run { orchestrator, store, observers, interruption in
      try orchestrator.train(
        recipe, in: store, retunes: kernels.retune, observers: observers, interruption: interruption)
    }
  }
}
