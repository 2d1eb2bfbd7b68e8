import Activations
import Conformance
import Execution
import Layers
import Losses
import Optimizers
import Registry
import Regularizers
import Testing

@Suite struct BrokenPartsTests {
  @Test(
    "a part that breaks a law fails the check of that law",
    arguments: [
      ("wrong-gradient", "gradient", ["wrong-gradient on [3, 8]", "seed 2024", "reference backend", "'x'"]),
      ("wrong-shape", "shapes", ["wrong-shape on [3, 8]", "makes [3, 1]"]),
      ("halving", "shapes", ["halving on [3, 8]", "makes [3, 4]"]),
      ("overflowing", "finite", ["overflowing on", "backend reference"]),
      ("undocumented", "schema", ["parameter 'scale' has no help"]),
      ("bad-default", "schema", ["'scale' of bad-default must be", "not 2"]),
      ("contradictory", "schema", ["its defaults do not go together: low 2.0 is above high 1.0"]),
      ("bad-example", "schema", ["bad-example takes no arguments"]),
      ("fastidious", "shapes", ["fastidious accepts none of [[3, 8]", "not this"]),
      ("careless", "shapes", ["careless on [2, 4, 6, 6]", "ModelError"]),
      ("total-loss", "gradient", ["makes [] of a batch of 4"]),
      ("careful-not", "finite", ["predictions to ±1e4", "result is", "inf"]),
      ("bare-norm", "finite", ["bare-norm on [3, 4]", "of zeros", "gradient parameter is", "nan"]),
      ("exhausted", "finite", ["exhausted on [3, 4]", "after 8 steps 'parameter'", "nan"]),
      ("false-prophet", "untrained value", ["foretold is 17"]),
      ("overconfident", "prediction", ["overconfident: probabilities are up to", "from one half"]),
      ("boastful", "range", ["boastful on [3, 8]", "said to be in 0…1"]),
      ("ascending", "descends", ["ascending on [3, 4] as bias", "does not go down"]),
      ("drifting", "rests", ["drifting on [3, 4] as bias", "moves"]),
      ("secretive", "states", ["keeps 'hidden' without UpdateScope.state"]),
    ])
  func fails(_ name: String, _ check: String, _ fragments: [String]) throws {
    var registry = Registry()
    ExecutionPlugin.register(in: &registry)
    registry.register(WrongGradient.self)
    registry.register(WrongShape.self)
    registry.register(Halving.self)
    registry.register(Overflowing.self)
    registry.register(Undocumented.self)
    registry.register(BadDefault.self)
    registry.register(Contradictory.self)
    registry.register(BadExample.self)
    registry.register(Fastidious.self)
    registry.register(Careless.self)
    registry.register(TotalLoss.self)
    registry.register(CarefulNot.self)
    registry.register(BareNorm.self)
    registry.register(Exhausted.self)
    registry.register(FalseProphet.self)
    registry.register(Overconfident.self)
    registry.register(Boastful.self)
    registry.register(Ascending.self)
    registry.register(Drifting.self)
    registry.register(Secretive.self)
    let results = ConformanceSuite(registry: registry, backends: []).check(name: name)
    let result = try #require(results.first { $0.check == check }, "\(name) has no check '\(check)': \(results)")
    guard case .failed(let message) = result.status else {
      Issue.record("\(name) passes '\(check)': \(result)")
      return
    }
    for fragment in fragments { #expect(message.contains(fragment), "\(message)") }
  }

  @Test func aBackendThatIsNotRegisteredFails() throws {
    var registry = Registry()
    registry.register(ReLU.self)
    let results = ConformanceSuite(registry: registry, backends: ["imaginary"]).check()
    let failure = try #require(results.first { $0.check == "agrees on imaginary" })
    #expect(failure.isFailure)
    #expect("\(failure)".contains("there is no backend 'imaginary'"))
  }
}
