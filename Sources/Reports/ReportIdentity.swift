package import DICOMCore

/// The UIDs of reports, all derived: the same study, configuration and inputs give the same ones.
package enum ReportIdentity {
  /// SOP Instance UID of the SR, and `report_id`.
  ///
  /// A no-assist or failed outcome goes into the UID: what stopped a study once, such as a deadline, may not stop the next
  /// run, and one UID must never have two contents.
  package static func reportID(
    jobKey: ContentDigest, status: TriageReport.Status, noAssist: TriageReport.NoAssist.Code? = nil
  ) -> UID {
    guard status != .complete else { return .derived("sr", [jobKey.description]) }
    return .derived("sr", [jobKey.description, status.rawValue, noAssist?.rawValue ?? ""])
  }

  /// Series Instance UID of all reports of one product about one study.
  package static func seriesUID(study: UID) -> UID {
    .derived("srseries", [study.value, Product.modelName])
  }

  /// Device UID (0018,1002): another version or other weights are another device.
  package static func deviceUID(software: TriageReport.Software, model: ContentDigest) -> UID {
    .derived("device", [software.name, software.version, model.description])
  }

  /// Tracking Unique Identifier (112040, DCM) of one label in one study, or of one label in the image `evidence`.
  package static func trackingUID(study: UID, label: String, evidence: TriageReport.Evidence? = nil) -> UID {
    var parts = [study.value, label]
    if let evidence {
      parts.append(evidence.sopInstanceUID.value)
      if let frame = evidence.frame { parts.append(String(frame)) }
    }
    return .derived("trk", parts)
  }

  /// Tracking Identifier (112039, DCM): `triage:` and the label in kebab case.
  static func trackingIdentifier(label: String) -> String {
    "triage:" + label.lowercased().split { !$0.isLetter && !$0.isNumber }.joined(separator: "-")
  }
}
