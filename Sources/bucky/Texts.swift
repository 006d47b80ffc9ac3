internal import BatchProcessing
internal import CacheStorage
internal import Foundation
internal import Reports
internal import SigLIP
internal import Tensors

// What commands print for people. Data for machines is JSON, made where the values are.

extension TriageResult {
  /// The ranked worklist as a table, the counts, and where the results lie.
  var text: String {
    let counts = record.counts
    var lines = [worklist.table(width: Terminal.width)]
    lines.append(
      "\(counts.studies) studies: \(counts.flagged) flagged, \(counts.noAssist) no assist, \(counts.failed) failed")
    lines.append(FileCounts.text(counts.files, counts.used, counts.skipped, counts.quarantined))
    lines.append(encodingText)
    if let release = record.deidentification {
      lines.append(
        "\(release.released) objects de-identified under \(release.policy), proof in \(release.audit)"
          + (release.objects.map { ", objects in \($0)/" } ?? ""))
    }
    lines += record.quarantine.prefix(10).map {
      TerminalText.line("  quarantined \($0.source): \($0.reason)" + Self.colon($0.detail))
    }
    if record.quarantine.count > 10 { lines.append("  and \(record.quarantine.count - 10) more, see run.json") }
    lines.append(
      "Results: \(output)/worklist.html, worklist.json, worklist.csv, studies/*/report.json and report.dcm, run.json")
    return lines.joined(separator: "\n")
  }

  /// What was computed, and what was known from an earlier run.
  private var encodingText: String {
    func count(_ name: String) -> Int { Int(record.timings[name] ?? 0) }
    return "\(count("images_encoded")) images encoded, \(count("images_cached")) from the cache"
  }

  private static func colon(_ detail: String) -> String { detail.isEmpty ? "" : ", \(detail)" }
}

extension TriagePreview {
  var text: String {
    var lines = studies.map { study in
      "\(study.studyInstanceUID): "
        + (study.noAssist.map { "no assist, \($0)" } ?? "\(study.frames) image\(study.frames == 1 ? "" : "s") to score")
    }
    lines.append(FileCounts.text(counts.files, counts.used, counts.skipped, counts.quarantined))
    lines.append("Dry run: nothing was written.")
    return lines.joined(separator: "\n")
  }
}

extension PreprocessSummary {
  var text: String {
    "\(counts.used) used, \(counts.skipped) skipped, \(counts.quarantined) quarantined\nResults: \(output)"
  }
}

extension DeidentifySummary {
  var text: String {
    var lines = [
      "\(counts.files) files: \(counts.released) released, \(counts.skipped) skipped, "
        + "\(counts.quarantined) quarantined"
    ]
    lines += reasons.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { "  \($0.key): \($0.value)" }
    lines += exportLines
    lines.append(isDryRun ? "Dry run: nothing was written." : "Results: \(output)/*/*/*.dcm, audit.jsonl, run.json")
    return lines.joined(separator: "\n")
  }
}

extension DeidentifySummary {
  /// A line a format, and one a reason for what was not made.
  fileprivate var exportLines: [String] {
    guard let exports else { return [] }
    return exports.formats.sorted { $0.key < $1.key }.flatMap { format, counts in
      let missing = counts.notMade > 0 ? ", \(counts.notMade) not made" : ""
      return ["\(format): \(counts.files) files" + missing]
        + counts.reasons.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { "  \($0.key): \($0.value)" }
    }
  }
}

extension ModelInspection {
  var text: String {
    let summary = setup.model.summary
    func tower(_ tower: TowerSummary) -> String {
      "\(tower.layerCount) layers, hidden \(tower.hiddenSize), intermediate \(tower.intermediateSize), "
        + "\(tower.headCount) heads"
    }
    var rows = [
      ("model", summary.identity.id + (setup.usesDemoEncoder ? " (demo encoder: knows phantoms only)" : "")),
      (
        "architecture",
        "\(summary.architecture), \(summary.parameterCount) parameters in \(summary.tensorCount) tensors"
      ),
      (
        "stored as",
        summary.storedTypes.sorted { $0.key < $1.key }.map { "\($0.key) × \($0.value)" }.joined(separator: ", ")
      ),
      ("vision tower", tower(summary.vision)),
      ("text tower", tower(summary.text)),
      ("image", "\(summary.imageSize) px, patches of \(summary.patchSize), \(summary.gridSize) × \(summary.gridSize)"),
      ("text", "\(summary.tokenCount) tokens, vocabulary \(summary.vocabularySize)"),
      ("embedding", "\(summary.embeddingSize) dimensions"),
      ("logit scale", "\(summary.logitScale), factor \(summary.logitFactor); bias \(summary.logitBias)"),
    ]
    rows += summary.files.map { ($0.name, "\($0.byteCount) bytes, \($0.digest)") }
    rows += prepared.map { ("prepared", "\($0.name), \($0.byteCount >> 20) MiB") }
    rows += verdicts.map { ($0.precision.rawValue, "\($0.passed ? "verified" : "failed") \($0.date): \($0.figures)") }
    rows += summary.warnings.map { ("warning", $0) }
    return Columns.text(rows)
  }
}

extension ModelPreparation {
  var text: String {
    let rows = files.map { ($0.name, "\($0.bytes >> 20) MiB") }
    return Columns.text(rows) + "\n\(model) is prepared in \(precision.rawValue), \((seconds * 10).rounded() / 10) s."
  }
}

extension PrecisionVerdict {
  /// A line a finding, and the figures that decide.
  var text: String {
    func number(_ value: Double) -> String { "\((value * 1e6).rounded() / 1e6)" }
    let rows =
      [("FINDING", "SPEARMAN   SCORE SHIFT: MEDIAN, LARGEST   CHANGED FLAGS")]
      + findings.map { finding in
        let shifts = "\(number(finding.medianShift)), \(number(finding.largestShift))"
        return (
          finding.label,
          "\(finding.rankCorrelation.map(number) ?? "not comparable")   \(shifts)   \(finding.changedFlags)"
        )
      }
    return Columns.text(rows) + "\n\n"
      + "\(model) in \(precision.rawValue) (\(backend)) against fp32: \(passed ? "PASSED" : "FAILED")\n"
      + "median cosine \(number(medianCosine)), \(figures)"
  }
}

extension Diagnosis {
  var text: String {
    var rows = [("bucky", version)]
    rows += libraries.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    rows.append(("processor", "\(machine.processor), \(machine.cores) cores, \(machine.memoryGiB) GiB"))
    let found = checks.map { ("\($0.level.word)  \($0.name)", $0.finding) }
    return Columns.text(rows) + "\n\n" + Columns.text(found)
  }
}

extension Diagnosis.Level {
  /// As wide for one as for the other, so that names stand below each other.
  fileprivate var word: String {
    switch self {
    case .good: "ok     "
    case .unknown: "UNKNOWN"
    case .warning: "WARNING"
    case .missing: "MISSING"
    }
  }
}

/// The line that accounts for every file.
private enum FileCounts {
  static func text(_ files: Int, _ used: Int, _ skipped: Int, _ quarantined: Int) -> String {
    "\(files) files: \(used) used, \(skipped) skipped, \(quarantined) quarantined"
  }
}

/// Two columns, the first as wide as its widest entry.
private enum Columns {
  static func text(_ rows: [(String, String)]) -> String {
    let width = rows.map(\.0.count).max() ?? 0
    return rows.map { $0.0 + String(repeating: " ", count: width - $0.0.count + 2) + $0.1 }.joined(separator: "\n")
  }
}
