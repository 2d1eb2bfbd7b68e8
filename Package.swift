// swift-tools-version: 6.1
import PackageDescription

/// Add-ons: each is a folder under Plugins/ that registers its parts. To add one, add its name here.
let addOns: [String] = [
  "Swish"
]

/// Add-ons that need a system library; the trait of the same name, on by default, says whether they are built.
let libraryAddOns: [(name: String, binding: String, library: String)] = [
  ("OneDNN", binding: "COneDNN", library: "dnnl")
]

/// The targets that register parts, each with what it needs beyond Registry and Tensors.
let catalogue: [String: [Target.Dependency]] = [
  "Initializers": [],
  "Activations": [],
  "Layers": ["Activations", "Initializers"],
  "Losses": [],
  "Regularizers": [],
  "Optimizers": [],
  "Schedulers": [],
  "Augmentations": [],
  "Preprocessors": [],
  "TrainingMetrics": [],
  "Observers": ["TrainingMetrics"],
  "Datasets": ["CZlib"],
]

/// What parts of other packages are made of: a library each, so that a package of activations links activations alone.
let contracts = ["Registry", "Tensors", "Execution"] + catalogue.keys.sorted()

/// Every target whose parts are linked in; the build tool writes the registration list from it.
let parts: [Target.Dependency] =
  (catalogue.keys.sorted() + ["Execution"] + addOns).map { .target(name: $0) }
  + libraryAddOns.map { .target(name: $0.name, condition: .when(traits: [$0.name])) }

/// The floors below and above the catalogue: name → what it may import.
let floors: [String: [Target.Dependency]] = [
  "Registry": [],
  "Tensors": ["Registry"],
  "Execution": ["Registry", "Tensors", "CKernels", "COpenBLAS"],
  // GRDB is the maintained SQLite toolkit of the field; OpenSSL hashes blobs with SHA-256 (swift-crypto, which brings its
  // own copy of BoringSSL, made a first build a quarter longer).
  "Experiments": [
    "Registry", "CKernels", "CZlib", "COpenSSL", .product(name: "GRDB", package: "GRDB.swift"),
  ],
  "Charts": [],
  "Conformance": [
    "Registry", "Tensors", "Execution", "Activations", "Initializers", "Layers", "Losses", "Regularizers", "Optimizers",
    "Schedulers", "Augmentations", "Preprocessors", "TrainingMetrics", "Observers", "Datasets",
  ],
  // Yams reads recipes.
  "Orchestrator": [
    "Registry", "Tensors", "Execution", "Experiments", "Activations", "Initializers", "Layers", "Losses",
    "Regularizers",
    "Optimizers", "Schedulers", "Augmentations", "Preprocessors", "TrainingMetrics", "Observers", "Datasets",
    .product(name: "Yams", package: "Yams"),
  ],
]

let settings: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),  // SE-0335: the cost of `any` is seen where it is paid
  .enableUpcomingFeature("MemberImportVisibility"),  // SE-0444: a file names the modules whose members it uses
  .enableUpcomingFeature("InternalImportsByDefault"),  // SE-0409: what a module shows of another is said
]

func floor(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .target(name: name, dependencies: dependencies, swiftSettings: settings)
}

func part(_ name: String, _ dependencies: [Target.Dependency], path: String? = nil) -> Target {
  .target(name: name, dependencies: ["Registry", "Tensors"] + dependencies, path: path, swiftSettings: settings)
}

/// A target's tests: the target itself, what its tests drive it with, and nothing else.
func tests(
  of name: String, _ dependencies: [Target.Dependency] = [], path: String? = nil, exclude: [String] = []
) -> Target {
  .testTarget(name: "\(name)Tests", dependencies: dependencies, path: path, exclude: exclude, swiftSettings: settings)
}

/// What tests of parts run them with: through the registry, on a backend; and how they compare numbers.
let bench: [Target.Dependency] = ["Registry", "Tensors", "Execution", "Conformance", "TestSupport"]
let wholeCatalogue: [Target.Dependency] = catalogue.keys.sorted().map { .target(name: $0) }

// Tests of the built program run it through swift-subprocess, which needs Swift 6.2; an older toolchain builds all the rest.
#if compiler(>=6.2)
  let endToEndTests = [
    tests(
      of: "fledge",
      [
        "FledgeCommand", .product(name: "Subprocess", package: "swift-subprocess"),
        .product(name: "SystemPackage", package: "swift-system"),
      ])
  ]
  let endToEndPackages: [Package.Dependency] = [
    .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2"),
    .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
  ]
#else
  let endToEndTests: [Target] = []
  let endToEndPackages: [Package.Dependency] = []
#endif

let testTargets: [Target] =
  (["Registry", "Tensors", "Execution", "Conformance"] + catalogue.keys.sorted()).map {
    tests(of: $0, bench + wholeCatalogue)
  }
  + addOns.map { tests(of: $0, [.target(name: $0)] + bench + wholeCatalogue, path: "Plugins/\($0)/Tests") }
  + libraryAddOns.map { addOn in
    tests(
      of: addOn.name,
      [addOn.name, addOn.binding].map { .target(name: $0, condition: .when(traits: [addOn.name])) } + bench
        + wholeCatalogue,
      path: "Plugins/\(addOn.name)/Tests")
  }
  + [
    .target(name: "TestSupport", dependencies: ["Tensors"], path: "Tests/TestSupport", swiftSettings: settings),
    tests(of: "TestSupport", ["TestSupport", "Tensors"]),
    tests(of: "CKernels", ["CKernels", "TestSupport"]),
    tests(of: "Charts", ["Charts"]),
    tests(of: "Experiments", ["Experiments", .product(name: "GRDB", package: "GRDB.swift")]),
    tests(
      of: "Orchestrator", ["Orchestrator", "Experiments", "CZlib"] + bench + wholeCatalogue, exclude: ["Fixtures"]),
    tests(of: "Library", ["Fledge", "Tensors"]),
  ]
  + endToEndTests

// Documentation is made on request alone (Integration/documentation.sh): other builds do not fetch its plugin.
let documentation: [Package.Dependency] =
  Context.environment["FLEDGE_DOCUMENTATION"] == nil
  ? [] : [.package(url: "https://github.com/swiftlang/swift-docc-plugin", from: "1.5.0")]

let package = Package(
  name: "Fledge",
  platforms: [.macOS(.v15)],
  products: [
    .executable(name: "fledge", targets: ["FledgeCommand"]),
    .library(name: "Fledge", targets: ["Fledge"]),
    .library(name: "Conformance", targets: ["Conformance"]),
  ] + contracts.map { .library(name: $0, targets: [$0]) },
  traits: Set(libraryAddOns.map { .trait(name: $0.name) } + [.default(enabledTraits: Set(libraryAddOns.map(\.name)))]),
  dependencies: [
    // The command line: Apple's own parser, with completions and help.
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    // SQLite with migrations and transactions.
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    // YAML recipes.
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
  ] + endToEndPackages + documentation,
  targets: [
    .systemLibrary(name: "COpenBLAS", pkgConfig: "openblas", providers: [.apt(["libopenblas-openmp-dev"])]),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .systemLibrary(name: "COpenSSL", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
    .target(name: "CKernels", linkerSettings: [.linkedLibrary("gomp"), .linkedLibrary("m")]),
    // Writes the list of registration calls from the dependencies of the target that uses it.
    .executableTarget(name: "RegistryWriter", path: "Plugins/RegistryWriter", swiftSettings: settings),
    .plugin(
      name: "LinkedParts", capability: .buildTool(), dependencies: ["RegistryWriter"], path: "Plugins/LinkedParts"),
    // What a Swift program imports to load a run and predict. Not Sources/Fledge: beside Sources/fledge, that would be
    // the same folder on a file system that ignores case.
    .target(
      name: "Fledge", dependencies: ["Registry", "Tensors", "Orchestrator", "Experiments"] + parts,
      path: "Sources/Library",
      swiftSettings: settings, plugins: ["LinkedParts"]),
    .executableTarget(
      name: "FledgeCommand",
      dependencies: [
        "Registry", "Tensors", "Orchestrator", "Experiments", "Charts", "Conformance", "CZlib",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ] + parts,
      path: "Sources/fledge", swiftSettings: settings, plugins: ["LinkedParts"]),
    // Measures the store; Integration/benchmarks/run.sh runs it.
    .executableTarget(
      name: "StoreBenchmark", dependencies: ["Experiments"], path: "Integration/benchmarks/StoreBenchmark",
      swiftSettings: settings),
  ]
    + floors.sorted { $0.key < $1.key }.map { floor($0.key, $0.value) }
    + catalogue.sorted { $0.key < $1.key }.map { part($0.key, $0.value) }
    + addOns.map { part($0, ["Execution"] + wholeCatalogue, path: "Plugins/\($0)/Sources") }
    + libraryAddOns.flatMap { addOn in
      [
        .target(
          name: addOn.binding, path: "Plugins/\(addOn.name)/C", linkerSettings: [.linkedLibrary(addOn.library)]),
        part(addOn.name, ["Execution", .target(name: addOn.binding)], path: "Plugins/\(addOn.name)/Sources"),
      ]
    }
    + testTargets,
  swiftLanguageModes: [.v6]
)
