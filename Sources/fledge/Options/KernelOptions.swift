import ArgumentParser

/// How kernels are chosen.
struct KernelOptions: ParsableArguments {
  @Flag(help: "Choose kernels anew that the store remembers for this machine.") var retune = false
}
