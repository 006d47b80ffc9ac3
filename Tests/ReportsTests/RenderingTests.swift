import DICOMCore
import Foundation
import Reports
import Testing

/// One value, several renderings: each field is changed, and every rendering must say so or the table why not.
struct RenderingTests {
  /// A report in which every field has a value that can be changed.
  private static func sample(noAssist: Bool = false) -> ReportSamples.Sample {
    guard !noAssist else { return ReportSamples.failed }
    let complete = ReportSamples.everyMember
    var report = complete.report
    report.inputs = [
      report.inputs[0], ReportSamples.input("m", frame: 2, series: "3", modality: "CT"),
      ReportSamples.input("b", used: false, skipReason: "decode-error"),
    ]
    // The first label is the one that the first finding is about.
    report.findings = [report.findings[0]]
    report.findings[0].evidence.append(.init(ReportSamples.image("m"), frame: 2))
    report.findings[0].aggregation = .max
    report.findings[0].evidence[0].heatmap = .init(
      file: "heatmaps/x-1.png", method: "m/1", layers: [3], contrast: "absent-prompts", grid: [2, 2], largest: 0.25,
      values: Data([0, 85, 170, 255]), peak: .init(modelRow: 4, modelColumn: 5, row: 6, column: 7),
      presentationState: .derived("test", ["state"]))
    report.labelSet.labels[0].label = report.findings[0].label
    report.warnings[0].sopInstanceUID = ReportSamples.image("a")
    return .init(
      name: "rendered", report: report, header: complete.header,
      sizes: [
        ReportSamples.image("a"): .init(rows: 8, columns: 8),
        ReportSamples.image("m"): .init(rows: 8, columns: 8, frames: 5),
      ], predecessor: complete.predecessor)
  }

  // MARK: The table is whole

  @Test func `the table has a row for every stored property, and none for another`() {
    var types: [String: Set<String>] = [:]
    for sample in [Self.sample(), Self.sample(noAssist: true)] { Self.collect(sample.report, into: &types) }
    let fields = Set(types.flatMap { type, properties in properties.map { "\(type).\($0)" } })
    #expect(Set(RenderingTable.rows.map(\.field)) == fields)
    #expect(RenderingTable.rows.count == fields.count)
  }

  private static func collect(_ value: Any, into types: inout [String: Set<String>]) {
    let mirror = Mirror(reflecting: value)
    let name = "\(type(of: value))"
    let isPart = value is TriageReport || String(reflecting: type(of: value)).hasPrefix("Reports.TriageReport.")
    if mirror.displayStyle == .struct, !isPart { return }
    for child in mirror.children {
      if mirror.displayStyle == .struct, let label = child.label { types[name, default: []].insert(label) }
      collect(child.value, into: &types)
    }
  }

  // MARK: Every rendering says it

  @Test(arguments: RenderingTable.rows.indices)
  func `a change of a field shows in every rendering that the table does not excuse`(index: Int) throws {
    let row = RenderingTable.rows[index]
    guard let path = row.path else { return }
    let before = Self.sample(noAssist: path.hasPrefix("no_assist"))
    let after = try Self.changed(before, at: path)
    #expect(after.report != before.report, "\(path) was not changed")
    for rendering in Rendering.allCases {
      let isSaid = try rendering.text(of: before) != rendering.text(of: after)
      if let reason = row.silent[rendering] {
        #expect(!reason.isEmpty)
        #expect(!isSaid, "\(rendering) says \(row.field), and the table excuses it")
      } else {
        #expect(isSaid, "\(rendering) does not say \(row.field)")
      }
    }
  }

  @Test(arguments: ReportSamples.all)
  func `numbers of JSON and SR agree as their readers see them`(sample: ReportSamples.Sample) throws {
    let json = try #require(
      try JSONSerialization.jsonObject(with: Data(try sample.report.json())) as? [String: Any])
    let findings = try #require(json["findings"] as? [[String: Any]])
    let groups = try sample.structuredReport().dataSet.items(.contentSequence)
      .filter { $0.items(.conceptNameCodeSequence).first?.string(.codeValue) == "126010" }
      .flatMap { $0.items(.contentSequence) }
    #expect(groups.count == findings.count)
    for (finding, group) in zip(findings, groups) {
      let scores = try #require(finding["scores"] as? [String: Double])
      var numbers: [String: Double] = [:]
      for item in group.items(.contentSequence) {
        guard let measured = item.items(.measuredValueSequence).first else { continue }
        numbers[item.items(.conceptNameCodeSequence).first?.string(.codeValue) ?? ""] = measured.double(.numericValue)
      }
      for kind in ["cosine", "sigmoid", "softmax"] {
        #expect((scores[kind] == nil) == (numbers[kind] == nil), "\(kind)")
        #expect(abs((scores[kind] ?? 0) - (numbers[kind] ?? 0)) <= 1e-6, "\(kind)")
      }
      #expect(abs((scores["calibrated"] ?? 0) - (numbers["111012"] ?? 0) / 100) <= 1e-6)
      let threshold = try #require((finding["threshold"] as? [String: Any])?["value"] as? Double)
      let written = numbers.filter { $0.key.hasPrefix("threshold") }.values
      #expect(written.count == 1 && abs((written.first ?? .nan) - threshold) <= 1e-6)
    }
  }

  // MARK: Changing a field

  /// What another value would break: the report must stay valid, and name the same images.
  private static var others: [String: Any] {
    [
      "status": "partial", "no_assist.code": "input-quality", "created": "2025-01-01T00:00:00+00:00",
      "priority.read_by": "2025-01-01T00:00:00Z", "priority.level": "medium", "model.precision": "bf16",
      "labelset.labels.0.ensemble": "max-logit", "findings.0.level": "series", "findings.0.aggregation": "mean",
      "findings.0.calibration.method": "beta", "findings.0.threshold.on": "sigmoid", "outputs.1.kind": "sc",
      "outputs.1.stored.0.status": "failed", "findings.0.code.value": "60046008", "findings.0.site.value": "3120008",
      "quality.0.code.value": "RID13", "inputs.0.modality": "CR", "inputs.2.used": true, "inputs.1.frame": 3,
      "findings.0.evidence.0.heatmap.values": "AFWq/g==", "findings.0.evidence.1.frame": 3,
      "subject.deidentified": true, "findings.0.flag": false,
    ]
  }

  private static func changed(_ sample: ReportSamples.Sample, at path: String) throws -> ReportSamples.Sample {
    var object = try JSONSerialization.jsonObject(with: Data(try sample.report.json()))
    object = edited(object, path.split(separator: ".")) { others[path] ?? other($0) }
    // What names the same image elsewhere follows.
    switch path {
    case "inputs.1.frame", "findings.0.evidence.1.frame":
      for twin in ["inputs.1.frame", "findings.0.evidence.1.frame"] {
        object = edited(object, twin.split(separator: ".")) { _ in 3 }
      }
    case "inputs.0.sop_instance_uid", "findings.0.evidence.0.sop_instance_uid":
      for twin in ["inputs.0.sop_instance_uid", "findings.0.evidence.0.sop_instance_uid"] {
        object = edited(object, twin.split(separator: ".")) { _ in "1.2.3.4" }
      }
    default: break
    }
    let report = try JSONDecoder().decode(TriageReport.self, from: JSONSerialization.data(withJSONObject: object))
    var (header, predecessor) = (sample.header, sample.predecessor)
    if path == "subject.study_instance_uid" {
      var source = ReportSamples.sourceAttributes()
      source.set(.studyInstanceUID, report.subject.studyInstanceUID)
      header = SourceHeader(of: source)
    }
    if path == "supersedes", let uid = report.supersedes {
      predecessor = IssuedReport(sopInstanceUID: uid, sopClassUID: .comprehensiveSRStorage, instanceNumber: 3)
    }
    return .init(name: sample.name, report: report, header: header, sizes: sample.sizes, predecessor: predecessor)
  }

  private static func edited(_ value: Any, _ path: [Substring], _ change: (Any) -> Any) -> Any {
    guard let key = path.first else { return change(value) }
    let rest = Array(path.dropFirst())
    if var list = value as? [Any], let index = Int(key), list.indices.contains(index) {
      list[index] = edited(list[index], rest, change)
      return list
    }
    guard var object = value as? [String: Any], let inner = object[String(key)] else { return value }
    object[String(key)] = edited(inner, rest, change)
    return object
  }

  /// Another value of the same kind.
  private static func other(_ value: Any) -> Any {
    switch value {
    case let text as String where text.hasPrefix("sha256:"): "sha256:" + String(repeating: "0", count: 64)
    case let text as String where UID(text) != nil: "1.2.3.4"
    case let text as String: "another " + text
    case let number as Double: number == number.rounded() ? number + 1 : number * 0.5
    default: value
    }
  }
}
