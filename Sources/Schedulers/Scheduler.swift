public import Registry

/// The learning rate as training goes on.
///
/// Laws: the rate is a pure function of the context, finite and at least 0 wherever the base rate is.
public protocol Scheduler: Component {
  /// The rate of the step that `context` describes.
  func rate(at context: ScheduleContext) -> Double

  /// Full names of the figures whose history it reads besides that of the monitored one: a run that does not have them is
  /// refused. A scheduler that holds another gives the other's. Default: none.
  var watchedFigures: [String] { get }
}

extension Scheduler {
  public var watchedFigures: [String] { [] }
}

extension Kind where Part == any Scheduler {
  public static var scheduler: Self {
    Kind("scheduler", standard: "constant", example: "cosine(warmup: 0.1)", template: .scheduler)
  }
}

extension Registry {
  public mutating func register(_ part: (some Scheduler).Type) { add(part, as: .scheduler) }
}

extension Parameter where Value == any Scheduler {
  public init(wrappedValue: Value, _ help: String) {
    self.init(wrappedValue: wrappedValue, help, kind: .scheduler) { $0 }
  }
}
