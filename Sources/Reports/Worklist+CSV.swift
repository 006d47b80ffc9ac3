internal import DICOMCore

extension Worklist {
  /// The text of worklist.csv: RFC 4180 with a header line, UTF-8, CRLF.
  ///
  /// A cell that a spreadsheet would take for a formula is led by an apostrophe.
  package func csv() -> String {
    let lines = [Self.header] + studies.map(Self.cells)
    return lines.map { $0.map(Self.quoted).joined(separator: ",") + "\r\n" }.joined()
  }

  private static let header = [
    "rank", "study_instance_uid", "status", "priority", "because", "top_findings", "arrival", "read_by",
    "accession_number", "no_assist", "report", "notice",
  ]

  private static func cells(_ row: Row) -> [String] {
    [
      String(row.rank), row.studyInstanceUID.value, row.status.rawValue, row.priority.rawValue,
      row.because.joined(separator: "; "), row.topFindings.map(describe).joined(separator: "; "),
      row.arrival?.description ?? "", row.readBy?.description ?? "", row.accessionNumber ?? "",
      row.noAssist?.rawValue ?? "", row.report,
      Disclaimer.line,
    ]
  }

  /// Such as `Pneumothorax softmax=0.91 sigmoid=0.0021 flag=yes`; the numbers are those of the JSON.
  private static func describe(_ finding: TopFinding) -> String {
    let flag =
      switch finding.flag {
      case true?: "yes"
      case false?: "no"
      case nil: "undetermined"
      }
    let softmax = finding.softmax.map { " softmax=\($0)" } ?? ""
    return "\(finding.label)\(softmax) sigmoid=\(finding.sigmoid) flag=\(flag)"
  }

  /// A cell as RFC 4180 2.5 to 2.7 writes it, made harmless for spreadsheets.
  package static func quoted(_ cell: String) -> String {
    let lead = cell.unicodeScalars.first { !$0.properties.isWhitespace || $0 == "\t" || $0 == "\r" || $0 == "\n" }
    let formulaLeads: Set<Unicode.Scalar> = ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"]
    let safe = lead.map(formulaLeads.contains) == true ? "'" + cell : cell
    // Scalars, not characters: CRLF is one Character and would hide its parts.
    guard safe.unicodeScalars.contains(where: { [",", "\"", "\r", "\n"].contains($0) }) else { return safe }
    var text = "\""
    for scalar in safe.unicodeScalars {
      text.unicodeScalars.append(scalar)
      if scalar == "\"" { text.unicodeScalars.append(scalar) }
    }
    return text + "\""
  }
}
