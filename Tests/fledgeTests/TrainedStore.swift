import Testing

/// A store with two small runs, `first` and `second`, that tests read from and never change.
enum TrainedStore {
  /// What every run here is trained on: ten classes, four steps, in about a second on the reference backend.
  static let recipe = [
    "--dataset", "shapes(count: 40, test: 20)", "--model", "average-pool(16), flatten, dense(10)", "--backend",
    "reference", "--batch", "18", "--epochs", "2",
  ]

  private static let made = Task {
    let program = try Program()
    _ = try await program.succeed(["train", "--name", "first", "--tag", "old", "--quiet"] + recipe)
    _ = try await program.succeed(
      ["train", "--name", "second", "--optimizer", "sgd(rate: 0.25, momentum: 0.5)", "--quiet"] + recipe)
    return program
  }

  static var program: Program {
    get async throws { try await made.value }
  }
}
