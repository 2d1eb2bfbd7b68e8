import Registry

extension PluginTemplate {
  static let preprocessor = PluginTemplate(
    owner: "Preprocessors",
    part: """
      public import Preprocessors
      public import Registry
      public import Tensors

      public struct TYPE: Preprocessor {
        public static let name = "NAME"
        public static let summary = "every value scaled, so that the greatest magnitude in training is the bound"
        public static let formula = "y = bound·x/max|x|"
        public static let reference = "the paper or text that defines it"

        @Parameter("greatest magnitude of the training examples afterwards", in: .above(0)) public var bound = 1.0

        public init() {}

        public func fitted(to training: TrainingInputs) throws -> any FittedPreprocessor {
          var greatest: Float = 0
          try training.forEach { values in
            for value in values { greatest = max(greatest, abs(value)) }
          }
          return Fitted(greatest: greatest, bound: Float(bound))
        }

        public func restored(from statistics: [String: Tensor]) throws -> any FittedPreprocessor {
          guard let greatest = statistics["greatest"] else {
            throw PreprocessorError(
              .missingStatistic("greatest", found: statistics.keys.sorted()), in: Self.name)
          }
          guard greatest.shape == .scalar else {
            throw PreprocessorError(
              .wrongStatistic("greatest", expected: "[]", found: greatest.shape), in: Self.name)
          }
          return Fitted(greatest: greatest.floats[0], bound: Float(bound))
        }
      }

      private struct Fitted: FittedPreprocessor {
        let greatest: Float
        let bound: Float

        var statistics: [String: Tensor] { ["greatest": Tensor(Double(greatest))] }

        func outputShape(for input: Shape) throws -> Shape { input }

        func apply(to values: inout [Float], shape: Shape) {
          guard greatest > 0 else { return }
          for index in values.indices { values[index] *= bound / greatest }
        }
      }
      """,
    testImports: ["Tensors"],
    test: """
        @Test func restoredAsFitted() throws {
          let part = try registry().make("NAME(2)", as: .preprocessor, origin: "test")
          let inputs = Tensor([2, 2]) { [1, -4, 2, 0][$0] }
          let examples = Examples(inputs: inputs, targets: Tensor([2]) { _ in 0 }, classNames: nil)
          let fitted = try part.fitted(to: #require(examples))
          for preprocessor in [fitted, try part.restored(from: fitted.statistics)] {
            var values: [Float] = [8, -2]
            preprocessor.apply(to: &values, shape: [2])
            #expect(values == [4, -1])
          }
        }

        @Test func missingStatistics() throws {
          let part = try registry().make("NAME", as: .preprocessor, origin: "test")
          #expect(throws: PreprocessorError.self) { try part.restored(from: [:]) }
        }
      """)
}
