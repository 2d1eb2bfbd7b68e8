public import Registry
import Execution
import Losses
import Optimizers
import Tensors
import TrainingMetrics

/// The checks that every registered part must pass, ours and strangers' alike.
///
///     let failures = ConformanceSuite(registry: registry).check().filter(\.isFailure)
///
/// Every part is tried with its example, and once more with each switch turned, each other choice, and each number that is
/// 0 by default at ½. Numbers are drawn from a fixed seed, so that a failure is found again.
public struct ConformanceSuite: Sendable {
  let registry: Registry
  let backends: [String]
  let seed: UInt64 = 2024

  /// `backends` are compared with the reference; nil stands for all that are registered and compute.
  public init(registry: Registry, backends: [String]? = nil) {
    self.registry = registry
    self.backends = backends ?? registry.computingBackends.filter { $0 != ReferenceBackend.name }
  }

  /// Checks the parts of a kind, of a name, of both, or all of them.
  public func check(kind: String? = nil, name: String? = nil) -> [CheckResult] {
    registry.kinds.filter { kind == nil || kind == $0 }.flatMap { registry.entries(of: $0) }
      .filter { name == nil || name == $0.name }
      .flatMap(check)
  }

  private func check(_ entry: Registry.Entry) -> [CheckResult] {
    var results = declarationChecks(entry)
    let part: any Component
    do {
      part = try registry.make(Specification(parsing: entry.type.example, origin: "example"), entry)
    } catch {
      return results
    }
    switch part {
    case is any Transform: results += transformChecks(entry)
    case is any Loss: results += lossChecks(entry)
    case let metric as any Metric: results += metricChecks(entry, metric)
    case let part as any TensorFunction: results += tensorFunctionChecks(entry, type(of: part))
    case is any Optimizer: results += optimizerChecks(entry)
    case let backend as any Backend: results += backendChecks(entry, backend)
    default: results += hostChecks(entry, part)
    }
    return results + extremeChecks(entry)
  }

  /// One check: what `body` throws is the failure, what it returns the detail.
  func result(_ entry: Registry.Entry, _ check: String, _ body: () throws -> String) -> CheckResult {
    Self.result(kind: entry.kind, name: entry.name, check, body)
  }

  static func result(kind: String, name: String, _ check: String, _ body: () throws -> String) -> CheckResult {
    func result(_ status: CheckResult.Status, _ detail: String = "") -> CheckResult {
      CheckResult(kind: kind, name: name, check: check, status: status, detail: detail)
    }
    do {
      return result(.passed, try body())
    } catch let skip as Skip {
      return result(.skipped(skip.reason))
    } catch {
      return result(.failed("\(error)"))
    }
  }

  /// The part with its example, and with one parameter changed at a time.
  func variants(of entry: Registry.Entry) throws -> [(title: String, part: any Component)] {
    let example = try Specification(parsing: entry.type.example, origin: "example of \(entry.name)")
    let part = try registry.make(example, entry)
    var specifications = [example]
    let given = Set(example.arguments.compactMap(\.label))
    for (schema, value) in part.parameters where !schema.isRequired && !given.contains(schema.label) {
      let terms: [Specification.Term] =
        switch (schema.type, value) {
        case (_, .part(let present)?) where !schema.choices.isEmpty:
          schema.choices.filter { $0 != present.name }.map { .part(Specification($0)) }
        case (Bool.expectation, .part(let present)?):
          [.part(Specification(present.name == "true" ? "false" : "true"))]
        case (Double.expectation, .number("0", _)?): [(0.5).term]
        default: []
        }
      specifications += terms.map {
        Specification(example.name, example.arguments + [Specification.Argument(schema.label, $0)])
      }
    }
    return specifications.compactMap { specification in
      // ½ may lie outside a parameter's range.
      (try? registry.make(specification, entry)).map { (specification.description, $0) }
    }
  }

  func stream(_ name: String) -> RandomStream { RandomStream(seed: seed, "conformance \(name)") }

  /// Standard normal numbers.
  func normal(_ shape: Shape, _ name: String) -> Tensor {
    var stream = stream(name)
    return Tensor(shape) { _ in stream.normal() }
  }

  /// Numbers in [0, 1).
  func uniform(_ shape: Shape, _ name: String) -> Tensor {
    var stream = stream(name)
    return Tensor(shape) { _ in stream.uniform() }
  }
}
