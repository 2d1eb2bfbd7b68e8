import Registry

extension PluginTemplate {
  static let dataset = PluginTemplate(
    owner: "Datasets",
    part: """
      public import Datasets
      import Foundation
      public import Registry
      import Tensors

      /// Inputs `[count, 2]`, two classes in turn.
      public struct TYPE: Dataset {
        public static let name = "NAME"
        public static let summary = "points on two spirals that wind around each other; needs no file"
        public static let reference = "the paper or text that defines it"

        @Parameter("training examples", in: 2...10_000_000) public var count = 1000
        @Parameter("test examples", in: 2...10_000_000) public var test = 200
        @Parameter("deviation of a point from its spiral", in: 0...1) public var noise = 0.02

        public init() {}

        public func load(_ context: DatasetContext) throws -> DatasetSplits {
          DatasetSplits(
            train: try examples(count, RandomStream(seed: context.seed, "NAME training")),
            test: try examples(test, RandomStream(seed: context.seed, "NAME test")))
        }

        private func examples(_ count: Int, _ stream: RandomStream) throws -> Examples {
          var points: [Float] = []
          points.reserveCapacity(2 * count)
          for index in 0..<count {
            // A stream an example: point n is the same whatever the count.
            var own = stream.substream(UInt64(index))
            let radius = own.uniform()
            let angle = 2 * .pi * radius + (index % 2 == 0 ? 0 : .pi)
            points.append(Float(radius * cos(angle) + noise * own.normal()))
            points.append(Float(radius * sin(angle) + noise * own.normal()))
          }
          guard let inputs = Tensor([count, 2], .float32(points)),
            let targets = Tensor([count], .int32((0..<count).map { Int32($0 % 2) })),
            let examples = Examples(inputs: inputs, targets: targets, classNames: ["first", "second"])
          else { throw DatasetError(.countMismatch, "inputs and labels differ in number") }
          return examples
        }
      }
      """,
    testImports: ["Tensors"],
    test: """
        @Test func sameSeedSameExamples() throws {
          let part = try registry().make("NAME(6, test: 4)", as: .dataset, origin: "test")
          let first = try part.load(DatasetContext(seed: 1))
          let second = try part.load(DatasetContext(seed: 1))
          let other = try part.load(DatasetContext(seed: 2))
          #expect(try first.train.inputs.rows(0..<6) == second.train.inputs.rows(0..<6))
          #expect(try first.train.inputs.rows(0..<6) != other.train.inputs.rows(0..<6))
          #expect(first.train.inputs.shape == [6, 2])
          #expect(first.test?.count == 4)
          #expect(first.train.targets.elements == .int32([0, 1, 0, 1, 0, 1]))
        }
      """)
}
