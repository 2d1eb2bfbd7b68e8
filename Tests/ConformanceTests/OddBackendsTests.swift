import Activations
import Conformance
import Execution
import Layers
import Optimizers
import Registry
import Testing

@Suite struct OddBackendsTests {
  private func results(_ backend: String, name: String) -> [CheckResult] {
    var registry = Registry()
    ExecutionPlugin.register(in: &registry)
    registry.register(Absent.self)
    registry.register(Fickle.self)
    registry.register(Inexact.self)
    registry.register(Reckless.self)
    registry.register(Rounding.self)
    registry.register(BatchNorm.self)
    registry.register(Dense.self)
    registry.register(Adam.self)
    registry.register(SiLU.self)
    return ConformanceSuite(registry: registry, backends: [backend]).check(name: name)
  }

  @Test("a backend in Float32 conforms", arguments: ["batch-norm", "dense", "adam", "silu"])
  func rounding(_ name: String) throws {
    let results = results("rounding", name: name)
    let agreement = try #require(results.first { $0.check == "agrees on rounding" })
    #expect(agreement.status == .passed, "\(agreement)")
    for failure in results where failure.isFailure { Issue.record("\(failure)") }
  }

  @Test("a backend that errs by a thousandth does not agree", arguments: ["batch-norm", "dense", "silu"])
  func inexact(_ name: String) throws {
    let agreement = try #require(results("inexact", name: name).first { $0.check == "agrees on inexact" })
    guard case .failed(let message) = agreement.status else {
      Issue.record("\(agreement)")
      return
    }
    for fragment in [name, "[3, 8]", "seed 2024", "backend inexact", "allowed"] {
      #expect(message.contains(fragment), "\(message)")
    }
  }

  @Test func aBackendWhoseBitsChangeIsNotDeterministic() throws {
    let result = try #require(results("fickle", name: "dense").first { $0.check == "deterministic" })
    guard case .failed(let message) = result.status else {
      Issue.record("\(result)")
      return
    }
    #expect(message.contains("backend fickle") && message.contains("two runs differ"), "\(message)")
  }

  @Test func aBackendConformsByItself() {
    let results = results("rounding", name: "rounding")
    #expect(Set(results.map(\.check)).isSuperset(of: ["restored", "refuses", "primitives", "deterministic", "guard"]))
    #expect(results.allSatisfy { $0.status == .passed }, "\(results)")
  }

  @Test(arguments: [
    ("inexact", "primitives", "differs from the reference"), ("fickle", "deterministic", "two runs differ"),
    ("reckless", "guard", "a step with the guard nan leaves [2.0, 2.0], not 1.0"),
  ])
  func aBackendThatBreaksALawIsSaidTo(name: String, law: String, fragment: String) throws {
    let result = try #require(results(name, name: name).first { $0.check == law })
    guard case .failed(let message) = result.status else {
      Issue.record("\(result)")
      return
    }
    #expect(message.contains(fragment), "\(message)")
  }

  @Test func whatIsNotComparedIsSkipped() {
    let results = results("rounding", name: "null")
    #expect(results.allSatisfy { !$0.isFailure }, "\(results)")
    #expect(results.first { $0.check == "primitives" }?.status == .skipped("is not compared with the reference"))
  }

  @Test func aBackendThatCannotRunHereIsSkipped() throws {
    let results = results("absent", name: "dense")
    #expect(results.allSatisfy { !$0.isFailure })
    #expect(results.first { $0.check == "agrees on absent" }?.status == .skipped("backend absent cannot run here"))
  }
}
