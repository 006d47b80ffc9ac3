package import DICOMFiles
internal import Drawing
internal import Findings
internal import PipelineDefinitions
internal import PixelTransforms
internal import SigLIP
internal import Tensors

/// What `bucky doctor` finds out: versions, processor, shipped data, and what is missing.
package struct Diagnosis: Sendable, Codable, Equatable {
  /// One thing that was looked at.
  package struct Check: Sendable, Codable, Equatable {
    package let name: String
    package let level: Level
    /// What was found, or what is wrong and what to do about it.
    package let finding: String
  }

  /// What a finding means for the user.
  package enum Level: String, Sendable, Codable {
    case good
    /// It cannot be told whether it is good.
    case unknown
    /// Bucky works, but somebody ought to do something.
    case warning
    /// Bucky does not work, or not in full.
    case missing
  }

  package let version: String
  package let libraries: [String: String]
  package let machine: MachineSummary
  package let checks: [Check]

  /// Whether Bucky works; there may be warnings.
  package var isUsable: Bool { checks.allSatisfy { $0.level != .missing } }

  /// Whether everything that was looked at is known to be in order.
  package var isFlawless: Bool { checks.allSatisfy { $0.level == .good } }

  /// Looks at everything; what fails becomes a finding.
  ///
  /// - Parameters:
  ///   - model: A checkpoint folder to load as well; `nil` for the demo encoder.
  ///   - decoder: The decoder child to start once.
  ///   - packages: Where to look for the versions of packages.
  package init(model: String?, decoder: DecoderConfiguration, packages: PackageSurvey = PackageSurvey()) {
    version = BuckyVersion.text
    libraries = LibraryVersions.all
    machine = MachineSummary.current()
    var checks = [Self.instructionSets(of: machine)]
    func check(_ name: String, _ body: () throws -> String) {
      do {
        checks.append(Check(name: name, level: .good, finding: try body()))
      } catch {
        checks.append(Check(name: name, level: .missing, finding: "\(BatchError(describing: error))"))
      }
    }
    check("shipped data") { try ShippedData().root }
    check("windows") { "\(try WindowCatalog(loading: ShippedData().windowing).windows.count) named windows" }
    check("pipelines") { try Self.pipelines().joined(separator: ", ") }
    check("decoder child") { try Self.describe(decoder) }
    check("model") { try Self.describe(ModelSetup(model: model)) }
    self.checks = checks + packages.checks()
  }

  private static func pipelines() throws -> [String] {
    let data = try ShippedData()
    let windows = try WindowCatalog(loading: data.windowing).windows
    return try [data.defaultPipeline, data.demoPipeline].map { path in
      let pipeline = try Pipeline(loading: path, windows: windows)
      return "\(pipeline.id) (\(pipeline.labelSet.findings.count) findings)"
    }
  }

  /// Starts a child and says what it is locked in with.
  private static func describe(_ decoder: DecoderConfiguration) throws -> String {
    let locks: SandboxLocks
    do {
      locks = try DecoderPool(decoder).start()
    } catch {
      throw BatchError.decoderUnavailable(error)
    }
    let landlock =
      locks.contains(.landlock)
      ? "Landlock (version \(SandboxSupport.landlockVersion))" : "no Landlock in this kernel"
    return "seccomp, \(landlock), limits: \(decoder.limits.memory >> 20) MiB in all, "
      + "\(decoder.limits.processorSeconds) s of processor time and \(decoder.limits.clockSeconds) s an answer"
  }

  private static func describe(_ setup: ModelSetup) throws -> String {
    let summary = setup.model.summary
    let bytes = summary.parameterCount * 4
    let embedding = try setup.model.textEmbedding("bucky")
    let kind = setup.usesDemoEncoder ? "demo encoder, phantoms only" : summary.identity.id
    return "\(kind): \(summary.parameterCount) parameters, \(summary.imageSize) px, \(bytes >> 20) MiB in fp32, "
      + "\(embedding.count) dimensions"
  }

  /// The encoder needs AVX2 for a useful speed; anything newer makes bf16 and int8 faster.
  private static func instructionSets(of machine: MachineSummary) -> Check {
    let isFast = machine.features.contains("avx2")
    return Check(
      name: "processor", level: isFast ? .good : .warning,
      finding: isFast
        ? "\(machine.cores) cores, \(machine.features.joined(separator: " "))"
        : "no AVX2: the encoder will run, but many times slower")
  }
}

/// The versions of the libraries that a result depends on.
enum LibraryVersions {
  static let dcmtk = DICOMLibrary.version

  static var all: [String: String] {
    [
      "DCMTK": dcmtk, "OpenJPEG": DICOMLibrary.openJPEGVersion, "libpng": PNGImage.libraryVersion,
      "FreeType": Typeface.libraryVersion,
    ]
  }
}
