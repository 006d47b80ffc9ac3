package import DICOMCore

extension TriageReport {
  /// The program that wrote the report.
  package struct Software: Sendable, Equatable, Codable {
    package var name: String
    package var version: String
    package var build: String?
    package var dcmtk: String?

    package init(name: String = Product.name, version: String, build: String? = nil, dcmtk: String? = nil) {
      self.name = name
      self.version = version
      self.build = build
      self.dcmtk = dcmtk
    }
  }

  /// The study the report is about.
  package struct Subject: Sendable, Equatable, Codable {
    package var deidentified: Bool
    package var studyInstanceUID: UID
    package var patientID: String?
    package var issuerOfPatientID: String?
    package var accessionNumber: String?
    /// Study Date (0008,0020) as it stands.
    package var studyDate: String?
    package var studyDescription: String?

    package init(
      deidentified: Bool, studyInstanceUID: UID, patientID: String? = nil, issuerOfPatientID: String? = nil,
      accessionNumber: String? = nil, studyDate: String? = nil, studyDescription: String? = nil
    ) {
      self.deidentified = deidentified
      self.studyInstanceUID = studyInstanceUID
      self.patientID = patientID
      self.issuerOfPatientID = issuerOfPatientID
      self.accessionNumber = accessionNumber
      self.studyDate = studyDate
      self.studyDescription = studyDescription
    }

    enum CodingKeys: String, CodingKey {
      case deidentified
      case studyInstanceUID = "study_instance_uid"
      case patientID = "patient_id"
      case issuerOfPatientID = "issuer_of_patient_id"
      case accessionNumber = "accession_number"
      case studyDate = "study_date"
      case studyDescription = "study_description"
    }
  }

  /// One image, or one frame of a multi-frame image, that was considered.
  package struct Input: Sendable, Equatable, Codable {
    package var sopInstanceUID: UID
    package var sopClassUID: UID
    package var seriesInstanceUID: UID
    /// From 1; `nil` for an image that has one frame.
    package var frame: Int?
    package var transferSyntaxUID: UID?
    package var modality: String?
    package var used: Bool
    /// Why it was not used.
    package var skipReason: String?
    package var pixelDigest: ContentDigest?
    package var tensorDigest: ContentDigest?
    /// Every step from stored values to the encoder's input.
    package var preprocess: [ProcessingStep]?

    package init(
      sopInstanceUID: UID, sopClassUID: UID, seriesInstanceUID: UID, frame: Int? = nil, transferSyntaxUID: UID? = nil,
      modality: String? = nil, used: Bool, skipReason: String? = nil, pixelDigest: ContentDigest? = nil,
      tensorDigest: ContentDigest? = nil, preprocess: [ProcessingStep]? = nil
    ) {
      self.sopInstanceUID = sopInstanceUID
      self.sopClassUID = sopClassUID
      self.seriesInstanceUID = seriesInstanceUID
      self.frame = frame
      self.transferSyntaxUID = transferSyntaxUID
      self.modality = modality
      self.used = used
      self.skipReason = skipReason
      self.pixelDigest = pixelDigest
      self.tensorDigest = tensorDigest
      self.preprocess = preprocess
    }

    enum CodingKeys: String, CodingKey {
      case sopInstanceUID = "sop_instance_uid"
      case sopClassUID = "sop_class_uid"
      case seriesInstanceUID = "series_instance_uid"
      case frame
      case transferSyntaxUID = "transfer_syntax_uid"
      case modality, used
      case skipReason = "skip_reason"
      case pixelDigest = "pixel_digest"
      case tensorDigest = "tensor_digest"
      case preprocess
    }
  }
}
