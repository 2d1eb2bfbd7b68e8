import Registry

/// Two kinds of part; a place for animals takes plants as well.
protocol Animal: Component {}
protocol Plant: Component {}

extension Kind where Part == any Component {
  static var animal: Self { Kind("animal", alsoAccepts: ["plant"]) }
  static var plant: Self { Kind("plant") }
}

enum Size: String, ParameterChoice { case small, large }

/// A parameter of every type that there is.
struct Bear: Animal {
  static let name = "brown-bear"
  static let summary = "a bear"
  static let reference = "none"
  @Parameter("how many", in: 1...9) var count = 2
  @Parameter("weight in kilograms", in: 0...) var weight = 250.5
  @Parameter("share asleep", in: 0..<1) var sleepShare = 0.25
  @Parameter("loudness", in: .above(0)) var loudness = 1.0
  @Parameter("a name") var nickname = "Bruno"
  @Parameter("whether awake") var isAwake = true
  @Parameter("how large") var size = Size.small
  @Parameter("tracks", each: 1...) var tracks: [Int] = [1, 2]
  @Parameter("names of cubs") var cubs: [String] = []
  @Parameter("age, if known", in: 0...) var age: Int? = nil
  @Parameter("owner, if any") var owner: String? = nil
}

struct Rose: Plant {
  static let name = "rose"
  static let summary = "a flower"
  static let reference = "none"
  @Parameter("petals", in: 1..., example: 5) var petals: Int
  @Parameter("colour") var colour = "red"
}

struct Moss: Plant {
  static let name = "moss"
  static let summary = "grows anywhere"
  static let reference = "none"
}

/// Nested parts: one that must be given, one that has a default, one that may be absent, and a list.
struct Garden: Animal {
  static let name = "garden"
  static let summary = "plants together"
  static let reference = "none"
  @Parameter("the middle", kind: .plant, example: Moss(), component: { $0 }) var middle: any Component
  @Parameter("what stands around", kind: .animal, component: { $0 }) var around: [any Component] = []
  @Parameter("the edge", kind: .plant, component: { $0 }) var edge: any Component = Moss()
  @Parameter("the gate", kind: .plant, component: { $0 }) var gate: (any Component)? = nil
}

/// Arguments that must go together.
struct Pond: Animal {
  static let name = "pond"
  static let summary = "carp among pike"
  static let reference = "none"
  @Parameter("carp", in: 0...) var carp = 8
  @Parameter("pike", in: 0...) var pike = 2
  @Parameter("litres", in: 0...) var litres = 1000

  struct Drought: Error, CustomStringConvertible { let description = "it is dry" }

  func validate() throws {
    guard pike <= carp else { throw ArgumentError("\(pike) pike would eat all \(carp) carp", at: "pike") }
    guard litres >= carp + pike else { throw ArgumentError("too little water for \(carp + pike) fish") }
    if litres == 0 { throw Drought() }
  }
}

/// The parts in order, at least one.
struct Herd: Animal {
  static let name = "herd"
  static let summary = "animals in order"
  static let reference = "none"
  @Parameter("members", kind: .animal, example: [Bear()], component: { $0 }) var members: [any Component]
  @Parameter("pace", in: 1...) var pace = 1
}

func sampleRegistry() -> Registry {
  var registry = Registry()
  registry.add(Bear.self, as: .animal)
  registry.add(Garden.self, as: .animal)
  registry.add(Herd.self, as: .animal)
  registry.add(Moss.self, as: .plant)
  registry.add(Pond.self, as: .animal)
  registry.add(Rose.self, as: .plant)
  return registry
}

/// A small generator whose numbers do not change between releases (SplitMix64).
struct Numbers: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  mutating func below(_ bound: Int) -> Int { Int.random(in: 0..<bound, using: &self) }
  mutating func pick<Item>(_ items: [Item]) -> Item { items[below(items.count)] }
}
