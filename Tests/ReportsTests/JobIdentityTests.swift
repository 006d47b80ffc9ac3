import DICOMCore
import Reports
import Testing

struct JobIdentityTests {
  typealias Edit = @Sendable (inout JobIdentity) -> Void

  private static func identity() -> JobIdentity {
    JobIdentity(
      software: .init(version: "0.1.0"), header: SourceHeader(of: ReportSamples.sourceAttributes()),
      studyInstanceUID: ReportSamples.study,
      inputs: [ReportSamples.input("a"), ReportSamples.input("m", frame: 1), ReportSamples.input("m", frame: 2)],
      model: ReportSamples.model, labelSetDigest: ReportSamples.digest("labels"),
      preprocessingDigest: ReportSamples.digest("pixels"), thresholdsDigest: ReportSamples.digest("thresholds"),
      ruleDigest: ReportSamples.digest("rule"))
  }

  @Test func `the order of the inputs and what was done to them do not count`() throws {
    var other = Self.identity()
    other.inputs.reverse()
    other.inputs[0].preprocess = nil
    other.inputs[1].modality = "XA"
    #expect(try other.key() == Self.identity().key())
  }

  static let changes: [Edit] = [
    { $0.software.version = "0.1.1" },
    { identity in
      var source = ReportSamples.sourceAttributes()
      source.set(.patientName, .pn, "Phantom^Two")
      identity.header = SourceHeader(of: source)
    },
    { $0.studyInstanceUID = .derived("test", ["other"]) },
    { $0.inputs.removeLast() },
    { $0.inputs[0].sopInstanceUID = .derived("test", ["other"]) },
    { $0.inputs[1].frame = 3 },
    { $0.inputs[0].pixelDigest = ReportSamples.digest("other") },
    { $0.inputs[0].pixelDigest = nil },
    { $0.model.digest = ReportSamples.digest("other") },
    { $0.model.tokenizerDigest = nil },
    { $0.model.precision = .bf16 },
    { $0.labelSetDigest = ReportSamples.digest("other") },
    { $0.preprocessingDigest = ReportSamples.digest("other") },
    { $0.thresholdsDigest = ReportSamples.digest("other") },
    { $0.ruleDigest = ReportSamples.digest("other") },
    { $0.calibrationDigest = ReportSamples.digest("other") },
  ]

  @Test func `any change of study, images, model, configuration or program gives another key`() throws {
    var keys = [try Self.identity().key()]
    for change in Self.changes {
      var other = Self.identity()
      change(&other)
      keys.append(try other.key())
    }
    #expect(Set(keys).count == Self.changes.count + 1)
  }

  @Test func `one job has one UID for each content and each predecessor`() {
    let (key, content) = (ReportSamples.digest("job"), ReportSamples.digest("content"))
    let first = ReportIdentity.reportID(jobKey: key, content: content)
    #expect(first == ReportIdentity.reportID(jobKey: key, content: content))
    let others = [
      ReportIdentity.reportID(jobKey: ReportSamples.digest("other"), content: content),
      ReportIdentity.reportID(jobKey: key, content: ReportSamples.digest("other")),
      ReportIdentity.reportID(jobKey: key, content: content, supersedes: first),
      ReportIdentity.reportID(jobKey: key, content: content, supersedes: .derived("test", ["other"])),
    ]
    #expect(Set(others + [first]).count == 5)
  }

  @Test func `device, series and tracking UIDs follow what they identify`() {
    let software = TriageReport.Software(version: "1")
    let weights = ReportSamples.digest("weights")
    #expect(
      ReportIdentity.deviceUID(software: software, model: weights)
        == ReportIdentity.deviceUID(software: .init(version: "1", dcmtk: "3.6.7"), model: weights))
    #expect(
      ReportIdentity.deviceUID(software: software, model: weights)
        != ReportIdentity.deviceUID(software: .init(version: "2"), model: weights))
    let tracking = [
      ReportIdentity.trackingUID(study: ReportSamples.study, label: "A"),
      ReportIdentity.trackingUID(study: ReportSamples.study, label: "B"),
      ReportIdentity.trackingUID(study: ReportSamples.study, label: "A", evidence: .init(ReportSamples.image("a"))),
      ReportIdentity.trackingUID(
        study: ReportSamples.study, label: "A", evidence: .init(ReportSamples.image("a"), frame: 1)),
    ]
    #expect(Set(tracking).count == 4)
  }
}
