internal import DICOMCore

/// One study as a body of the table: a row, and what opens beneath it.
struct StudyMarkup {
  let row: Worklist.Row
  let study: PageStudy
  let page: WorklistPage

  var report: TriageReport { study.report }
  var isResearch: Bool { page.variant.isResearch }

  func body(_ budget: inout PictureBudget) -> HTML {
    let flags = report.findings.filter { $0.flag == true }.map(\.label)
    return """
      <tbody class="study" role="rowgroup" data-status="\(Self.word(report.status))" data-priority="\(row.priority.rawValue)" \
      data-flags="\(Self.list(flags))">
      <tr class="row" role="row">\(cells)</tr>
      <tr class="more" role="row" id="study-\(row.rank)"><td role="cell" colspan="\(page.columnCount)"><details><summary>Study \(row.rank): \
      pictures, scores and record</summary><noscript>\(details(&budget))</noscript></details></td></tr>
      </tbody>

      """
  }

  /// Labels for the script, one after the other: no text has a line break once it is escaped.
  private static func list(_ labels: [String]) -> HTML {
    let texts: [HTML] = labels.map { "\($0)&#10;" }
    return "\(texts)"
  }

  // MARK: The row

  private var cells: [HTML] {
    let level = row.priority
    var cells: [HTML] = [
      """
      <th scope="row" role="rowheader" data-key="\(row.rank)"><a class="open" href="#study-\(row.rank)">\(row.rank)</a></th>
      """,
      "<td role=\"cell\" class=\"priority \(level.rawValue)\" data-key=\"\(Self.order(level))\">\(level.rawValue)</td>",
      "<td role=\"cell\" class=\"status \(report.status.rawValue)\">\(Self.word(report.status))</td>",
      "<td role=\"cell\" class=\"findings\" data-key=\"\(sortScore)\">\(findings)\(reasons)</td>",
    ]
    if !isResearch {
      cells.append("<td role=\"cell\" class=\"date\">\(Self.time(row.arrival) ?? "no date")</td>")
      if page.hasReadBy {
        let due: HTML = row.isDue ? " <strong class=\"due\">due</strong>" : ""
        cells.append("<td role=\"cell\" class=\"date\">\(Self.time(row.readBy) ?? "–")\(due)</td>")
      }
    }
    return cells + ["<td role=\"cell\" class=\"id\">\(name)</td>"]
  }

  /// How a reader finds the study again.
  private var name: HTML {
    switch page.variant {
    case .research(let pseudonym): "\(pseudonym?(row.studyInstanceUID.value) ?? "–")"
    case .clinical:
      """
      \(row.accessionNumber.map { "<span class=\"accession\">\($0)</span> " })\
      <span class="uid">\(row.studyInstanceUID.value)</span>
      """
    }
  }

  private var findings: HTML {
    if let reason = report.noAssist {
      return "<p><strong>Not assessed.</strong> \(reason.text) <span class=\"code\">\(reason.code.rawValue)</span></p>"
    }
    let flagged = row.topFindings.filter { $0.flag == true }
    let shown = flagged.isEmpty ? Array(row.topFindings.prefix(1)) : flagged
    let more = report.findings.count { $0.flag == true } - flagged.count
    let rest: HTML = flagged.isEmpty ? " <span class=\"note\">nothing flagged</span>" : ""
    let others: HTML = more > 0 ? " <span class=\"note\">and \(more) more flagged</span>" : ""
    return "<p>\(shown.map(Self.finding))\(rest)\(others)</p>"
  }

  private static func finding(_ finding: Worklist.TopFinding) -> HTML {
    let mark: HTML = finding.flag == true ? " <span class=\"mark\" title=\"reaches its threshold\">▲</span>" : ""
    let text: HTML = "\(finding.label) <span class=\"number\">\(ScoreText.short(finding.score))</span>\(mark)"
    return "<span class=\"finding\(finding.flag == true ? " flagged" : "")\">\(text)</span> "
  }

  private var reasons: HTML {
    because.isEmpty ? "" : "<p class=\"because\">\(because.joined(separator: "; "))</p>"
  }

  /// What moved the study up. The reason of a due one names a date, which has no place among ranks and pseudonyms.
  var because: [String] {
    isResearch ? report.priority.because + (row.isDue ? ["waiting limit"] : []) : row.because
  }

  private var sortScore: String { ScoreText.exact(row.topFindings.first?.score ?? -1) }

  // MARK: Words

  static func word(_ status: TriageReport.Status) -> String {
    status == .noAssist ? "no assist" : status.rawValue
  }

  private static func order(_ level: TriageReport.Priority.Level) -> Int {
    switch level {
    case .high: 0
    case .medium: 1
    case .low: 2
    case .none: 3
    }
  }

  /// To the minute, as the device told it.
  static func time(_ date: ReportDate?) -> HTML? {
    date.map { date in
      let parts = date.description.prefix(16).split(separator: "T")
      return "<time datetime=\"\(parts.joined(separator: "T"))\">\(parts.joined(separator: " "))</time>"
    }
  }
}
