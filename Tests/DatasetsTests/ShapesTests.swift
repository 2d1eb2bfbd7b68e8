import Datasets
import Tensors
import Testing

@Suite struct ShapesTests {
  private let folder: Folder

  init() throws { folder = try Folder() }

  @Test func sizesAndClasses() throws {
    let splits = try folder.load("shapes(count: 25, test: 10)")
    #expect(splits.train.inputs.shape == [25, 3, 32, 32])
    #expect(splits.test?.inputs.shape == [10, 3, 32, 32])
    #expect(splits.train.targets.elements == .int32((0..<25).map { $0 % 10 }))
    #expect(splits.train.classNames?.count == 10)
    #expect(try folder.load("shapes(count: 3, test: 0)").test == nil)
  }

  @Test(
    "examples that do not fit are refused before they are made",
    arguments: [
      ("synthetic(shape: [9223372036854775807, 2])", "examples of shape [1024, 9223372036854775807, 2] are more than"),
      (
        "synthetic(shape: 1000000, count: 1000000)",
        "holding examples of shape [1000000, 1000000] needs 4.0 TB of memory"
      ),
      ("synthetic(shape: [], count: 10000000, limit: 1)", ""),
    ])
  func tooMany(_ specification: String, _ message: String) throws {
    guard !message.isEmpty else {
      #expect(try folder.load(specification).train.count == 1)
      return
    }
    let (code, text) = try folder.failure(specification)
    #expect(code == .tooLarge)
    #expect(text.contains(message) && text.contains("use a smaller count or shape"), "\(text)")
  }

  @Test func theSeedDecidesAndTheCountDoesNot() throws {
    let first = try folder.load("shapes(count: 20, test: 10)")
    let pixels = try first.train.allInputs()
    #expect(pixels.count == 20 * 3072)
    #expect(try folder.load("shapes(count: 20, test: 10)", seed: 9).train.allInputs() == pixels)
    #expect(try folder.load("shapes(count: 20, test: 10, seed: 1)").train.allInputs() != pixels)
    #expect(try folder.load("shapes(count: 30, limit: 20)").train.allInputs() == pixels)
    #expect(try first.test?.allInputs() != Array(pixels.prefix(10 * 3072)))
  }

  @Test("without noise an image has two colours and few between them")
  func clean() throws {
    let images = try folder.load("shapes(count: 50, test: 0, noise: 0)").train
    for index in 0..<50 {
      let bytes = try images.inputs.rows([index]).floats
      var counts: [[Float]: Int] = [:]
      for pixel in 0..<1024 { counts[[bytes[pixel], bytes[1024 + pixel], bytes[2048 + pixel]], default: 0] += 1 }
      let common = counts.values.sorted(by: >)
      let kind = images.classNames?[index % 10] ?? ""
      // A shape covers between a thirtieth and half of the image, and its rim is a few pixels wide.
      #expect(common.count > 1 && common[1] >= 10, "\(kind) \(index): \(common.prefix(3))")
      #expect(common[0] + common[1] > 800, "\(kind) \(index): \(common.prefix(3))")
    }
  }

  @Test func noiseStaysWithinItsBound() throws {
    let clean = try folder.load("shapes(count: 10, test: 0, noise: 0)").train.allInputs()
    let noisy = try folder.load("shapes(count: 10, test: 0, noise: 20)").train.allInputs()
    let differences = zip(clean, noisy).map { abs(Int($0) - Int($1)) }
    #expect((15...20).contains(differences.max() ?? 0), "\(differences.max() ?? 0)")
  }
}
