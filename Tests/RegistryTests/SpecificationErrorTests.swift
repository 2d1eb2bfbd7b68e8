import Registry
import Testing

@Suite struct SpecificationErrorTests {
  /// What is written, and the whole message: origin, column, sentence, text, caret.
  static let cases: [(text: String, message: String)] = [
    ("", "--x, column 1: expected the name of a part, found the end\n  \n  ^"),
    ("5", "--x, column 1: expected the name of a part, found '5'\n  5\n  ^"),
    ("moss, moss", "--x, column 5: expected a comma or the end, found ','\n  moss, moss\n      ^"),
    ("moss)", "--x, column 5: unbalanced ): nothing is open here\n  moss)\n      ^"),
    ("rose(5", "--x, column 5: this ( is never closed: expected )\n  rose(5\n      ^"),
    ("rose([5)", "--x, column 6: this [ is never closed: expected ]\n  rose([5)\n       ^"),
    ("rose('a", "--x, column 6: this ' is never closed: expected '\n  rose('a\n       ^"),
    ("rose(5 6)", "--x, column 8: expected a comma or ')', found '6'\n  rose(5 6)\n         ^"),
    ("rose(5,)", "--x, column 8: expected the name of a part, found ')'\n  rose(5,)\n         ^"),
    ("rose(1.2.3)", "--x, column 6: '1.2.3' is not a number\n  rose(1.2.3)\n       ^~~~~"),
    (
      "rosee(5)",
      "--x, column 1: there is no animal 'rosee'; did you mean 'rose'?\n"
        + "  animals: brown-bear, garden, herd, moss, pond, rose\n  rosee(5)\n  ^~~~~"
    ),
    (
      "elephant",
      "--x, column 1: there is no animal 'elephant'\n"
        + "  animals: brown-bear, garden, herd, moss, pond, rose\n  elephant\n  ^~~~~~~~"
    ),
    (
      "garden(brown-bear)",
      "--x, column 8: 'brown-bear' is an animal, and a plant is expected here\n  garden(brown-bear)\n         ^~~~~~~~~~"
    ),
    (
      "rose(5, color: 'blue')",
      "--x, column 16: rose has no parameter 'color'; did you mean 'colour'?\n  parameters: petals, colour\n"
        + "  rose(5, color: 'blue')\n                 ^~~~~~"
    ),
    ("moss(wet: true)", "--x, column 11: moss takes no arguments\n  moss(wet: true)\n            ^~~~"),
    ("moss(1)", "--x, column 6: moss takes no arguments\n  moss(1)\n       ^"),
    ("rose(5, petals: 6)", "--x, column 17: rose is given 'petals' twice\n  rose(5, petals: 6)\n                  ^"),
    ("rose(petals: 5, petals: 6)", "--x, column 25: rose is given 'petals' twice"),
    ("rose", "--x, column 1: rose needs 'petals' (petals)\n  rose\n  ^~~~"),
    ("rose(5, blue, 6)", "--x, column 15: rose takes at most 2 arguments: petals, colour\n"),
    ("rose('a')", "--x, column 6: 'petals' of rose is a whole number, not 'a'\n  rose('a')\n       ^~~"),
    ("rose(2.5)", "--x, column 6: 'petals' of rose is a whole number, not 2.5\n  rose(2.5)\n       ^~~"),
    ("rose(1e30)", "--x, column 6: 'petals' of rose is a whole number, not 1e30\n"),
    ("rose(0)", "--x, column 6: 'petals' of rose must be at least 1, not 0\n  rose(0)\n       ^"),
    ("brown-bear(10)", "--x, column 12: 'count' of brown-bear must be 1 to 9, not 10\n"),
    ("brown-bear(weight: -1)", "'weight' of brown-bear must be at least 0.0, not -1"),
    ("brown-bear(weight: 1e400)", "'weight' of brown-bear is a number, not 1e400"),
    ("brown-bear(sleep-share: 1)", "'sleep-share' of brown-bear must be at least 0.0 and below 1.0, not 1"),
    ("brown-bear(loudness: 0)", "'loudness' of brown-bear must be above 0.0, not 0"),
    ("brown-bear(is-awake: yes)", "'is-awake' of brown-bear is true or false, not yes"),
    ("brown-bear(size: huge)", "'size' of brown-bear is one of small, large, not huge"),
    ("brown-bear(tracks: [1, 0])", "--x, column 24: 'tracks' of brown-bear must be at least 1, not 0"),
    ("brown-bear(age: -1)", "'age' of brown-bear must be at least 0, not -1"),
    ("brown-bear(nickname: [a])", "'nickname' of brown-bear is a text, not [a]"),
    ("garden(5)", "--x, column 8: 'middle' of garden is a part of kind plant, not 5"),
    ("herd(moss, rose(petals: 'a'))", "--x, column 25: 'petals' of rose is a whole number, not 'a'"),
    (
      "pond(pike: 9)", "--x, column 12: pond: 9 pike would eat all 8 carp\n  pond(pike: 9)\n             ^"
    ),
    ("pond(1)", "--x, column 1: pond: 2 pike would eat all 1 carp\n  pond(1)\n  ^~~~"),
    ("pond(1, 3)", "--x, column 9: pond: 3 pike would eat all 1 carp\n"),
    ("pond(litres: 9)", "--x, column 1: pond: too little water for 10 fish\n"),
    ("pond(0, pike: 0, litres: 0)", "--x, column 1: pond: it is dry\n"),
    ("garden(moss, pond(pike: 9))", "--x, column 25: pond: 9 pike would eat all 8 carp\n"),
    ("garden(moss, rose(3), fern)", "--x, column 23: there is no animal 'fern'"),
  ]

  @Test(arguments: cases.indices)
  func theMessageSaysWhereAndWhatWasExpected(_ index: Int) {
    let (text, message) = Self.cases[index]
    let error = #expect(throws: SpecificationError.self, "\(text)") {
      try sampleRegistry().make(text, as: .animal, origin: "--x")
    }
    let found = error?.description ?? ""
    #expect(message.contains("\n") && !message.hasSuffix("\n") ? found == message : found.contains(message), "\(text)")
  }

  @Test func textOfSeveralLinesHasNoCaret() {
    let error = #expect(throws: SpecificationError.self) {
      try Specification.parseSequence("moss,\nrose(", origin: "recipe key model")
    }
    #expect(error?.description == "recipe key model, column 12: expected the name of a part, found the end")
  }

  @Test func problemsOfOtherFloorsReadWellToo() {
    let problem = SpecificationError.Problem.unknownPath("0.raet", part: "adam", candidates: ["rate", "beta1"])
    #expect(
      SpecificationError(problem).description == "adam has nothing at '0.raet'\n  it has: rate, beta1")
    #expect(SpecificationError(.invalid(part: "conv", reason: "even kernel")).description == "conv: even kernel")
    let source = SpecificationError.Source(text: "conv(2)", origin: "--model")
    let error = SpecificationError(.invalid(part: "conv", reason: "even kernel"), at: Place(5..<6))
    #expect(error.said(of: source).description == "--model, column 6: conv: even kernel\n  conv(2)\n       ^")
    #expect(error.said(of: source).said(of: .init(text: "", origin: "other")).source == source)
    #expect(
      SpecificationError(.unknownPart("x", kind: "loss", candidates: [])).description
        == "there is no loss 'x'; none is registered")
  }

  @Test(arguments: [
    ("rleu", "relu"), ("Relu", "relu"), ("softmx", "softmax"), ("leakyrelu", "leaky-relu"), ("eluu", "elu"),
    ("xyz", nil), ("softmax-cross", nil), ("", nil),
  ])
  func theNearestNameIsFoundByEdits(_ name: String, _ expected: String?) {
    #expect(nearest(to: name, among: ["relu", "elu", "leaky-relu", "softmax", "tanh"]) == expected, "\(name)")
  }

  @Test(arguments: [("loss", "losses"), ("augmentation", "augmentations"), ("strategy", "strategies")])
  func kindsHavePlurals(_ kind: String, _ expected: String) { #expect(plural(kind) == expected) }
}
