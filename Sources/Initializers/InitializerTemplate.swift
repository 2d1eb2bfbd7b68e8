import Registry

extension PluginTemplate {
  static let initializer = PluginTemplate(
    owner: "Initializers",
    part: """
      public import Initializers
      public import Registry
      public import Tensors

      public struct TYPE: Initializer {
        public static let name = "NAME"
        public static let summary = "normal numbers whose deviation falls with the root of the inputs"
        public static let formula = "N(0, gain²/in)"
        public static let reference = "the paper or text that defines it"

        @Parameter("deviation of a sum of inputs of deviation 1", in: 0...) public var gain = 1.0

        public init() {}

        public func callAsFunction(_ shape: Shape, _ fan: Fan, _ stream: inout RandomStream) -> Tensor {
          let deviation = gain / Double(max(1, fan.input)).squareRoot()
          return Tensor(shape) { _ in deviation * stream.normal() }
        }
      }
      """,
    testImports: ["Tensors"],
    test: """
        @Test func deviation() throws {
          let part = try registry().make("NAME(gain: 2)", as: .initializer, origin: "test")
          var stream = RandomStream(seed: 1, "test")
          let values = part([100, 100], Fan(input: 100, output: 100), &stream).doubles
          let deviation = (values.reduce(0) { $0 + $1 * $1 } / Double(values.count)).squareRoot()
          // The deviation of 10,000 draws errs by 0.2/√20000 ≈ 0.0014; five times that never happens.
          #expect(abs(deviation - 0.2) < 0.007, "deviation \\(deviation)")
        }
      """)
}
