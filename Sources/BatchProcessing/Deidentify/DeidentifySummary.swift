package import DICOMCore
internal import Deidentification

/// What a run of `deidentify` did.
package struct DeidentifySummary: Sendable, Encodable {
  package struct Counts: Sendable, Encodable, Equatable {
    package var files = 0
    package var released = 0
    package var skipped = 0
    package var quarantined = 0
  }

  /// A file by the keyed digest of its path.
  struct Refused: Sendable {
    let name: String
    let isSkipped: Bool
    let reason: String
  }

  package let output: String
  package internal(set) var counts = Counts()
  /// Files by the reason for which they were not released.
  package internal(set) var reasons: [String: Int] = [:]
  /// The files that were not released, for the record of a run that goes on with the others.
  private(set) var refused: [Refused] = []
  /// What was made of released objects besides them; `nil` where nothing was asked for.
  package internal(set) var exports: ExportSummary?
  package let isDryRun: Bool
  package let usesOneTimeKey: Bool
  package let keyID: String
  package let policy: String
  package let policyDigest: ContentDigest
  package let options: [String]
  package let edition: String
  package let tablesDigest: ContentDigest
  package let version: String

  enum CodingKeys: String, CodingKey {
    case output, counts, reasons, exports, policy, options, edition, version
    case isDryRun = "dry_run"
    case usesOneTimeKey = "one_time_key"
    case keyID = "key_id"
    case policyDigest = "policy_digest"
    case tablesDigest = "tables_digest"
  }

  init(_ request: DeidentifyRequest, output: String, keyID: String) {
    self.output = output
    self.keyID = keyID
    isDryRun = request.isDryRun
    usesOneTimeKey = request.key.isOneTime
    policy = "\(request.policy.id) \(request.policy.version)"
    policyDigest = request.policy.digest
    options = request.policy.options.sorted().map(\.rawValue)
    edition = ProfileRules.edition
    tablesDigest = ProfileRules.digest
    version = BuckyVersion.text
  }

  mutating func add(_ record: ReleaseRecord, _ name: String) {
    counts.files += 1
    switch record.outcome {
    case .released: counts.released += 1
    case .skipped: counts.skipped += 1
    case .quarantined: counts.quarantined += 1
    }
    if record.outcome != .released {
      refused.append(Refused(name: name, isSkipped: record.outcome == .skipped, reason: record.reason ?? ""))
    }
    if let reason = record.reason { reasons[reason, default: 0] += 1 }
  }

  package func json() throws -> String { try JSONOutput.text(self) }
}
