package import DICOMCore

/// What one run did, as run.json records it. Only ``timings`` differs between two runs over the same input.
package struct RunRecord: Sendable, Equatable, Codable {
  package static let schema = "bucky-run/1"

  package var schema = Self.schema
  package var disclaimer = Disclaimer.text
  package var versions: Versions
  package var digests: Digests
  /// How the encoder computed.
  package var encoder: Encoder?
  package var counts: Counts
  /// What gave the inputs new identifiers before anything looked at them; `nil` where they were taken as they are.
  package var deidentification: Deidentification?
  /// Whether symbolic links below the inputs were followed; the others are among `skipped`.
  package var followsLinks: Bool
  /// What reading was allowed, by name, such as `memory_bytes`; empty where nothing was limited.
  package var limits: [String: Int]
  /// What was wrong with the ledger of reports, so that a report names no predecessor; empty where nothing was.
  package var ledgerWarnings: [String]
  /// Seconds by stage, such as `total`, and how many images and prompts were encoded or known from earlier runs.
  package var timings: [String: Double]
  /// Files that could be damaged or dangerous, sorted by source.
  package var quarantine: [RefusedFile]
  /// Files that hold nothing to score, sorted by source.
  package var skipped: [RefusedFile]

  package init(
    versions: Versions, digests: Digests, encoder: Encoder? = nil, counts: Counts,
    deidentification: Deidentification? = nil, followsLinks: Bool = false,
    limits: [String: Int], ledgerWarnings: [String] = [], timings: [String: Double], quarantine: [RefusedFile],
    skipped: [RefusedFile]
  ) {
    self.versions = versions
    self.digests = digests
    self.encoder = encoder
    self.counts = counts
    self.deidentification = deidentification
    self.followsLinks = followsLinks
    self.limits = limits
    self.ledgerWarnings = ledgerWarnings
    self.timings = timings
    self.quarantine = quarantine.sorted()
    self.skipped = skipped.sorted()
  }

  enum CodingKeys: String, CodingKey {
    case schema, disclaimer, versions, digests, encoder, counts, deidentification
    case followsLinks = "follows_links"
    case ledgerWarnings = "ledger_warnings"
    case limits, timings, quarantine, skipped
  }

  /// The bytes of run.json.
  package func json() throws(ReportError) -> [UInt8] { try JSONText.indented(self) }
}

extension RunRecord {
  /// What the run was made with.
  package struct Versions: Sendable, Equatable, Codable {
    package var bucky: String
    package var dcmtk: String?
    package var swift: String

    package init(bucky: String, dcmtk: String?, swift: String = Versions.compiler) {
      self.bucky = bucky
      self.dcmtk = dcmtk
      self.swift = swift
    }

    /// The Swift release this module was compiled with, as far as conditional compilation tells.
    package static var compiler: String {
      #if compiler(>=6.4)
        "6.4 or later"
      #elseif compiler(>=6.3)
        "6.3"
      #else
        "6.2"
      #endif
    }
  }

  /// The arithmetic of the encoder; with the digests it says whether two runs can be compared.
  package struct Encoder: Sendable, Equatable, Codable {
    package var precision: TriageReport.Precision
    /// The instructions and the exceptions, as in a report.
    package var backend: String
    /// Prompts may be embedded in another precision than images.
    package var promptPrecision: TriageReport.Precision

    package init(
      precision: TriageReport.Precision, backend: String, promptPrecision: TriageReport.Precision
    ) {
      self.precision = precision
      self.backend = backend
      self.promptPrecision = promptPrecision
    }

    enum CodingKeys: String, CodingKey {
      case precision, backend
      case promptPrecision = "prompt_precision"
    }
  }

  /// The configuration and the model, by content.
  package struct Digests: Sendable, Equatable, Codable {
    package var model: ContentDigest?
    package var tokenizer: ContentDigest?
    package var labelSet: ContentDigest?
    package var windows: ContentDigest?
    package var pipeline: ContentDigest?

    package init(
      model: ContentDigest?, tokenizer: ContentDigest?, labelSet: ContentDigest?, windows: ContentDigest?,
      pipeline: ContentDigest?
    ) {
      self.model = model
      self.tokenizer = tokenizer
      self.labelSet = labelSet
      self.windows = windows
      self.pipeline = pipeline
    }

    enum CodingKeys: String, CodingKey {
      case model, tokenizer
      case labelSet = "labelset"
      case windows, pipeline
    }
  }

  /// A file that was not used.
  package struct RefusedFile: Sendable, Equatable, Codable, Comparable {
    /// Relative to the input argument; no patient data unless the user's file names hold it.
    package var source: String
    /// In kebab case, such as `not-dicom`.
    package var reason: String
    package var detail: String

    package init(source: String, reason: String, detail: String) {
      self.source = source
      self.reason = reason
      self.detail = detail
    }

    package static func < (lhs: RefusedFile, rhs: RefusedFile) -> Bool {
      (lhs.source, lhs.reason, lhs.detail) < (rhs.source, rhs.reason, rhs.detail)
    }
  }
}
