internal import DICOMCore
internal import Foundation
internal import PipelineDefinitions

/// Model, pipeline and windows of a triage run, chosen as the command line says.
package struct TriageSetup: Sendable {
  package let configuration: TriageConfiguration
  package let usesDemoEncoder: Bool

  /// What a user of the demo encoder must know.
  package static let demoNotice = """
    Using the demo encoder. It was trained on synthetic phantoms, knows nothing else, and means nothing on patients. \
    Point --model at a MedSigLIP checkpoint for real studies.
    """

  /// Loads everything, the cheap and likely mistakes first.
  ///
  /// - Parameters:
  ///   - model: A checkpoint folder; `nil` for the demo encoder.
  ///   - pipeline: A pipeline file; `nil` for the shipped one that fits the model.
  ///   - loading: The precision, and where things are kept.
  package init(model: String?, pipeline: String?, loading: ModelLoading = ModelLoading()) throws {
    let data = try ShippedData()
    let windows = try WindowCatalog(loading: data.windowing)
    // A pipeline that is named is checked before a checkpoint of gigabytes is opened.
    let named = try pipeline.map { try Pipeline(loading: $0, windows: windows.windows) }
    let setup = try ModelSetup(model: model, loading: loading, data: data)
    let fitting = setup.usesDemoEncoder ? data.demoPipeline : data.defaultPipeline
    configuration = TriageConfiguration(
      pipeline: try named ?? Pipeline(loading: fitting, windows: windows.windows), model: setup.model,
      embeddings: setup.embeddings, windowsDigest: windows.digest)
    usesDemoEncoder = setup.usesDemoEncoder
  }
}

extension WindowCatalog {
  /// One digest over all window files.
  var digest: ContentDigest {
    ContentDigest(ofText: digests.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: "\n"))
  }
}

/// Where the pipelines that ship lie.
package enum ShippedPipelines {
  /// The pipeline whose prompts the demo encoder was trained on.
  package static func phantomDemo() throws -> String { try ShippedData().demoPipeline }
}
