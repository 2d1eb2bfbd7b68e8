import ArgumentParser

/// What is shown while a run is trained, and after it.
struct TrainingOptions: ParsableArguments {
  @Flag(help: "Show no progress; print the run's id alone at the end.") var quiet = false
  @Flag(help: "Print events and the outcome as JSON lines.") var json = false
  @Flag(help: "Draw no chart of the loss at the end.") var noChart = false
}
