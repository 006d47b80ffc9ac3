package import DICOMCore
internal import Findings
package import PipelineDefinitions
internal import PixelTransforms
internal import Reports
package import SigLIP

/// Everything that decides what a triage run says, loaded and checked before the first study is opened.
package struct TriageConfiguration: Sendable {
  package let pipeline: Pipeline
  package let model: SigLIPModel
  /// Embeddings of earlier runs; `nil` to compute each of them.
  package let embeddings: EmbeddingCache?
  /// Of all files of `Windowing/`.
  package let windowsDigest: ContentDigest

  package init(
    pipeline: Pipeline, model: SigLIPModel, embeddings: EmbeddingCache? = nil, windowsDigest: ContentDigest
  ) {
    self.pipeline = pipeline
    self.model = model
    self.embeddings = embeddings
    self.windowsDigest = windowsDigest
  }

  /// The pipeline with the encoder's image size.
  var pixelPipeline: PixelPipeline {
    PixelPipeline(window: pipeline.window, preset: pipeline.preset, size: model.imageSize)
  }

  /// Of everything that decides how a stored frame becomes an encoder input.
  var preprocessingDigest: ContentDigest {
    ContentDigest(
      ofText: "\(pipeline.window)\n\(pipeline.preset.rawValue)\n\(model.imageSize)\n\(windowsDigest)")
  }

  var software: TriageReport.Software {
    TriageReport.Software(version: BuckyVersion.text, dcmtk: LibraryVersions.dcmtk)
  }

  /// What a report says of the encoder.
  var reportedModel: TriageReport.Model {
    TriageReport.Model(
      id: model.identity.id, digest: model.identity.weightsDigest, tokenizerDigest: model.identity.tokenizerDigest,
      deviceUID: ReportIdentity.deviceUID(software: software, model: model.identity.weightsDigest),
      precision: TriageReport.Precision(model.precision), backend: model.arithmetic.backend, inputSize: model.imageSize,
      logitScale: model.logitFactor,
      logitBias: Double(model.logitBias))
  }

  /// What the record of a run says of the encoder.
  var reportedEncoder: RunRecord.Encoder {
    RunRecord.Encoder(
      precision: TriageReport.Precision(model.precision), backend: model.arithmetic.backend,
      promptPrecision: TriageReport.Precision(model.arithmetic.textPrecision))
  }

  /// What a report says of the label set.
  var reportedLabelSet: TriageReport.LabelSet {
    let set = pipeline.labelSet
    return TriageReport.LabelSet(
      id: set.id, version: set.version, digest: set.digest,
      labels: set.findings.map {
        TriageReport.Label(
          $0.name, positive: $0.present, negative: $0.absent.isEmpty ? nil : $0.absent, ensemble: .meanEmbedding)
      })
  }

  /// Digests of everything between a file and a report.
  var digests: RunRecord.Digests {
    RunRecord.Digests(
      model: model.identity.weightsDigest, tokenizer: model.identity.tokenizerDigest,
      labelSet: pipeline.labelSet.digest, windows: windowsDigest, pipeline: pipeline.digest)
  }
}
