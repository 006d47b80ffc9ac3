internal import DICOMCore

extension TriageReport {
  /// The bytes of report.json: sorted keys, shortest numbers that read back the same, UTF-8, a newline at the end.
  ///
  /// - Throws: The first rule of the schema that the report breaks, see ``validate()``.
  package func json() throws(ReportError) -> [UInt8] {
    try validate()
    return try JSONText.indented(self)
  }

  /// The same on one line, for NDJSON files of a batch.
  package func jsonLine() throws(ReportError) -> [UInt8] {
    try validate()
    return try JSONText.compact(self) + [0x0A]
  }
}

extension TriageReport: Codable {
  enum CodingKeys: String, CodingKey {
    case schema
    case reportID = "report_id"
    case jobKey = "job_key"
    case supersedes, created, software, status
    case noAssist = "no_assist"
    case subject, inputs, model
    case labelSet = "labelset"
    case findings, priority, quality, outputs, warnings, disclaimer
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(Self.schema, forKey: .schema)
    try container.encode(reportID, forKey: .reportID)
    try container.encode(jobKey, forKey: .jobKey)
    // Written as null, so that a reader sees that nothing is replaced.
    try container.encode(supersedes, forKey: .supersedes)
    try container.encode(created, forKey: .created)
    try container.encodeIfPresent(software, forKey: .software)
    try container.encode(status, forKey: .status)
    try container.encode(noAssist, forKey: .noAssist)
    try container.encode(subject, forKey: .subject)
    try container.encode(inputs, forKey: .inputs)
    try container.encode(model, forKey: .model)
    try container.encode(labelSet, forKey: .labelSet)
    try container.encode(findings, forKey: .findings)
    try container.encode(priority, forKey: .priority)
    try container.encode(quality, forKey: .quality)
    try container.encode(outputs, forKey: .outputs)
    try container.encode(warnings, forKey: .warnings)
    try container.encode(disclaimer, forKey: .disclaimer)
  }

  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    guard try container.decode(String.self, forKey: .schema) == Self.schema else {
      throw DecodingError.dataCorruptedError(
        forKey: .schema, in: container, debugDescription: "expected \(Self.schema)")
    }
    reportID = try container.decode(UID.self, forKey: .reportID)
    jobKey = try container.decode(ContentDigest.self, forKey: .jobKey)
    supersedes = try container.decodeIfPresent(UID.self, forKey: .supersedes)
    created = try container.decode(ReportDate.self, forKey: .created)
    software = try container.decodeIfPresent(Software.self, forKey: .software)
    status = try container.decode(Status.self, forKey: .status)
    noAssist = try container.decodeIfPresent(NoAssist.self, forKey: .noAssist)
    subject = try container.decode(Subject.self, forKey: .subject)
    inputs = try container.decode([Input].self, forKey: .inputs)
    model = try container.decode(Model.self, forKey: .model)
    labelSet = try container.decode(LabelSet.self, forKey: .labelSet)
    findings = try container.decode([Finding].self, forKey: .findings)
    priority = try container.decode(Priority.self, forKey: .priority)
    quality = try container.decodeIfPresent([Quality].self, forKey: .quality) ?? []
    outputs = try container.decodeIfPresent([Output].self, forKey: .outputs) ?? []
    warnings = try container.decodeIfPresent([Warning].self, forKey: .warnings) ?? []
    disclaimer = try container.decode(String.self, forKey: .disclaimer)
  }
}
