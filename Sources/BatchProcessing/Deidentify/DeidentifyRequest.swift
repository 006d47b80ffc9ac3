package import DICOMFiles
package import Deidentification
internal import Foundation
internal import PipelineDefinitions

/// What `bucky deidentify` was asked for, checked.
package struct DeidentifyRequest: Sendable {
  let inputs: InputPaths
  let output: String
  /// Where copies of what cannot be released go; `nil` to leave the originals where they are.
  let quarantine: String?
  let policy: DeidentificationPolicy
  let key: DeidentificationKey
  let threads: Int
  let decoder: FileDecoder
  let isDryRun: Bool
  /// Where results go within ``output``.
  var layout = Layout()
  /// Judges the pixels of every object.
  let pixelCheck: any PixelCheck
  /// What is made of released objects besides them.
  let exports: Set<ExportFormat>

  /// - Parameters:
  ///   - policy: A policy file; `nil` for the one that ships.
  ///   - options: Names of options to be used in place of those of the policy; `nil` for those.
  ///   - deviceRules: A file of rules about burned-in text, asked before those that ship.
  ///   - pixelCheck: What judges pixels in place of ``PixelInspection``.
  ///   - exports: Names of ``ExportFormat``.
  ///   - key: A key file; `nil` for a key that is thrown away after the run.
  /// - Throws: `DefinitionError` for a mistake in the policy, ``BatchError/configuration(_:)`` for a key that cannot be used.
  package init(
    inputs: InputPaths, output: String, quarantine: String? = nil, policy: String? = nil, options: [String]? = nil,
    key: String? = nil, deviceRules: String? = nil, threads: Int, decoder: FileDecoder, isDryRun: Bool = false,
    pixelCheck: (any PixelCheck)? = nil, also exports: [String] = []
  ) throws {
    let exports = try ExportFormat.named(exports)
    var loaded = try DeidentificationPolicy(loading: policy ?? ShippedData().defaultPolicy)
    if let options { try loaded.replaceOptions(options) }
    self.init(
      inputs: inputs, output: output, quarantine: quarantine, policy: loaded,
      key: try DeidentificationKey(path: key, outside: [output, quarantine].compactMap(\.self)),
      pixelCheck: try pixelCheck ?? PixelInspection(deviceRules: deviceRules), threads: threads, decoder: decoder,
      isDryRun: isDryRun, also: exports)
  }

  init(
    inputs: InputPaths, output: String, quarantine: String? = nil, policy: DeidentificationPolicy,
    key: DeidentificationKey, pixelCheck: any PixelCheck, threads: Int, decoder: FileDecoder, isDryRun: Bool = false,
    also exports: Set<ExportFormat> = []
  ) {
    self.inputs = inputs
    self.output = output
    self.quarantine = quarantine
    self.policy = policy
    self.key = key
    self.threads = threads
    self.decoder = decoder
    self.isDryRun = isDryRun
    self.exports = exports
    self.pixelCheck = pixelCheck
  }
}

extension DeidentifyRequest {
  /// Names within the output folder.
  struct Layout: Sendable {
    /// Before the name of each object: nothing, or a folder with its slash.
    var objects = ""
    var audit = "audit.jsonl"
    /// `nil` where another record holds what it would say.
    var summary: String? = "run.json"
  }
}

extension PixelInspection {
  /// With the shipped rules about devices.
  ///
  /// - Parameter deviceRules: A file of rules that are asked before those.
  init(deviceRules: String? = nil) throws {
    let shipped = try DeviceCatalog(loading: ShippedData().burnedInRegions)
    self.init(catalog: try deviceRules.map { shipped.adding(try DeviceCatalog(loading: $0)) } ?? shipped)
  }
}
