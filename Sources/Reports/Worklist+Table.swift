internal import DICOMCore

extension Worklist {
  /// The list as text for the end of a run, at most `width` columns wide; a width below 100 is taken as 100.
  ///
  /// Holds no name and no identifier of a patient; ends with the research-use line.
  package func table(width: Int = 120) -> String {
    let layout = TableLayout(studies, width: max(width, 100))
    var lines = [layout.line(["RANK", "PRIORITY", "STATUS", "FINDINGS", "STUDY"])]
    for row in studies {
      // Labels come from a file of the user's: no control character of theirs reaches the terminal.
      let summary = String(String.UnicodeScalarView(Self.summary(row).unicodeScalars.filter { !$0.isControl }))
      let texts = TableLayout.wrapped(summary, width: layout.findingsWidth)
      let first = texts.first ?? ""
      lines.append(
        layout.line([
          String(row.rank), row.priority.rawValue, TableLayout.word(row.status), first, row.studyInstanceUID.value,
        ]))
      lines += texts.dropFirst().map { layout.line(["", "", "", $0, ""]) }
    }
    return (lines + ["", Self.legend, Disclaimer.line, ""]).joined(separator: "\n")
  }

  /// The flagged findings, or what else raised the study, or its highest score, or why it was not assisted.
  private static func summary(_ row: Row) -> String {
    if let reason = row.noAssist { return reason.rawValue }
    let findings = row.topFindings.filter { $0.flag == true }
    if findings.isEmpty, !row.because.isEmpty { return row.because.joined(separator: ", ") }
    let shown = findings.isEmpty ? row.topFindings.prefix(1) : findings[...]
    return shown.map { finding in
      "\(finding.label) \(shortNumber(finding.score))\(finding.flag == true ? " *" : "")"
    }.joined(separator: ", ")
  }

  private static let legend = "Findings with their score (softmax where there is one); * is over its threshold."
}

/// Column widths of one table.
private struct TableLayout {
  private let widths: [Int]
  let findingsWidth: Int

  init(_ rows: [Worklist.Row], width: Int) {
    let rank = max(4, String(rows.count).count)
    let study = rows.map { $0.studyInstanceUID.value.count }.max() ?? 5
    // Two spaces between columns; UIDs are never cut, so findings take what is left.
    findingsWidth = max(16, width - rank - 8 - 9 - study - 8)
    widths = [rank, 8, 9, findingsWidth]
  }

  func line(_ cells: [String]) -> String {
    var line = ""
    for (index, cell) in cells.enumerated() {
      let width = index < widths.count ? widths[index] : 0
      let padding = String(repeating: " ", count: max(0, width - cell.count))
      // Ranks are aligned to the right.
      line += (index == 0 ? padding + cell : cell + padding) + "  "
    }
    while line.last == " " { line.removeLast() }
    return line
  }

  static func word(_ status: TriageReport.Status) -> String { status == .noAssist ? "no assist" : status.rawValue }

  /// `text` in lines of at most `width` characters, broken at spaces, longer words cut.
  static func wrapped(_ text: String, width: Int) -> [String] {
    var lines: [String] = []
    var line = ""
    for word in text.split(separator: " ") {
      var word = word[...]
      if !line.isEmpty, line.count + 1 + word.count > width {
        lines.append(line)
        line = ""
      }
      while word.count > width {
        lines.append(String(word.prefix(width)))
        word = word.dropFirst(width)
      }
      line += line.isEmpty ? String(word) : " " + word
    }
    return lines + (line.isEmpty && !lines.isEmpty ? [] : [line])
  }
}
