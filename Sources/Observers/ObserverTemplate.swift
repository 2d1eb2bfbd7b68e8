import Registry

extension PluginTemplate {
  static let observer = PluginTemplate(
    owner: "Observers",
    part: """
      import Foundation
      public import Observers
      public import Registry

      public struct TYPE: Observer {
        public static let name = "NAME"
        public static let summary = "ends the run when the training loss rises for too many epochs in a row"
        public static let reference = "the paper or text that defines it"

        @Parameter("epochs in a row in which the loss may rise", in: 0...) public var allowed = 3

        public init() {}

        public func makeObserver(figures: RunFigures) -> any TrainingObserver { Watcher(allowed: allowed) }
      }

      private final class Watcher: TrainingObserver {
        private let allowed: Int
        private var memory = Memory()

        /// All that a resumed run has to know.
        private struct Memory: Codable {
          /// Of the last epoch, as a bit pattern: JSON has no infinities.
          var loss: UInt64?
          var rises = 0
        }

        init(allowed: Int) { self.allowed = allowed }

        func observe(_ event: TrainingEvent) -> TrainingDecision {
          guard case .epochEnded(let report) = event, let loss = report.figure("train.loss") else { return .goOn }
          let rises = memory.loss.map { loss > Double(bitPattern: $0) } ?? false
          memory = Memory(loss: loss.bitPattern, rises: rises ? memory.rises + 1 : 0)
          return memory.rises > allowed ? .stop(reason: "the loss rose in \\(memory.rises) epochs in a row") : .goOn
        }

        var state: [UInt8] { get throws { [UInt8](try JSONEncoder().encode(memory)) } }

        func restore(_ state: [UInt8]) throws { memory = try JSONDecoder().decode(Memory.self, from: Data(state)) }
      }
      """,
    test: """
        @Test("stops", arguments: [([3.0, 4, 5, 6], 2), ([3, 4, 3, 4], nil), ([3, .nan, 4, 5], nil)])
        func stops(_ losses: [Double], _ expected: Int?) throws {
          let part = try registry().make("NAME(1)", as: .observer, origin: "test")
          let loss = FigureDeclaration("train.loss", .lower)
          let observer = try part.makeObserver(figures: RunFigures([loss], monitored: loss))
          let stop = try losses.indices.first { epoch in
            let report = EpochReport(
              epoch: epoch + 1, step: epoch + 1, training: [Figure(.loss, losses[epoch])], seconds: 1)
            return try observer.observe(.epochEnded(report)) != .goOn
          }
          #expect(stop == expected)
        }
      """)
}
