// swift-tools-version: 6.1
import PackageDescription

/// Add-ons: each is a folder under Plugins/ that registers its parts. To add one, add its name here.
let addOns: [String] = [
  "Swish"
]

/// The targets that register parts, each with what it needs beyond Registry and Tensors.
let catalogue: [String: [Target.Dependency]] = [
  "Initializers": [],
  "Activations": [],
  "Layers": ["Initializers"],
  "Losses": [],
  "Regularizers": [],
  "Optimizers": [],
  "Schedulers": [],
  "Augmentations": [],
  "Preprocessors": [],
  "TrainingMetrics": [],
  "Datasets": ["CZlib"],
]

/// Every target whose parts are linked in; the build tool writes the registration list from it.
let parts: [Target.Dependency] =
  (catalogue.keys.sorted() + ["Execution"] + addOns).map { .target(name: $0) }

/// The floors below and above the catalogue: name → what it may import.
let floors: [String: [Target.Dependency]] = [
  "Registry": [],
  "Tensors": ["Registry"],
  "Execution": ["Registry", "Tensors", "CKernels", "COpenBLAS"],
  // GRDB is the maintained SQLite toolkit of the field; Crypto hashes blobs with SHA-256.
  "Experiments": ["CZlib", .product(name: "GRDB", package: "GRDB.swift"), .product(name: "Crypto", package: "swift-crypto")],
  "Conformance": [
    "Registry", "Tensors", "Execution", "Activations", "Initializers", "Layers", "Losses", "Regularizers", "Optimizers",
    "Schedulers", "Augmentations", "Preprocessors", "TrainingMetrics", "Datasets",
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

/// A test target of the same name; tests of parts look at them through the registry and run them on the reference backend.
func tests(of name: String, _ dependencies: [Target.Dependency], path: String? = nil) -> Target {
  .testTarget(
    name: "\(name)Tests", dependencies: dependencies, path: path, swiftSettings: settings)
}

let testTargets: [Target] =
  catalogue.keys.sorted().map { tests(of: $0, ["Registry", "Tensors", "Execution", "Activations", "Initializers"] + ($0 == "Activations" || $0 == "Initializers" ? [] : [.target(name: $0)])) }
  + [
    tests(of: "Conformance", ["Conformance", "Registry", "Tensors", "Execution"] + catalogue.keys.sorted().map { .target(name: $0) }),
    tests(of: "CKernels", ["CKernels"]),
    tests(of: "Execution", ["Execution", "Registry", "Tensors"]),
    tests(of: "Experiments", ["Experiments", .product(name: "GRDB", package: "GRDB.swift")]),
    tests(of: "Swish", ["Swish", "Conformance", "Registry", "Tensors", "Execution", "Activations"], path: "Plugins/Swish/Tests"),
  ]

let package = Package(
  name: "Fledge",
  platforms: [.macOS(.v15)],
  products: [.library(name: "Conformance", targets: ["Conformance"])],
  dependencies: [
    // SQLite with migrations and transactions.
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    // SHA-256 of stored blobs.
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
  ],
  targets: [
    .systemLibrary(name: "COpenBLAS", pkgConfig: "openblas", providers: [.apt(["libopenblas-openmp-dev"])]),
    .target(name: "CKernels", linkerSettings: [.linkedLibrary("gomp"), .linkedLibrary("m")]),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
  ]
    + floors.sorted { $0.key < $1.key }.map { floor($0.key, $0.value) }
    + catalogue.sorted { $0.key < $1.key }.map { part($0.key, $0.value) }
    + addOns.map { part($0, ["Activations"], path: "Plugins/\($0)/Sources") }
    + testTargets,
  swiftLanguageModes: [.v6]
)
