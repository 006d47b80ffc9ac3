package import DICOMCore

/// The UIDs of reports, all derived: the same study, configuration and inputs give the same ones.
package enum ReportIdentity {
  /// What stands for the identity of a report that has none yet, see ``StructuredReport/contentDigest``.
  package static let draftUID = UID.derived("sr", ["draft"])

  /// SOP Instance UID of the SR, and `report_id`.
  ///
  /// It follows from everything that the report says and from what it takes the place of. So one UID never has two contents,
  /// whatever changed between two runs: an input, the configuration, an outcome such as a deadline, this program, or what was
  /// known of earlier reports.
  package static func reportID(jobKey: ContentDigest, content: ContentDigest, supersedes: UID? = nil) -> UID {
    .derived("sr", [jobKey.description, content.description, supersedes?.value ?? ""])
  }

  /// SOP Instance UID of an object that belongs to a report, such as its key objects.
  static func companionUID(_ kind: TriageReport.Output.Kind, report: UID, content: ContentDigest) -> UID {
    .derived(kind.rawValue, [report.value, content.description])
  }

  /// Series Instance UID of all objects of one kind that belong to reports about one study.
  static func companionSeriesUID(_ kind: TriageReport.Output.Kind, study: UID) -> UID {
    .derived("\(kind.rawValue)series", [study.value, Product.modelName])
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
