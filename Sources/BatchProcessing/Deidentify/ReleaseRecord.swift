internal import DICOMCore
internal import Deidentification

/// A line of the audit: new identifiers, digests, codes and counts, nothing that the input said.
struct ReleaseRecord: Sendable {
  enum Outcome: String, Sendable {
    case released, skipped, quarantined
  }

  let outcome: Outcome
  let reason: String?
  /// Of the file that was verified; `nil` where none was written.
  let digest: ContentDigest?
  /// One JSON object in one line.
  let line: [UInt8]

  /// An input that is not released.
  ///
  /// - Parameter input: Keyed digest of its path.
  init(_ outcome: Outcome, input: String, reason: String) {
    (self.outcome, self.reason, digest) = (outcome, reason, nil)
    var object = JSONLine()
    object.put("outcome", outcome.rawValue)
    object.put("input", input)
    object.put("reason", reason)
    line = object.finished()
  }

  /// What is known of a released object besides its ledger.
  struct Release {
    let object: SourceObject
    let identity: IdentityMap
    let policy: DeidentificationPolicy
    let markers: Markers
    let transferSyntax: UID
    let pixels: String
    /// `nil` in a dry run.
    var proof: OutputVerifier.Proof?
  }

  init(_ release: Release, ledger: Ledger, metaTags: [Tag]) {
    (outcome, reason, digest) = (.released, nil, release.proof?.digest)
    let target = release.object.target
    var object = JSONLine()
    object.put("outcome", outcome.rawValue)
    object.put("input", release.object.name)
    object.put("output", release.object.output)
    if let proof = release.proof {
      object.put("sha256", proof.digest.description)
      object.put("bytes", proof.size)
      object.put("output_elements", proof.elementCount)
    }
    object.put("patient", target.pseudonym)
    object.put("study_instance_uid", target.study)
    object.put("series_instance_uid", target.series)
    object.put("sop_instance_uid", target.instance)
    object.put("sop_class_uid", release.object.sopClass.value)
    object.put("transfer_syntax_uid", release.transferSyntax.value)
    object.put("policy_digest", release.policy.digest.description)
    object.put("tables_digest", ProfileRules.digest.description)
    object.put("key_id", release.identity.keyID)
    object.put("method_codes", release.markers.codes.map(\.code))
    object.put("pixels", release.pixels)
    // The counts of the dispositions add up to this: every element has exactly one.
    object.put("elements", ledger.entries.count + metaTags.count)
    object.beginList("dispositions")
    if !metaTags.isEmpty {
      object.putDisposition("file meta information", "renewed", metaTags.map { ($0.description, 1) })
    }
    for group in ledger.summary {
      object.putDisposition(group.rule.rawValue, group.disposition.rawValue, group.counts)
    }
    object.endList()
    line = object.finished()
  }
}

/// A JSON object written member by member. Text is what Bucky makes: UIDs, digests, codes and paths of tags, in which nothing
/// has to be escaped.
private struct JSONLine {
  private var bytes: [UInt8] = [UInt8(ascii: "{")]
  private var isFirst = true

  init() { bytes.reserveCapacity(1 << 13) }

  private mutating func name(_ name: String) {
    if !isFirst { bytes.append(UInt8(ascii: ",")) }
    isFirst = false
    text(name)
    bytes.append(UInt8(ascii: ":"))
  }

  private static func belongs(_ byte: UInt8) -> Bool { byte >= 0x20 && byte != 0x22 && byte != 0x5C }

  private mutating func text(_ text: String) {
    bytes.append(UInt8(ascii: "\""))
    // What would end the text or start an escape does not belong here, whatever it is.
    let isPlain = text.utf8.allSatisfy(Self.belongs)
    bytes += isPlain ? Array(text.utf8) : text.utf8.filter(Self.belongs)
    bytes.append(UInt8(ascii: "\""))
  }

  mutating func put(_ name: String, _ value: String) {
    self.name(name)
    text(value)
  }

  mutating func put(_ name: String, _ value: Int) {
    self.name(name)
    bytes += String(value).utf8
  }

  mutating func put(_ name: String, _ values: [String]) {
    beginList(name)
    for value in values {
      if bytes.last != UInt8(ascii: "[") { bytes.append(UInt8(ascii: ",")) }
      text(value)
    }
    endList()
  }

  mutating func beginList(_ name: String) {
    self.name(name)
    bytes.append(UInt8(ascii: "["))
  }

  mutating func endList() { bytes.append(UInt8(ascii: "]")) }

  mutating func putDisposition(_ rule: String, _ disposition: String, _ counts: [(path: String, count: Int)]) {
    if bytes.last != UInt8(ascii: "[") { bytes.append(UInt8(ascii: ",")) }
    bytes.append(UInt8(ascii: "{"))
    isFirst = true
    put("rule", rule)
    put("disposition", disposition)
    name("elements")
    bytes.append(UInt8(ascii: "{"))
    isFirst = true
    for (path, count) in counts { put(path, count) }
    bytes += Array("}}".utf8)
    isFirst = false
  }

  consuming func finished() -> [UInt8] { bytes + Array("}\n".utf8) }
}
