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
  /// Judges the pixels; `nil` where the policy does not ask for it, and then images at risk are withheld.
  let pixelCheck: (any PixelCheck)?

  /// - Parameters:
  ///   - policy: A policy file; `nil` for the one that ships.
  ///   - options: Names of options to be used in place of those of the policy; `nil` for those.
  ///   - deviceRules: A file of rules about burned-in text, asked before those that ship.
  ///   - pixelCheck: What judges pixels in place of ``PixelInspection``.
  ///   - key: A key file; `nil` for a key that is thrown away after the run.
  /// - Throws: `DefinitionError` for a mistake in the policy, ``BatchError/configuration(_:)`` for a key that cannot be used.
  package init(
    inputs: InputPaths, output: String, quarantine: String? = nil, policy: String? = nil, options: [String]? = nil,
    key: String? = nil, deviceRules: String? = nil, threads: Int, decoder: FileDecoder, isDryRun: Bool = false,
    pixelCheck: (any PixelCheck)? = nil
  ) throws {
    var loaded = try DeidentificationPolicy(loading: policy ?? ShippedData().defaultPolicy)
    if let options { try loaded.replaceOptions(options) }
    if let key {
      let place = URL(filePath: key).standardizedFileURL.resolvingSymlinksInPath().path
      for folder in [output, quarantine].compactMap(\.self) {
        let root = URL(filePath: folder).standardizedFileURL.resolvingSymlinksInPath().path
        guard !place.hasPrefix(root + "/") else {
          throw BatchError.configuration("the key file lies in \(folder), which is handed on; keep it elsewhere")
        }
      }
    }
    self.inputs = inputs
    self.output = output
    self.quarantine = quarantine
    self.policy = loaded
    self.key = try key.map { try DeidentificationKey(file: $0) } ?? .oneTime()
    self.threads = threads
    self.decoder = decoder
    self.isDryRun = isDryRun
    guard loaded.options.contains(.cleanPixelData) else {
      self.pixelCheck = nil
      return
    }
    if let pixelCheck {
      self.pixelCheck = pixelCheck
    } else {
      let shipped = try DeviceCatalog(loading: ShippedData().burnedInRegions)
      self.pixelCheck = PixelInspection(
        catalog: try deviceRules.map { shipped.adding(try DeviceCatalog(loading: $0)) } ?? shipped)
    }
  }
}
