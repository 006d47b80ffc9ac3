internal import DICOMCore

/// The Algorithm Parameters (111002, DCM) of a finding: enough to tell whether two scores can be compared.
struct AlgorithmParameters {
  private let common: [String]
  private let trailing: [String]
  private let reportDigest: String
  private let labels: [String: TriageReport.Label]

  /// Takes the bytes of report.json as well: their digest ties the two renderings together.
  init(of report: TriageReport, json: [UInt8]) throws(ReportError) {
    var common = ["model.digest=\(report.model.digest)"]
    if let digest = report.model.tokenizerDigest { common.append("tokenizer.digest=\(digest)") }
    if let precision = report.model.precision { common.append("model.precision=\(precision.rawValue)") }
    if let backend = report.model.backend { common.append("model.backend=\(backend)") }
    common.append("labelset.digest=\(report.labelSet.digest)")
    self.common = common
    trailing = [
      "logit_scale.exp=\(report.model.logitScale)",
      "logit_bias=\(report.model.logitBias)",
      "preprocess=\(try Self.preprocessingDigest(of: report.inputs))",
    ]
    reportDigest = "report.json=\(ContentDigest(of: json))"
    labels = Dictionary(report.labelSet.labels.map { ($0.label, $0) }, uniquingKeysWith: { first, _ in first })
  }

  /// `name=value` texts in a fixed order; several prompts are separated by ` | `.
  func texts(for finding: TriageReport.Finding) -> [String] {
    var texts = common
    if let label = labels[finding.label] {
      texts.append("prompt.positive=" + label.positive.joined(separator: " | "))
      if let negative = label.negative, !negative.isEmpty {
        texts.append("prompt.negative=" + negative.joined(separator: " | "))
      }
      if let ensemble = label.ensemble { texts.append("prompt.ensemble=\(ensemble.rawValue)") }
    }
    texts += trailing
    if let aggregation = finding.aggregation { texts.append("aggregation=\(aggregation.rawValue)") }
    if let calibration = finding.calibration {
      texts.append("calibration=\(calibration.id) (\(calibration.method.rawValue))")
      texts.append("calibration.digest=\(calibration.digest)")
    }
    if let target = finding.threshold.target { texts.append("threshold.target=\(target)") }
    if let source = finding.threshold.source { texts.append("threshold.source=\(source)") }
    texts.append(reportDigest)
    return texts
  }

  /// SHA-256 over the canonical JSON of the processing records of all used inputs; the JSON report holds them in full.
  private static func preprocessingDigest(of inputs: [TriageReport.Input]) throws(ReportError) -> ContentDigest {
    struct Record: Encodable {
      let sopInstanceUID: UID
      let frame: Int?
      let steps: [ProcessingStep]
    }
    let records = inputs.filter(\.used).map {
      Record(sopInstanceUID: $0.sopInstanceUID, frame: $0.frame, steps: $0.preprocess ?? [])
    }
    return ContentDigest(of: try JSONText.compact(records))
  }
}
