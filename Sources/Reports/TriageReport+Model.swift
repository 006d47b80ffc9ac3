package import DICOMCore

extension TriageReport {
  /// The arithmetic of the encoder.
  package enum Precision: String, Sendable, Codable { case fp32, fp16, bf16, int8 }

  /// The encoder that was run.
  package struct Model: Sendable, Equatable, Codable {
    package var id: String
    package var revision: String?
    /// Of the weights.
    package var digest: ContentDigest
    package var tokenizerDigest: ContentDigest?
    /// See ``ReportIdentity/deviceUID(software:model:)``.
    package var deviceUID: UID?
    package var precision: Precision?
    package var backend: String?
    /// Side of the square input in pixels.
    package var inputSize: Int?
    /// The factor itself, after exp().
    package var logitScale: Double
    package var logitBias: Double

    package init(
      id: String, revision: String? = nil, digest: ContentDigest, tokenizerDigest: ContentDigest? = nil,
      deviceUID: UID? = nil, precision: Precision? = nil, backend: String? = nil, inputSize: Int? = nil,
      logitScale: Double, logitBias: Double
    ) {
      self.id = id
      self.revision = revision
      self.digest = digest
      self.tokenizerDigest = tokenizerDigest
      self.deviceUID = deviceUID
      self.precision = precision
      self.backend = backend
      self.inputSize = inputSize
      self.logitScale = logitScale
      self.logitBias = logitBias
    }

    enum CodingKeys: String, CodingKey {
      case id, revision, digest
      case tokenizerDigest = "tokenizer_digest"
      case deviceUID = "device_uid"
      case precision, backend
      case inputSize = "input_size"
      case logitScale = "logit_scale"
      case logitBias = "logit_bias"
    }
  }

  /// How several prompts of one label become one score.
  package enum Ensemble: String, Sendable, Codable {
    case none
    case meanEmbedding = "mean-embedding"
    case meanLogit = "mean-logit"
    case maxLogit = "max-logit"
  }

  /// The labels the study was scored for.
  package struct LabelSet: Sendable, Equatable, Codable {
    package var id: String
    package var version: String
    package var digest: ContentDigest
    package var labels: [Label]

    package init(id: String, version: String, digest: ContentDigest, labels: [Label]) {
      self.id = id
      self.version = version
      self.digest = digest
      self.labels = labels
    }
  }

  /// One label with its prompts.
  package struct Label: Sendable, Equatable, Codable {
    package var label: String
    /// Prompts that describe its presence, at least one.
    package var positive: [String]
    /// Prompts that describe its absence.
    package var negative: [String]?
    package var ensemble: Ensemble?

    package init(_ label: String, positive: [String], negative: [String]? = nil, ensemble: Ensemble? = nil) {
      self.label = label
      self.positive = positive
      self.negative = negative
      self.ensemble = ensemble
    }
  }
}
