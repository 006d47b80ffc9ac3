package import DICOMCore

extension TriageReport {
  /// How the study ended.
  package enum Status: String, Sendable, Codable, CaseIterable {
    case complete, partial
    case noAssist = "no_assist"
    case failed

    /// Whether findings may be reported.
    package var hasFindings: Bool { self == .complete || self == .partial }
  }

  /// Why a study was not assisted.
  package struct NoAssist: Sendable, Equatable, Codable {
    package enum Code: String, Sendable, Codable, CaseIterable {
      case unsupportedSOPClass = "unsupported-sop-class"
      case unsupportedTransferSyntax = "unsupported-transfer-syntax"
      case unsupportedModality = "unsupported-modality"
      case noMatchingSeries = "no-matching-series"
      case decodeError = "decode-error"
      case qualityControlImage = "quality-control-image"
      case inputQuality = "input-quality"
      case modelUnavailable = "model-unavailable"
      case deadline, policy
    }

    package var code: Code
    /// For people; no patient data.
    package var text: String

    package init(_ code: Code, text: String) {
      self.code = code
      self.text = text
    }
  }

  /// Where the study belongs in the worklist.
  package struct Priority: Sendable, Equatable, Codable {
    package enum Level: String, Sendable, Codable, CaseIterable { case high, medium, low, none }

    package var level: Level
    package var ruleID: String
    package var ruleDigest: ContentDigest?
    /// What raised it, such as `Pneumothorax flagged`.
    package var because: [String]
    package var rankScore: Double?
    /// The latest moment it may wait for, never later than without the model.
    package var readBy: ReportDate?

    package init(
      level: Level, ruleID: String, ruleDigest: ContentDigest? = nil, because: [String] = [],
      rankScore: Double? = nil, readBy: ReportDate? = nil
    ) {
      self.level = level
      self.ruleID = ruleID
      self.ruleDigest = ruleDigest
      self.because = because
      self.rankScore = rankScore
      self.readBy = readBy
    }

    enum CodingKeys: String, CodingKey {
      case level
      case ruleID = "rule_id"
      case ruleDigest = "rule_digest"
      case because
      case rankScore = "rank_score"
      case readBy = "read_by"
    }

    package init(from decoder: any Decoder) throws {
      let container = try decoder.container(keyedBy: CodingKeys.self)
      level = try container.decode(Level.self, forKey: .level)
      ruleID = try container.decode(String.self, forKey: .ruleID)
      ruleDigest = try container.decodeIfPresent(ContentDigest.self, forKey: .ruleDigest)
      because = try container.decodeIfPresent([String].self, forKey: .because) ?? []
      rankScore = try container.decodeIfPresent(Double.self, forKey: .rankScore)
      readBy = try container.decodeIfPresent(ReportDate.self, forKey: .readBy)
    }
  }

  /// A remark on the quality of an image or of the study.
  package struct Quality: Sendable, Equatable, Codable {
    package var code: CodedConcept?
    package var sopInstanceUID: UID?

    package init(code: CodedConcept?, sopInstanceUID: UID? = nil) {
      self.code = code
      self.sopInstanceUID = sopInstanceUID
    }

    enum CodingKeys: String, CodingKey {
      case code
      case sopInstanceUID = "sop_instance_uid"
    }
  }

  /// Something a reader of the report should know.
  package struct Warning: Sendable, Equatable, Codable {
    package var code: String
    package var text: String
    package var sopInstanceUID: UID?

    package init(_ code: String, text: String, sopInstanceUID: UID? = nil) {
      self.code = code
      self.text = text
      self.sopInstanceUID = sopInstanceUID
    }

    enum CodingKeys: String, CodingKey {
      case code, text
      case sopInstanceUID = "sop_instance_uid"
    }
  }
}
