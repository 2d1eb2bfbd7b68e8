import Registry
import Testing

@Suite struct SpecificationTests {
  @Test func aSpecificationIsReadAsItIsWritten() throws {
    let read = try Specification(
      parsing: " conv ( 32, 3 , padding: same, of: [1, 'a\\'b', x(y: -2.5e-3)] ) ", origin: "--model")
    #expect(
      read
        == Specification(
          "conv",
          [
            .init(nil, .number("32", at: .unknown)), .init(nil, .number("3", at: .unknown)),
            .init("padding", .part(Specification("same"))),
            .init(
              "of",
              .list(
                [
                  .number("1", at: .unknown), .string("a'b", at: .unknown),
                  .part(Specification("x", [.init("y", .number("-2.5e-3", at: .unknown))])),
                ], at: .unknown)),
          ]))
    #expect(read.description == "conv(32, 3, padding: same, of: [1, 'a\\'b', x(y: -2.5e-3)])")
    #expect(read.place.characters == 1..<5)
    #expect(read.arguments.map(\.value.place.characters) == [8..<10, 12..<13, 25..<29, 35..<61])
  }

  @Test func sequencesAreSeparatedByCommas() throws {
    #expect(try Specification.parseSequence("", origin: "--model").isEmpty)
    #expect(try Specification.parseSequence(" \n", origin: "--model").isEmpty)
    let parts = try Specification.parseSequence("relu, conv(2),\n  dense(units: 10)", origin: "--model")
    #expect(parts.map(\.description) == ["relu", "conv(2)", "dense(units: 10)"])
  }

  @Test func emptyBracketsMeanNoArguments() throws {
    #expect(try Specification(parsing: "relu()", origin: "x") == Specification("relu"))
    #expect(try Specification(parsing: "x([])", origin: "x").arguments == [.init(nil, .list([], at: .unknown))])
  }

  @Test(arguments: 0..<200)
  func whatIsPrintedReadsBackEqual(_ seed: Int) throws {
    var numbers = Numbers(state: UInt64(seed))
    let specification = randomSpecification(&numbers, depth: 4)
    let text = specification.description
    #expect(try Specification(parsing: text, origin: "seed \(seed)") == specification, "\(text)")
    let spaced = text.map { ",()[]:".contains($0) && !text.contains("'") ? " \($0)\n " : String($0) }.joined()
    #expect(try Specification(parsing: spaced, origin: "seed \(seed)") == specification, "\(spaced)")
  }

  @Test(arguments: 0..<20)
  func anyTextIsReadOrRefusedAtAColumnInIt(_ seed: Int) {
    var numbers = Numbers(state: UInt64(seed))
    let pieces = [
      "a", "b-c", "(", ")", "[", "]", ",", ":", " ", "'", "\"", "\\", "1", "-", ".", "e", "\n", "é", "½", "🦆",
    ]
    for _ in 0..<200 {
      let text = (0..<numbers.below(12)).map { _ in numbers.pick(pieces) }.joined()
      do {
        let read = try Specification(parsing: text, origin: "x")
        #expect(try Specification(parsing: read.description, origin: "x") == read, "\(text)")
      } catch {
        let place = error.place.characters ?? -1..<0
        #expect(place.lowerBound >= 0 && place.lowerBound <= text.count, "'\(text)': \(error)")
        #expect(error.source == SpecificationError.Source(text: text, origin: "x"), "'\(text)'")
      }
    }
  }

  @Test func nestingHasALimit() {
    for text in [String(repeating: "a(", count: 50_000), "a(" + String(repeating: "[", count: 50_000)] {
      let error = #expect(throws: SpecificationError.self) { try Specification(parsing: text, origin: "--model") }
      #expect(error?.description.contains("within each other") == true)
    }
  }

  private func randomSpecification(_ numbers: inout Numbers, depth: Int) -> Specification {
    let name = numbers.pick(["conv", "leaky-relu", "x", "relu6", "true", "none", "a.b", "straße"])
    let arguments = (0..<(depth == 0 ? 0 : numbers.below(4))).map { _ in
      Specification.Argument(
        numbers.below(2) == 0 ? nil : numbers.pick(["units", "label-smoothing", "p"]),
        randomTerm(&numbers, depth: depth - 1))
    }
    return Specification(name, arguments)
  }

  private func randomTerm(_ numbers: inout Numbers, depth: Int) -> Specification.Term {
    switch numbers.below(depth == 0 ? 2 : 4) {
    case 0: .number(numbers.pick(["0", "-1", "+3", "1e-3", "2.5", ".5", "1E+10", "007", "0x10"]), at: .unknown)
    case 1: .string(numbers.pick(["", "a b", "it's", "\\", "\"", "\\'", "a\nb", "('[,:", "ü🦆"]), at: .unknown)
    case 2: .list((0..<numbers.below(4)).map { _ in randomTerm(&numbers, depth: depth - 1) }, at: .unknown)
    default: .part(randomSpecification(&numbers, depth: depth - 1))
    }
  }
}
