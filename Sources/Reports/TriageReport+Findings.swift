package import DICOMCore

extension TriageReport {
  /// What a finding's score is about.
  package enum Level: String, Sendable, Codable { case study, series, instance, frame }

  /// How the scores of several images become one.
  package enum Aggregation: String, Sendable, Codable {
    case none, max, mean
    case noisyOr = "noisy-or"
    case topKMean = "top-k-mean"
  }

  /// One label's scores, threshold and flag.
  package struct Finding: Sendable, Equatable {
    package var label: String
    package var code: CodedConcept
    package var site: CodedConcept?
    /// See ``ReportIdentity/trackingUID(study:label:evidence:)``.
    package var trackingUID: UID?
    package var level: Level
    package var aggregation: Aggregation?
    /// The images scored, at least one.
    package var evidence: [Evidence]
    package var scores: Scores
    package var calibration: Calibration?
    package var threshold: Threshold
    /// Whether the score exceeds the threshold; `nil` when that cannot be said.
    package var flag: Bool?

    package init(
      label: String, code: CodedConcept, site: CodedConcept? = nil, trackingUID: UID? = nil, level: Level,
      aggregation: Aggregation? = nil, evidence: [Evidence], scores: Scores, calibration: Calibration? = nil,
      threshold: Threshold, flag: Bool?
    ) {
      self.label = label
      self.code = code
      self.site = site
      self.trackingUID = trackingUID
      self.level = level
      self.aggregation = aggregation
      self.evidence = evidence
      self.scores = scores
      self.calibration = calibration
      self.threshold = threshold
      self.flag = flag
    }
  }

  /// An image a score rests on.
  package struct Evidence: Sendable, Hashable, Codable {
    package var sopInstanceUID: UID
    /// From 1; `nil` for an image that has one frame.
    package var frame: Int?
    /// What moved the score in this image, where a map was made.
    package var heatmap: Heatmap?

    package init(_ sopInstanceUID: UID, frame: Int? = nil, heatmap: Heatmap? = nil) {
      self.sopInstanceUID = sopInstanceUID
      self.frame = frame
      self.heatmap = heatmap
    }

    /// The image alone, to be compared with others.
    var image: Evidence { Evidence(sopInstanceUID, frame: frame) }

    enum CodingKeys: String, CodingKey {
      case sopInstanceUID = "sop_instance_uid"
      case frame, heatmap
    }
  }

  /// The scores of one label. None of them says how likely a disease is.
  package struct Scores: Sendable, Equatable, Codable {
    /// Cosine of image and text embedding, -1...1.
    package var cosine: Double
    /// exp(logit scale) × cosine + logit bias.
    package var logit: Double
    /// Sigmoid of the logit, 0...1, not calibrated.
    package var sigmoid: Double
    /// Softmax of presence against absence, 0...1.
    package var softmax: Double?
    /// The score after a named calibration, 0...1.
    package var calibrated: Double?

    package init(cosine: Double, logit: Double, sigmoid: Double, softmax: Double? = nil, calibrated: Double? = nil) {
      self.cosine = cosine
      self.logit = logit
      self.sigmoid = sigmoid
      self.softmax = softmax
      self.calibrated = calibrated
    }
  }

  /// The calibration a calibrated score comes from.
  package struct Calibration: Sendable, Equatable, Codable {
    package enum Method: String, Sendable, Codable { case platt, isotonic, temperature, beta }

    package var id: String
    package var method: Method
    package var digest: ContentDigest
    /// Number of studies it was fitted on.
    package var n: Int?
    package var site: String?

    package init(id: String, method: Method, digest: ContentDigest, n: Int? = nil, site: String? = nil) {
      self.id = id
      self.method = method
      self.digest = digest
      self.n = n
      self.site = site
    }
  }

  /// Which score a threshold is compared with.
  package enum ScoreKind: String, Sendable, Codable, CaseIterable { case cosine, logit, sigmoid, softmax, calibrated }

  /// The value above which a finding is flagged.
  package struct Threshold: Sendable, Equatable, Codable {
    package var on: ScoreKind
    package var value: Double
    /// What it was chosen for, such as `specificity 0.90`.
    package var target: String?
    package var source: String?

    package init(on: ScoreKind, value: Double, target: String? = nil, source: String? = nil) {
      self.on = on
      self.value = value
      self.target = target
      self.source = source
    }
  }
}

extension TriageReport.Finding: Codable {
  enum CodingKeys: String, CodingKey {
    case label, code, site
    case trackingUID = "tracking_uid"
    case level, aggregation, evidence, scores, calibration, threshold, flag
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(label, forKey: .label)
    try container.encode(code, forKey: .code)
    try container.encodeIfPresent(site, forKey: .site)
    try container.encodeIfPresent(trackingUID, forKey: .trackingUID)
    try container.encode(level, forKey: .level)
    try container.encodeIfPresent(aggregation, forKey: .aggregation)
    try container.encode(evidence, forKey: .evidence)
    try container.encode(scores, forKey: .scores)
    try container.encodeIfPresent(calibration, forKey: .calibration)
    try container.encode(threshold, forKey: .threshold)
    // The schema requires the member; null stands for undetermined.
    try container.encode(flag, forKey: .flag)
  }
}
