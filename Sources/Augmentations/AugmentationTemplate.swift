import Registry

extension PluginTemplate {
  static let augmentation = PluginTemplate(
    owner: "Augmentations",
    part: """
      public import Augmentations
      public import Registry
      public import Tensors

      public struct TYPE: Augmentation {
        public static let name = "NAME"
        public static let summary = "light and dark exchanged"
        public static let formula = "y = 255 − x with the probability"
        public static let reference = "the paper or text that defines it"

        @Parameter("how often, as a part of all images", in: 0...1) public var probability = 0.5

        public init() {}

        public func callAsFunction(_ image: consuming Image, _ context: inout AugmentationContext) -> Image {
          guard context.stream.happens(probability) else { return image }
          for index in image.pixels.indices { image.pixels[index] = 255 - image.pixels[index] }
          return image
        }
      }
      """,
    testImports: ["Tensors"],
    test: """
        @Test("pixels", arguments: [("NAME(1)", [255, 254, 0] as [Float]), ("NAME(0)", [0, 1, 255])])
        func pixels(_ specification: String, _ expected: [Float]) throws {
          let part = try registry().make(specification, as: .augmentation, origin: "test")
          let stream = RandomStream(seed: 1, "test")
          var context = AugmentationContext(stream: stream, exampleStream: stream)
          let image = part(Image(channels: 1, height: 1, width: 3, pixels: [0, 1, 255]), &context)
          #expect(image.pixels == expected, "\\(specification)")
        }
      """)
}
