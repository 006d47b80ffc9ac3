package import DICOMCore

extension RunRecord {
  /// How the inputs of a run were de-identified; files that were not released are among `quarantine` and `skipped`.
  package struct Deidentification: Sendable, Equatable, Codable {
    /// Name and version.
    package var policy: String
    package var policyDigest: ContentDigest
    /// Of PS3.15 Annex E, by name.
    package var options: [String]
    /// Of PS3.15, such as `2026d`.
    package var edition: String
    package var tablesDigest: ContentDigest
    /// Tells keys apart, and nothing of the key.
    package var keyID: String
    package var usesOneTimeKey: Bool
    package var released: Int
    /// The file with the disposition of every element, relative to the output.
    package var audit: String
    /// The folder of released objects, relative to the output; `nil` where they were not kept.
    package var objects: String?

    package init(
      policy: String, policyDigest: ContentDigest, options: [String], edition: String, tablesDigest: ContentDigest,
      keyID: String, usesOneTimeKey: Bool, released: Int, audit: String, objects: String?
    ) {
      self.policy = policy
      self.policyDigest = policyDigest
      self.options = options
      self.edition = edition
      self.tablesDigest = tablesDigest
      self.keyID = keyID
      self.usesOneTimeKey = usesOneTimeKey
      self.released = released
      self.audit = audit
      self.objects = objects
    }

    enum CodingKeys: String, CodingKey {
      case policy, options, edition, released, audit, objects
      case policyDigest = "policy_digest"
      case tablesDigest = "tables_digest"
      case keyID = "key_id"
      case usesOneTimeKey = "one_time_key"
    }
  }
}
