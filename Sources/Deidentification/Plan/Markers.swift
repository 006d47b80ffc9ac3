package import DICOMCore

/// What an object says of its own de-identification (PS3.15 E.1.1, PS3.3 C.7.1.1 and C.12.1).
package struct Markers: Sendable, Equatable {
  /// The codes of CID 7050 of what was done, with their meanings.
  package let codes: [(code: String, meaning: String)]
  /// Deidentification Method (0012,0063).
  package let method: [String]
  /// Longitudinal Temporal Information Modified (0028,0303).
  package let temporal: String
  /// The pixels were checked, and cleaned where needed.
  package let hasCleanPixels: Bool

  /// - Parameters:
  ///   - pixelsAreClean: `nil` for an object without pixel data, for which there is nothing to clean.
  ///   - version: Of this program.
  package init(policy: DeidentificationPolicy, pixelsAreClean: Bool?, version: String) {
    var done = policy.options
    // An option is claimed where it was carried out on this object.
    if pixelsAreClean != true { done.remove(.cleanPixelData) }
    codes =
      [("113100", "Basic Application Confidentiality Profile")] + done.sorted().map { ($0.code, $0.meaning) }
    hasCleanPixels = pixelsAreClean == true
    temporal =
      done.contains(.retainFullDates) ? "UNMODIFIED" : done.contains(.retainModifiedDates) ? "MODIFIED" : "REMOVED"
    method = [
      "Bucky \(version), PS3.15 \(ProfileRules.edition)", "policy \(policy.id) \(policy.version)",
      String(policy.digest.description.dropFirst("sha256:".count)),
    ].map { String($0.prefix(64)) }
  }

  /// Adds the markers, and says that text is UTF-8.
  package func mark(_ dataSet: RawDataSet, patientPseudonym: String) -> RawDataSet {
    var added = [
      RawElement(.specificCharacterSet, .cs, text: "ISO_IR 192"),
      RawElement(.patientIdentityRemoved, .cs, text: "YES"),
      RawElement(.deidentificationMethod, .lo, text: method.joined(separator: "\\")),
      RawElement(.deidentificationMethodCodeSequence, .sq, .items(codes.map(Self.item))),
      RawElement(Tag(0x0028, 0x0303), .cs, text: temporal),
    ]
    if hasCleanPixels { added.append(RawElement(Tag(0x0028, 0x0301), .cs, text: "NO")) }
    for (tag, vr): (Tag, VR) in [(.patientName, .pn), (.patientID, .lo)] where dataSet[tag] == nil {
      added.append(RawElement(tag, vr, text: patientPseudonym))
    }
    let tags = Set(added.map(\.tag))
    return RawDataSet(dataSet.elements.filter { !tags.contains($0.tag) } + added)
  }

  private static func item(_ code: (code: String, meaning: String)) -> RawDataSet {
    RawDataSet([
      RawElement(Tag(0x0008, 0x0100), .sh, text: code.code), RawElement(Tag(0x0008, 0x0102), .sh, text: "DCM"),
      RawElement(Tag(0x0008, 0x0104), .lo, text: code.meaning),
    ])
  }

  package static func == (lhs: Markers, rhs: Markers) -> Bool {
    lhs.codes.map(\.code) == rhs.codes.map(\.code) && lhs.method == rhs.method && lhs.temporal == rhs.temporal
      && lhs.hasCleanPixels == rhs.hasCleanPixels
  }
}
