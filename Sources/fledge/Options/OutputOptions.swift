import ArgumentParser

/// How a listing is printed.
struct OutputOptions: ParsableArguments {
  @Flag(help: "Print JSON: numbers in full precision, NaN and infinities as texts.")
  var json = false
}
