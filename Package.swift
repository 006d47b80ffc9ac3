// swift-tools-version: 6.2
import Foundation
import PackageDescription

let swiftSettings: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
  .strictMemorySafety(),
]

let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let yams = Target.Dependency.product(name: "Yams", package: "Yams")

/// A Swift module of Bucky; every module is compiled with the same settings.
func module(
  _ name: String, _ dependencies: [Target.Dependency], exclude: [String] = [], embedding: [String] = []
) -> Target {
  .target(
    name: name, dependencies: dependencies, exclude: exclude, resources: embedding.map { .embedInCode($0) },
    swiftSettings: swiftSettings)
}

/// The tests of one module. `Fixtures` and the folders of `exclude` are read from the source tree, not bundled.
func tests(
  of name: String, _ dependencies: [Target.Dependency] = [], fixtures: Bool = false, exclude: [String] = []
) -> Target {
  .testTarget(
    name: "\(name)Tests", dependencies: [.byName(name: name)] + dependencies,
    exclude: (fixtures ? ["Fixtures"] : []) + exclude, swiftSettings: swiftSettings)
}

let package = Package(
  name: "bucky",
  products: [
    .executable(name: "bucky", targets: ["bucky"]),
    .executable(name: "phantoms", targets: ["phantoms"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.5.0"),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.0.0"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.0.0"),
  ],
  targets: [
    // C and C++: each wraps one outside library, or the operating system's kernel, or holds arithmetic; one importer each.
    .target(
      name: "CDCMTK",
      linkerSettings: [
        "dcmdata", "dcmimgle", "dcmimage", "dcmjpeg", "dcmjpls", "ijg8", "ijg12", "ijg16", "dcmtkcharls", "ofstd",
        "oflog", "openjp2", "z",
      ].map { .linkedLibrary($0) }),
    .target(name: "CKernels"),
    .target(name: "CScanning"),
    .target(name: "CSandbox"),
    .target(name: "CPNG", linkerSettings: [.linkedLibrary("png16")]),
    .target(name: "CGzip", linkerSettings: [.linkedLibrary("z")]),
    .target(name: "CSentencePiece", linkerSettings: [.linkedLibrary("sentencepiece")]),
    .systemLibrary(name: "FreeType", pkgConfig: "freetype2", providers: [.apt(["libfreetype-dev"])]),
    .target(name: "CFreeType", dependencies: ["FreeType"]),

    // The modules, from the vocabulary up.
    module("DICOMCore", [crypto]),
    module("DICOMFiles", ["DICOMCore", "CDCMTK", "CSandbox"]),
    module("Tensors", ["DICOMCore", "CKernels"]),
    module("CacheStorage", ["DICOMCore"]),
    module("PixelTransforms", ["DICOMCore", "Tensors", "CPNG"]),
    module("SigLIP", ["CacheStorage", "DICOMCore", "Tensors", "CSentencePiece"]),
    module("Findings", ["DICOMCore"]),
    module(
      "Reports", ["DICOMCore"], embedding: ["page.css", "page.js", "help.html"].map { "Page/" + $0 }),
    module("Deidentification", ["CScanning", "DICOMCore"]),
    module("Volumes", ["DICOMCore", "CGzip"]),
    module("PipelineDefinitions", ["DICOMCore", "Deidentification", "PixelTransforms", "Findings", yams]),
    module("Learning", []),
    module("Drawing", ["CFreeType"]),
    module(
      "BatchProcessing",
      [
        "CacheStorage", "DICOMCore", "DICOMFiles", "Deidentification", "Drawing", "Learning", "Tensors",
        "PixelTransforms",
        "SigLIP", "Findings",
        "Reports",
        "PipelineDefinitions", "Volumes",
      ]),
    module("PhantomStudies", ["DICOMCore", "DICOMFiles"]),
    module("IdentityCorpus", ["DICOMCore", "DICOMFiles", "Deidentification", "Drawing"]),

    // The commands.
    .executableTarget(
      name: "bucky",
      dependencies: [
        "BatchProcessing", "CacheStorage", "Deidentification", "DICOMCore", "DICOMFiles", "Reports", "SigLIP",
        "Tensors",
        argumentParser,
      ],
      swiftSettings: swiftSettings),
    .executableTarget(
      name: "phantoms",
      dependencies: [
        "BatchProcessing", "DICOMCore", "DICOMFiles", "Deidentification", "IdentityCorpus", "Learning",
        "PhantomStudies",
        "Reports", "SigLIP", argumentParser,
      ],
      swiftSettings: swiftSettings),

    .executableTarget(
      name: "TransformBenchmark", dependencies: ["DICOMCore", "DICOMFiles", "PixelTransforms"],
      path: "Tests/Benchmarks/TransformBenchmark", swiftSettings: swiftSettings),

    tests(of: "DICOMCore"),
    tests(of: "DICOMFiles", ["CDCMTK", "DICOMCore", "TestSupport", "bucky", "sandboxprobe"]),
    tests(of: "Tensors", ["DICOMCore", "TestSupport"]),
    tests(of: "CacheStorage", ["DICOMCore", "TestSupport"]),
    tests(
      of: "PixelTransforms", ["DICOMCore", "DICOMFiles", "PipelineDefinitions", "Tensors", "TestSupport"],
      fixtures: true, exclude: ["Oracle"]),
    tests(of: "SigLIP", ["CacheStorage", "DICOMCore", "Tensors", "TestSupport"], fixtures: true),
    tests(of: "Findings", ["DICOMCore", "TestSupport"]),
    tests(of: "Reports", ["DICOMCore", "DICOMFiles", "TestSupport"], exclude: ["Oracle"]),
    tests(
      of: "Deidentification",
      ["CScanning", "DICOMCore", "DICOMFiles", "Drawing", "PhantomStudies", "PipelineDefinitions", "TestSupport"],
      exclude: ["Oracle"]),
    tests(
      of: "PipelineDefinitions", ["DICOMCore", "Deidentification", "PixelTransforms", "Findings", "TestSupport"]),
    tests(of: "Volumes", ["DICOMCore", "TestSupport"]),
    tests(of: "Learning"),
    tests(of: "Drawing", ["TestSupport"]),
    tests(of: "PhantomStudies", ["DICOMCore", "DICOMFiles", "PixelTransforms", "Tensors", "TestSupport"]),
    tests(
      of: "BatchProcessing",
      [
        "CacheStorage", "DICOMCore", "DICOMFiles", "Deidentification", "Findings", "IdentityCorpus", "Learning",
        "PhantomStudies", "PipelineDefinitions", "PixelTransforms", "Reports", "SigLIP", "Tensors", "TestSupport",
      ]),
    tests(of: "bucky", ["BatchProcessing", "DICOMCore", "DICOMFiles", "IdentityCorpus", "TestSupport"]),
    .executableTarget(name: "sandboxprobe", dependencies: ["CSandbox"], path: "Tests/SandboxProbe"),
    .target(name: "TestSupport", dependencies: [], path: "Tests/TestSupport", swiftSettings: swiftSettings),
  ],
  cxxLanguageStandard: .cxx17
)

// Fuzzing needs every Swift module instrumented, so it is a build of its own: Tests/Fuzzing/run.
if ProcessInfo.processInfo.environment["BUCKY_FUZZING"] != nil {
  package.targets.append(
    .executableTarget(
      name: "fuzz",
      dependencies: ["DICOMCore", "DICOMFiles", "Deidentification", "Tensors", "PipelineDefinitions", "SigLIP"],
      path: "Tests/Fuzzing/Targets", swiftSettings: swiftSettings))
}
