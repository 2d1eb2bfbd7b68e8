import Registry
import Testing

@Suite struct ParameterTests {
  private func make<Part>(_ text: String, _: Part.Type) throws -> Part {
    try #require(try sampleRegistry().make(text, as: .animal, origin: "--x") as? Part, "\(text)")
  }

  @Test func aFreshPartHasItsDefaults() {
    let bear = Bear()
    #expect(bear.count == 2 && bear.weight == 250.5 && bear.sleepShare == 0.25 && bear.loudness == 1)
    #expect(bear.nickname == "Bruno" && bear.isAwake && bear.size == .small && bear.tracks == [1, 2])
    #expect(bear.cubs == [] && bear.age == nil && bear.owner == nil)
    #expect(Rose().petals == 5)
    #expect(Specification(brief: bear).description == "brown-bear")
  }

  @Test func everyTypeIsReadFromText() throws {
    let bear = try make(
      "brown-bear(3, 1e2, sleep-share: .5, loudness: 0.1, nickname: x, is-awake: false, size: large, "
        + "tracks: [4, 5, 6], cubs: ['a b', c, 7], age: 12, owner: 'none')", Bear.self)
    #expect(bear.count == 3 && bear.weight == 100 && bear.sleepShare == 0.5 && bear.loudness == 0.1)
    #expect(bear.nickname == "x" && !bear.isAwake && bear.size == .large && bear.tracks == [4, 5, 6])
    #expect(bear.cubs == ["a b", "c", "7"] && bear.age == 12 && bear.owner == "none")
    #expect(try make("brown-bear(age: none, owner: none)", Bear.self).owner == nil)
    #expect(try make("brown-bear(tracks: 9)", Bear.self).tracks == [9])
    #expect(try make("brown-bear(tracks: [])", Bear.self).tracks == [])
    #expect(try make("brown-bear(count: 2.0)", Bear.self).count == 2)
  }

  @Test func positionsFollowTheDeclarationAndListsTakeTheRest() throws {
    let bear = try make("brown-bear(3, 1, 0, 1, bob, true, small, 7, 8, 9)", Bear.self)
    #expect(bear.tracks == [7, 8, 9])
    let late = try make("brown-bear(count: 4, 99)", Bear.self)
    #expect(late.count == 4 && late.weight == 99)
    let herd = try make("herd(moss, rose(3), brown-bear, pace: 2)", Herd.self)
    #expect(herd.members.map { type(of: $0).name } == ["moss", "rose", "brown-bear"] && herd.pace == 2)
    #expect(try make("herd([moss, moss])", Herd.self).members.count == 2)
  }

  @Test func nestedPartsAreMade() throws {
    let garden = try make("garden(rose(7), moss, herd(moss), edge: rose(2), gate: none)", Garden.self)
    #expect((garden.middle as? Rose)?.petals == 7)
    #expect(garden.around.count == 2 && garden.around.last is Herd)
    #expect((garden.edge as? Rose)?.petals == 2)
    #expect(garden.gate == nil)
  }

  @Test(arguments: [
    ("brown-bear", "brown-bear"), ("brown-bear(2, weight: 3)", "brown-bear(weight: 3)"),
    ("brown-bear(4)", "brown-bear(4)"),
    ("brown-bear(age: 0, nickname: \"it's\")", "brown-bear(nickname: 'it\\'s', age: 0)"),
    ("rose(5)", "rose(5)"), ("rose(petals: 6, colour: red)", "rose(6)"),
    ("garden(moss)", "garden(moss)"), ("garden(moss, rose(1), gate: rose(2))", "garden(moss, rose(1), gate: rose(2))"),
    ("herd(brown-bear(2), moss)", "herd(brown-bear, moss)"), ("herd([])", "herd([])"),
  ])
  func briefIsWhatAUserWouldHaveWritten(_ text: String, _ brief: String) throws {
    let part = try sampleRegistry().make(text, as: .animal, origin: "--x")
    #expect(Specification(brief: part).description == brief)
    for printed in [Specification(of: part), Specification(brief: part)] {
      let again = try sampleRegistry().make(printed.description, as: .animal, origin: "printed")
      #expect(Specification(of: again) == Specification(of: part), "\(printed)")
    }
  }

  @Test func theSchemaIsWhatWasDeclared() {
    let schemas = Bear().parameters.map(\.schema)
    #expect(
      schemas.map(\.label) == [
        "count", "weight", "sleep-share", "loudness", "nickname", "is-awake", "size", "tracks", "cubs", "age", "owner",
      ])
    #expect(
      schemas.map(\.range) == [
        "1 to 9", "at least 0.0", "at least 0.0 and below 1.0", "above 0.0", nil, nil, nil, "each at least 1", nil,
        "at least 0", nil,
      ])
    #expect(
      schemas.map(\.standard) == [
        "2", "250.5", "0.25", "1", "'Bruno'", "true", "small", "[1, 2]", "[]", "none", "none",
      ])
    #expect(schemas.map(\.isVariadic) == [false, false, false, false, false, false, false, true, true, false, false])
    #expect(schemas[6].choices == ["small", "large"])
    #expect(schemas.allSatisfy { !$0.isRequired && !$0.help.isEmpty })
    let garden = Garden().parameters.map(\.schema)
    #expect(garden.map(\.isRequired) == [true, false, false, false])
    #expect(garden.map(\.kinds) == [["plant"], ["animal", "plant"], ["plant"], ["plant"]])
    #expect(garden[0].standard == nil)
  }

  @Test func examplesNameWhatIsRequired() {
    #expect(Rose.example == "rose(5)")
    #expect(Garden.example == "garden(moss)")
    #expect(Moss.example == "moss")
  }

  @Test func copiesAreIndependent() {
    let original = Bear()
    var copy = original
    copy.count = 7
    #expect(original.count == 2 && copy.count == 7)
  }

  @Test(arguments: [0.1, 1, -3, 1e-3, 1e22, 123_456_789, 0.30000000000000004, 5e-100, 999_999, 1_000_000])
  func doublesSurvivePrinting(_ value: Double) {
    #expect(Double(term: value.term) == value, "\(value.term)")
  }
}
