package import DICOMCore

extension TriageReport {
  /// A DICOM object made from the report.
  package struct Output: Sendable, Equatable, Codable {
    package enum Kind: String, Sendable, Codable {
      /// Structured report.
      case sr
      /// Key object selection.
      case kos
      /// Secondary capture.
      case sc
    }

    package var kind: Kind
    package var sopInstanceUID: UID
    package var seriesInstanceUID: UID?
    /// Absent for the SR, which holds the digest of this report.
    package var digest: ContentDigest?
    package var stored: [Storage]?

    package init(
      _ kind: Kind, sopInstanceUID: UID, seriesInstanceUID: UID? = nil, digest: ContentDigest? = nil,
      stored: [Storage]? = nil
    ) {
      self.kind = kind
      self.sopInstanceUID = sopInstanceUID
      self.seriesInstanceUID = seriesInstanceUID
      self.digest = digest
      self.stored = stored
    }

    enum CodingKeys: String, CodingKey {
      case kind
      case sopInstanceUID = "sop_instance_uid"
      case seriesInstanceUID = "series_instance_uid"
      case digest, stored
    }
  }

  /// What became of an object that was sent.
  package struct Storage: Sendable, Equatable, Codable {
    package enum Status: String, Sendable, Codable {
      case stored
      case alreadyThere = "already-there"
      case rejected, failed, committed
    }

    package var target: String?
    package var status: Status?
    package var detail: String?
    package var at: String?

    package init(target: String?, status: Status?, detail: String? = nil, at: String? = nil) {
      self.target = target
      self.status = status
      self.detail = detail
      self.at = at
    }
  }
}
