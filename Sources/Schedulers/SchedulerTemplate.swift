import Registry

extension PluginTemplate {
  static let scheduler = PluginTemplate(
    owner: "Schedulers",
    part: """
      import Foundation
      public import Registry
      public import Schedulers

      public struct TYPE: Scheduler {
        public static let name = "NAME"
        public static let summary = "the rate halves after every few epochs, smoothly"
        public static let formula = "rate = base·2^(−epoch/half-life), epoch = step/steps per epoch"
        public static let reference = "the paper or text that defines it"

        @Parameter("epochs in which the rate halves", in: .above(0)) public var halfLife = 10.0

        public init() {}

        public func rate(at context: ScheduleContext) -> Double {
          let epoch = Double(context.step) / Double(max(1, context.stepsPerEpoch))
          return context.baseRate * exp2(-epoch / halfLife)
        }
      }
      """,
    test: """
        @Test("rates", arguments: [(0, 1.0), (40, 0.5), (80, 0.25)])
        func rate(_ step: Int, _ expected: Double) throws {
          let part = try registry().make("NAME(4)", as: .scheduler, origin: "test")
          let rate = part.rate(at: ScheduleContext(step: step, totalSteps: 100, stepsPerEpoch: 10, baseRate: 1))
          #expect(rate == expected, "step \\(step)")
        }
      """)
}
