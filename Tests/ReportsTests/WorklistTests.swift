import DICOMCore
import Foundation
import Reports
import Testing

struct WorklistTests {
  private static let reports = [
    ReportSamples.completeFlagged, ReportSamples.completeUnflagged, ReportSamples.partial,
    ReportSamples.noAssist(.unsupportedTransferSyntax), ReportSamples.failed,
  ]
  private static let worklist = Worklist(ranked: reports.map { ($0.report, ReportSamples.created) })

  private static func worklist(_ edit: (inout TriageReport) -> Void) -> Worklist {
    var report = ReportSamples.completeFlagged.report
    edit(&report)
    return Worklist(ranked: [(report, nil)])
  }

  // MARK: JSON

  @Test func `the JSON holds rank, reasons and top findings of every study`() throws {
    let bytes = try Self.worklist.json()
    #expect(try JSONDecoder().decode(Worklist.self, from: Data(bytes)) == Self.worklist)
    #expect(Self.worklist.studies.map(\.rank) == [1, 2, 3, 4, 5])
    let first = try #require(Self.worklist.studies.first)
    #expect(first.because == ["Pneumothorax flagged"] && first.priority == .high)
    #expect(first.topFindings.map(\.label) == ["Pneumothorax", "Pleural effusion"])
    #expect(first.report == "studies/\(ReportSamples.study)/report.json")
    let text = String(decoding: bytes, as: UTF8.self)
    #expect(text.contains("\"study_instance_uid\": \"\(ReportSamples.study)\""))
    #expect(text.contains("\"no_assist\": \"unsupported-transfer-syntax\""))
    #expect(text.contains("\"flag\": null") && text.contains(Disclaimer.text))
    #expect(!text.contains("Phantom") && !text.contains("PH-0001"))
  }

  @Test func `flagged findings come first, then the highest scores, three at most`() {
    let scores: [(String, Double, Bool?)] = [
      ("a", 0.2, false), ("b", 0.9, false), ("c", 0.3, true), ("d", 0.9, nil), ("e", 0.4, true),
    ]
    let worklist = Self.worklist { report in
      report.findings = scores.map { label, score, flag in
        var finding = ReportSamples.pneumothorax()
        finding.label = label
        finding.scores.softmax = score
        finding.flag = flag
        return finding
      }
    }
    #expect(worklist.studies[0].topFindings.map(\.label) == ["e", "c", "b"])
  }

  @Test func `a study that owes its place to its waiting limit says so`() throws {
    var report = ReportSamples.completeUnflagged.report
    report.priority.readBy = ReportDate("2024-03-01T12:15:30+09:00")
    let worklist = Worklist(
      ranked: [(report, ReportSamples.created)], due: [report.subject.studyInstanceUID])
    #expect(worklist.studies[0].because == ["waiting limit: comes before what arrived after 2024-03-01T12:15:30+09:00"])
    let json = String(decoding: try worklist.json(), as: UTF8.self)
    #expect(json.contains("\"read_by\": \"2024-03-01T12:15:30+09:00\"") && json.contains("\"due\": true"))
    #expect(try JSONDecoder().decode(Worklist.self, from: Data(json.utf8)) == worklist)
    let csv = worklist.csv().components(separatedBy: "\r\n")
    #expect(try parse(csv[0])[7] == "read_by" && parse(csv[1])[7] == "2024-03-01T12:15:30+09:00")
    report.priority.readBy = nil
    let undated = Worklist(ranked: [(report, nil)], due: [report.subject.studyInstanceUID]).studies[0]
    #expect(undated.because == ["waiting limit: without a date it counts as waiting longest"])
  }

  // MARK: CSV

  @Test func `the CSV has a header, one line a study and CRLF line ends`() throws {
    let lines = Self.worklist.csv().components(separatedBy: "\r\n")
    #expect(lines.count == 7 && lines.last == "")
    let columns = 12
    for line in lines.dropLast() { #expect(try parse(line).count == columns) }
    #expect(
      try parse(lines[1]) == [
        "1", ReportSamples.study.value, "complete", "high", "Pneumothorax flagged",
        "Pneumothorax softmax=0.9123456789 sigmoid=0.020415926535 flag=yes; "
          + "Pleural effusion sigmoid=6.14e-06 flag=no", "2024-03-01T08:15:30+09:00", "", "ACC1", "",
        "studies/\(ReportSamples.study)/report.json", Disclaimer.line,
      ])
    #expect(try parse(lines[4])[9] == "unsupported-transfer-syntax")
  }

  @Test(arguments: [
    "=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "\u{A0}=1", "＝1+1", "=HYPERLINK(\"http://x\",\"y\")",
  ])
  func `no cell can be taken for a formula`(cell: String) throws {
    let csv = Self.worklist { $0.subject.accessionNumber = cell }.csv()
    #expect(try parse(String(csv.split(separator: "\r\n", maxSplits: 1)[1].dropLast()))[8] == "'" + cell)
  }

  @Test(arguments: ["a,b", "say \"x\"", "two\r\nlines", "two\nlines", "plain", "A-1", "胸部", ""])
  func `every other cell reads back as it was`(cell: String) throws {
    let csv = Self.worklist { $0.subject.accessionNumber = cell }.csv()
    #expect(try parse(String(csv.split(separator: "\r\n", maxSplits: 1)[1].dropLast()))[8] == cell)
  }

  /// One record of RFC 4180, the slow and obvious way.
  private func parse(_ record: String) throws -> [String] {
    var cells = [""]
    var quoted = false
    var previousWasQuote = false
    for scalar in record.unicodeScalars {
      if scalar == "\"" {
        if previousWasQuote { cells[cells.count - 1].unicodeScalars.append(scalar) }
        previousWasQuote = !quoted ? false : !previousWasQuote
        if !quoted { quoted = true }
      } else {
        if previousWasQuote { (quoted, previousWasQuote) = (false, false) }
        if scalar == ",", !quoted { cells.append("") } else { cells[cells.count - 1].unicodeScalars.append(scalar) }
      }
    }
    return cells
  }

  // MARK: Table

  @Test func `the table fits its width, shows no patient and ends with the research-use line`() {
    let table = Self.worklist.table()
    let lines = table.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines.allSatisfy { $0.count <= 120 })
    #expect(lines[0].hasPrefix("RANK  PRIORITY  STATUS"))
    #expect(lines[1].hasPrefix("   1  high      complete   Pneumothorax 0.912 *"))
    #expect(lines[1].hasSuffix(ReportSamples.study.value))
    #expect(table.contains("no assist  unsupported-transfer-syntax"))
    #expect(table.hasSuffix("\n\(Disclaimer.line)\n"))
    #expect(!table.contains("Phantom") && !table.contains("PH-0001") && !table.contains("ACC1"))
  }

  @Test func `long findings are wrapped, and a UID of 64 characters is not cut`() throws {
    let uid = try #require(UID("1." + String(repeating: "2", count: 62)))
    let worklist = Self.worklist { report in
      report.subject.studyInstanceUID = uid
      report.findings[0].label =
        "Enlarged cardiomediastinum of uncertain significance and " + String(repeating: "x", count: 50)
      report.findings[1].flag = true
    }
    for width in [0, 100, 120] {
      let table = worklist.table(width: width)
      let lines = table.split(separator: "\n")
      #expect(lines.dropLast().allSatisfy { $0.count <= max(width, 111) })
      #expect(lines.count > 4 && table.contains(uid.value))
    }
    #expect(worklist.table(width: 120).split(separator: "\n").allSatisfy { $0.count <= 120 })
  }

  @Test func `control characters of a label do not reach the terminal`() {
    let worklist = Self.worklist { $0.findings[0].label = "Pneumo\u{1B}[31mthorax\r\n" }
    #expect(worklist.table().contains("Pneumo[31mthorax 0.912 *"))
  }

  @Test func `a study raised by something else than a flag says by what`() {
    let worklist = Self.worklist { report in
      report.findings[0].flag = false
      report.priority.because = ["Requested as STAT"]
    }
    #expect(worklist.table().contains("Requested as STAT"))
  }

  @Test func `an empty worklist is still a table and a file`() throws {
    let empty = Worklist(ranked: [])
    #expect(empty.table().hasPrefix("RANK"))
    #expect(empty.csv().split(separator: "\r\n").count == 1)
    #expect(String(decoding: try empty.json(), as: UTF8.self).contains("\"studies\": []"))
  }
}
