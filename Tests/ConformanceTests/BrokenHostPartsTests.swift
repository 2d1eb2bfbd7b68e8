import Augmentations
import Conformance
import Datasets
import Initializers
import Observers
import Preprocessors
import Registry
import Schedulers
import Testing

@Suite struct BrokenHostPartsTests {
  static let registry = {
    var registry = Registry()
    registry.register(Unsteady.self)
    registry.register(Sinking.self)
    registry.register(Dividing.self)
    registry.register(Counting.self)
    registry.register(Transposing.self)
    registry.register(Glaring.self)
    registry.register(Moody.self)
    registry.register(Forgetful.self)
    registry.register(Misshapen.self)
    registry.register(Drinking.self)
    registry.register(Rooted.self)
    registry.register(Averaging.self)
    registry.register(Rolling.self)
    registry.register(Mislabelled.self)
    registry.register(Smeared.self)
    registry.register(Boundless.self)
    registry.register(Secluded.self)
    registry.register(Amnesiac.self)
    registry.register(Whimsical.self)
    registry.register(Selective.self)
    registry.register(Squeamish.self)
    registry.register(Shapes.self)
    return registry
  }()

  @Test(
    "a part of the host that breaks a law fails the check of that law",
    arguments: [
      ("unsteady", "first values", ["unsteady on [8, 5]", "the same stream gives other bits"]),
      ("sinking", "rates", ["sinking at step 61 of 60", "base rate 0.001", "the rate is -"]),
      ("dividing", "rates", ["step 0 of 0", "the rate is"]),
      ("counting", "pure", ["step 0 of 60", "asked again"]),
      ("transposing", "images", ["transposing on noise 1×5×7", "makes 1×7×5"]),
      ("glaring", "images", ["glaring on noise 3×8×8", "expected 0 to 255"]),
      ("moody", "repeatable", ["moody on", "stream 0", "another image"]),
      ("forgetful", "restored", ["forgetful on images [6, 3, 4, 5]", "restored, it makes other bits"]),
      ("misshapen", "fitted", ["makes 60 numbers, said was the shape [3, 4, 5, 2]"]),
      ("rooted", "restored", ["rooted on images", "of other examples it makes numbers that are not finite"]),
      ("drinking", "learns from training alone", ["changes with the examples"]),
      ("averaging", "no examples", ["fitted to no examples", "not finite"]),
      ("rolling", "repeatable", ["rolling, seed 2024", "the bytes differ"]),
      ("mislabelled", "examples", ["mislabelled, training", "the label 2.0 is not in 0..<2"]),
      ("smeared", "rows", ["row 0 has other numbers when it is read again"]),
      ("boundless", "limit", ["boundless(30)", "has 50 training examples"]),
      ("secluded", "missing files", ["names neither a place nor a remedy"]),
      ("amnesiac", "restored", ["amnesiac, the loss is falling", "restored after every epoch"]),
      ("whimsical", "repeatable", ["whimsical, the loss is falling", "the second time"]),
      ("squeamish", "watches", ["Disgust"]),
      ("selective", "watches", ["selective watches no run", "'train.joy'"]),
    ])
  func fails(_ name: String, _ check: String, _ fragments: [String]) throws {
    let results = ConformanceSuite(registry: Self.registry, backends: []).check(name: name)
    let result = try #require(results.first { $0.check == check }, "\(name) has no check '\(check)': \(results)")
    guard case .failed(let message) = result.status else {
      Issue.record("\(name) passes '\(check)': \(result)")
      return
    }
    for fragment in fragments { #expect(message.contains(fragment), "\(message)") }
    #expect(results.filter(\.isFailure).map(\.check) == [check], "\(name) breaks one law alone")
  }

  @Test func aDatasetWithoutFilesIsLoadedAndComparedNotSkipped() {
    let results = ConformanceSuite(registry: Self.registry).check(kind: "dataset", name: "shapes")
    for check in ["examples", "repeatable", "limit"] {
      #expect(results.first { $0.check == check }?.status == .passed, "\(check): \(results)")
    }
    #expect(results.first { $0.check == "missing files" }?.status == .skipped("needs no file"))
  }
}
