import ArgumentParser

/// How kernels are chosen.
struct KernelOptions: ParsableArguments {
  @Flag(help: "Time kernels anew that the store remembers as timed on this machine.") var retune = false
}
