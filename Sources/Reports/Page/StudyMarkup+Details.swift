internal import DICOMCore

// What opens beneath the row of a study.

extension StudyMarkup {
  func details(_ budget: inout PictureBudget) -> HTML {
    """
    <div class="body">
    \(place)
    <div class="seen">\(pictures(&budget))\(scores)</div>
    \(unused)
    \(warnings)
    \(steps)
    \(record)
    </div>
    """
  }

  // MARK: Place

  private var place: HTML {
    var items: [HTML] = []
    func add(_ term: String, _ text: HTML?) {
      if let text { items.append("<div><dt>\(term)</dt><dd>\(text)</dd></div>") }
    }
    let why = because.isEmpty ? "first in, first out" : because.joined(separator: "; ")
    add("Place", "\(row.rank), priority \(row.priority.rawValue): \(why)")
    add("Status", "\(Self.word(report.status))\(report.noAssist.map { reason in ": \(reason.text)" as HTML })")
    if !isResearch {
      add("Waiting since", Self.time(row.arrival) ?? "no date; counts as waiting longest")
      add("Read by", Self.time(row.readBy))
      add("Accession Number", row.accessionNumber.map { "\($0)" })
      add("Study Instance UID", "<span class=\"uid\">\(row.studyInstanceUID.value)</span>")
      let folder = "studies/\(row.studyInstanceUID.value)"
      add("Files", "<a href=\"\(folder)/report.json\">report.json</a> <a href=\"\(folder)/report.dcm\">report.dcm</a>")
    }
    return "<dl class=\"place\">\(items)</dl>"
  }

  // MARK: Scores

  private var scores: HTML {
    guard !report.findings.isEmpty else { return "" }
    let hasSoftmax = report.findings.contains { $0.scores.softmax != nil }
    let rows = report.findings.sorted(by: Self.tellsMore).map { score($0, hasSoftmax: hasSoftmax) }
    return """
      <section class="scored"><h3>Scores</h3>
      <div class="wide" role="group" aria-label="Scores of study \(row.rank)" tabindex="0"><table class="scores">
      <thead><tr><th scope="col">Finding and its words</th><th scope="col">Flag</th><th scope="col">Threshold</th>\
      \(hasSoftmax ? "<th scope=\"col\">Softmax</th>" : nil)<th scope="col">Sigmoid</th><th scope="col">Logit</th>\
      <th scope="col">Cosine</th></tr></thead>
      <tbody>\(rows)</tbody></table></div>
      <p class="note">Not calibrated. A finding without a flag is not excluded.</p></section>
      """
  }

  /// Flagged ones first, then by score.
  private static func tellsMore(_ lhs: TriageReport.Finding, _ rhs: TriageReport.Finding) -> Bool {
    func key(_ finding: TriageReport.Finding) -> (Int, Double, String) {
      (finding.flag == true ? 0 : 1, -(finding.scores.softmax ?? finding.scores.sigmoid), finding.label)
    }
    return key(lhs) < key(rhs)
  }

  private func score(_ finding: TriageReport.Finding, hasSoftmax: Bool) -> HTML {
    let scores = finding.scores
    let threshold = finding.threshold
    let flag: HTML =
      switch finding.flag {
      case true?: "<strong>▲ yes</strong>"
      case false?: "no"
      case nil: "undetermined"
      }
    let softmax: HTML = "<td class=\"number\">\(scores.softmax.map(ScoreText.long) ?? "–")</td>"
    return """
      <tr\(finding.flag == true ? " class=\"flagged\"" : nil)><th scope="row">\(finding.label)\(words(finding.label))\(certainty(finding))</th>\
      <td>\(flag)</td><td class="number">\(threshold.on.rawValue) \(ScoreText.long(threshold.value))</td>\
      \(hasSoftmax ? softmax : nil)<td class="number">\(ScoreText.long(scores.sigmoid))</td>\
      <td class="number">\(ScoreText.long(scores.logit))</td><td class="number">\(ScoreText.long(scores.cosine))</td></tr>

      """
  }

  /// The prompts of a finding.
  private func words(_ label: String) -> HTML {
    guard let label = report.labelSet.labels.first(where: { $0.label == label }) else { return "" }
    func quoted(_ prompts: [String]) -> String { prompts.map { "“\($0)”" }.joined(separator: ", ") }
    let absent = label.negative.map { " against \(quoted($0))" } ?? ""
    return "<span class=\"words\">\(quoted(label.positive))\(absent)</span>"
  }

  /// Only with the calibration that it comes from.
  private func certainty(_ finding: TriageReport.Finding) -> HTML? {
    guard let value = finding.scores.calibrated, let calibration = finding.calibration else { return nil }
    let text =
      "Certainty \(ScoreText.long(100 * value)) % by calibration \(calibration.id), \(calibration.method.rawValue)"
    return "<span class=\"words\">\(text)</span>"
  }

  // MARK: What was not used, and remarks

  private var unused: HTML {
    let reasons = Dictionary(grouping: report.inputs.filter { !$0.used }, by: { $0.skipReason ?? "not used" })
    guard !reasons.isEmpty else { return "" }
    let items: [HTML] = reasons.sorted { $0.key < $1.key }.map { "<li>\($0.key): \($0.value.count)</li>" }
    return "<h3>Images not used</h3><ul>\(items)</ul>"
  }

  private var warnings: HTML {
    guard !(report.warnings.isEmpty && report.quality.isEmpty) else { return "" }
    var items: [HTML] = []
    if isResearch {
      let codes = Dictionary(grouping: report.warnings, by: \.code)
      items = codes.sorted { $0.key < $1.key }.map { "<li>\($0.key): \($0.value.count)</li>" }
    } else {
      items = report.warnings.map { warning in
        let image: HTML? = warning.sopInstanceUID.map { " <span class=\"uid\">\($0.value)</span>" }
        return "<li>\(warning.text) <span class=\"code\">\(warning.code)</span>\(image)</li>"
      }
    }
    items += report.quality.map {
      "<li>Image quality: \($0.code.map { "\($0.meaning) (\($0.value), \($0.scheme))" } ?? "remarked on")</li>"
    }
    return "<h3>Warnings</h3><ul>\(items)</ul>"
  }

  private var record: HTML {
    guard !isResearch else { return "" }
    return """
      <h3>Record</h3>
      <dl class="place">
      <div><dt>Report</dt><dd>\(report.created.description) <span class="uid">\(report.reportID.value)</span></dd></div>
      \(report.supersedes.map { "<div><dt>Takes the place of</dt><dd class=\"uid\">\($0.value)</dd></div>" as HTML })
      <div><dt>Thresholds</dt><dd>\(thresholdSources.joined(separator: "; "))</dd></div>
      <div><dt>Model</dt><dd>\(report.model.id) <span class="uid">\(report.model.digest.description)</span></dd></div>
      <div><dt>Findings</dt><dd>\(report.labelSet.id) \(report.labelSet.version) <span class="uid">\
      \(report.labelSet.digest.description)</span></dd></div>
      <div><dt>Job key</dt><dd class="uid">\(report.jobKey.description)</dd></div>
      </dl>
      """
  }

  private var thresholdSources: [String] {
    var sources: [String] = []
    for source in report.findings.compactMap(\.threshold.source) where !sources.contains(source) {
      sources.append(source)
    }
    return sources.isEmpty ? ["without a source"] : sources
  }
}
