import Activations
import Registry
import Tensors
import Testing

/// The name of one of ours in another target.
struct AnotherReLU: Activation {
  static let name = "relu"
  static let summary = "x"
  static let reference = "none"
  func callAsFunction(_ x: Value) -> Value { x }
}

struct Misnamed: Animal {
  static let name = "Mis_Named"
  static let summary = ""
  static let reference = ""
}

@Suite struct RegistryTests {
  @Test func partsAreListedByKindAndName() {
    let registry = sampleRegistry()
    #expect(registry.kinds == ["animal", "plant"])
    #expect(registry.entries(of: "animal").map(\.name) == ["brown-bear", "garden", "herd", "pond"])
    #expect(registry.entries(of: "stone").isEmpty)
    #expect(registry.entries(named: "moss").map(\.kind) == ["plant"])
    #expect(registry.entries(named: "moss").map(\.target) == ["RegistryTests"])
  }

  @Test func aSoundRegistryIsValid() throws {
    try sampleRegistry().validate()
  }

  @Test func twoPartsOfOneNameAreReportedWithBothTargets() {
    var registry = Registry()
    registry.register(ReLU.self)
    registry.register(AnotherReLU.self)
    let error = #expect(throws: RegistryError.self) { try registry.validate() }
    #expect(
      error?.problems == [.duplicate(kind: "activation", name: "relu", targets: ["Activations", "RegistryTests"])])
    #expect(
      error?.description
        == "two parts of kind activation are named 'relu': in Activations and RegistryTests; rename one of them")
  }

  @Test func oneNameInTwoKindsIsFine() throws {
    var registry = sampleRegistry()
    registry.add(Moss.self, as: .animal)
    try registry.validate()
    #expect(registry.entries(named: "moss").map(\.kind) == ["animal", "plant"])
  }

  @Test func everythingWrongIsReportedAtOnce() {
    var registry = Registry()
    registry.add(Misnamed.self, as: .animal)
    let error = #expect(throws: RegistryError.self) { try registry.validate() }
    #expect(
      error?.problems == [
        .malformedName(kind: "animal", name: "Mis_Named", target: "RegistryTests"),
        .undocumented(kind: "animal", name: "Mis_Named", missing: "a summary"),
        .undocumented(kind: "animal", name: "Mis_Named", missing: "a reference"),
      ])
    #expect(error?.description.split(separator: "\n").count == 3)
  }

  @Test func namesAreLowerCaseWordsJoinedByHyphens() {
    for name in ["relu", "relu6", "leaky-relu", "a", "l1-l2"] { #expect(isPartName(name), "\(name)") }
    for name in ["", "-", "-a", "a-", "a--b", "6relu", "ReLU", "a_b", "a b", "é", "naïve", "a-B"] {
      #expect(!isPartName(name), "\(name)")
    }
  }

  @Test func aPlaceTakesItsOwnKindFirstAndOthersThatItAccepts() throws {
    let registry = sampleRegistry()
    #expect(try registry.make("moss", as: .animal, origin: "x") is Moss)
    #expect(
      throws: SpecificationError(.wrongKind("herd", actual: "animal", expected: "plant"))
        .said(of: .init(text: "herd(moss)", origin: "x"))
    ) { try registry.make("herd(moss)", as: .plant, origin: "x") }
  }
}
