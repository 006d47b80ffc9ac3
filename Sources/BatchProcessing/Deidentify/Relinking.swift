internal import Deidentification
internal import PipelineDefinitions

/// From originals to what stands for them, for whoever holds the key.
package struct Relinking: Sendable {
  private let identities: IdentityMap

  /// - Throws: ``BatchError/configuration(_:)`` for a key that cannot be used, `DefinitionError` for a mistake in the policy.
  package init(key: String, policy: String? = nil) throws {
    let policy = try DeidentificationPolicy(loading: policy ?? ShippedData().defaultPolicy)
    identities = IdentityMap(key: try DeidentificationKey(file: key).bytes, policy: policy)
  }

  package func pseudonym(issuer: String, id: String) -> String {
    identities.pseudonym(PatientIdentity(issuer: issuer, id: id))
  }

  /// From `ISSUER,PATIENT-ID`; an issuer has no comma, an ID may.
  package func pseudonym(line: String) -> String {
    let parts = line.split(separator: ",", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    return parts.count == 2 ? pseudonym(issuer: parts[0], id: parts[1]) : pseudonym(issuer: "", id: line)
  }

  package func uid(_ text: String) -> String { identities.uid(text) }

  /// What the audit calls an input, from its path as the run saw it: relative to an input folder.
  package func inputName(_ path: String) -> String { identities.inputName(path) }
}
