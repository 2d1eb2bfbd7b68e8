/// What one check found of one part.
public struct CheckResult: Sendable, Equatable {
  public enum Status: Sendable, Equatable {
    case passed
    /// With the part's parameters, shape, seed and backend, and what was expected.
    case failed(String)
    case skipped(String)
  }

  public let kind: String
  public let name: String
  /// What was checked: `gradient`, `restored` …
  public let check: String
  public let status: Status
  /// Figures, such as the worst error seen and the error allowed.
  public let detail: String

  public init(kind: String, name: String, check: String, status: Status, detail: String = "") {
    self.kind = kind
    self.name = name
    self.check = check
    self.status = status
    self.detail = detail
  }

  public var isFailure: Bool { if case .failed = status { true } else { false } }
}

extension CheckResult: CustomStringConvertible {
  public var description: String {
    let part = "\(kind) \(name), \(check)"
    let figures = detail.isEmpty ? "" : " (\(detail))"
    return switch status {
    case .passed: "passed: \(part)\(figures)"
    case .failed(let message): "FAILED: \(part): \(message)\(figures)"
    case .skipped(let reason): "skipped: \(part): \(reason)"
    }
  }
}

/// A law that does not hold.
struct Failure: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}

/// A check that cannot be made here.
struct Skip: Error {
  let reason: String
}
