internal import BatchProcessing
internal import DICOMCore
internal import DICOMFiles
internal import Foundation
internal import PhantomStudies
internal import Reports

/// How often the peak of a heatmap lies in what was drawn, through the whole path from DICOM file to report.
enum HeatmapEvaluation {
  /// The maps of one finding where it is drawn and flagged.
  struct Row {
    let kind: FindingKind
    var maps = 0
    /// Whose peak is a pixel that the finding covers.
    var inside = 0
    /// Whose strongest patch has such a pixel.
    var touching = 0
    /// The share of the image that the finding covers, summed.
    var shares = 0.0
  }

  /// - Parameter patchSize: Of the encoder, in pixels of its input.
  static func run(
    _ set: PhantomSet, configuration: TriageConfiguration, patchSize: Int
  ) async throws -> [Row] {
    let folder = FileManager.default.temporaryDirectory.appending(path: "bucky-heatmaps-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: folder + "/in", withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let table = try await set.write(to: folder + "/in")
    let result = try await TriageRun(
      inputs: [folder + "/in"], output: folder + "/out", configuration: configuration,
      threads: ProcessInfo.processInfo.activeProcessorCount, decoder: .children(DecoderPool(DecoderConfiguration()))
    ).run()
    let reports = Dictionary(result.reports.map { ($0.subject.studyInstanceUID.value, $0) }) { first, _ in first }
    var rows = FindingKind.allCases.map { Row(kind: $0) }
    for (index, line) in table.dropFirst().enumerated() {
      guard let report = reports[line[1]] else { continue }
      let places = set.places(index)
      for row in rows.indices { add(report, places, to: &rows[row], patchSize: patchSize) }
    }
    return rows
  }

  private static func add(_ report: TriageReport, _ places: FindingPlaces, to row: inout Row, patchSize: Int) {
    let share = places.share(of: row.kind)
    guard share > 0, let finding = report.findings.first(where: { $0.label == row.kind.label }), finding.flag == true,
      let evidence = finding.evidence.first, let peak = evidence.heatmap?.peak,
      let steps = report.inputs.first(where: { $0.sopInstanceUID == evidence.sopInstanceUID })?.preprocess,
      let position = FramePosition(steps)
    else { return }
    row.maps += 1
    row.shares += share
    if let r = peak.row, let c = peak.column, places.covers(row.kind, row: r, column: c) { row.inside += 1 }
    let patch = (row: peak.modelRow / patchSize, column: peak.modelColumn / patchSize)
    let low = position.place(x: Double(patch.column * patchSize), y: Double(patch.row * patchSize))
    let high = position.place(x: Double((patch.column + 1) * patchSize), y: Double((patch.row + 1) * patchSize))
    let area = (
      rows: Int(low.y.rounded(.down))..<Int(high.y.rounded(.up)),
      columns: Int(low.x.rounded(.down))..<Int(high.x.rounded(.up))
    )
    if places.covers(row.kind, rows: area.rows, columns: area.columns) { row.touching += 1 }
  }

  /// A Markdown table.
  static func markdown(_ rows: [Row]) -> String {
    func share(_ count: Double, of total: Int) -> String {
      total == 0 ? "-" : String(format: "%.2f", count / Double(total))
    }
    let lines = rows.map { row in
      "| \(row.kind.rawValue) | \(row.maps) | \(share(Double(row.inside), of: row.maps)) "
        + "| \(share(Double(row.touching), of: row.maps)) | \(share(row.shares, of: row.maps)) |\n"
    }
    return "| finding | maps | peak inside | patch of the peak touches it | share of the image it covers |\n"
      + "| --- | ---: | ---: | ---: | ---: |\n" + lines.joined()
  }
}
