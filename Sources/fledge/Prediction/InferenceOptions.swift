import ArgumentParser

/// What computes predictions.
struct InferenceOptions: ParsableArguments {
  @Option(help: "What computes; by default the fastest backend that the machine can run.") var backend: String?
}
