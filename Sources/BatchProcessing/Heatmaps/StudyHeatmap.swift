internal import DICOMCore
internal import Drawing
internal import Findings
internal import Foundation
internal import PixelTransforms
internal import Reports
internal import SigLIP

/// A heatmap of one finding in one image of a study, ready to be drawn.
struct StudyHeatmap: Sendable {
  let finding: StudyFinding
  let image: ImageReference
  /// Place of the image among those that the finding rests on.
  let evidenceIndex: Int
  let picture: HeatmapPicture
  let position: FramePosition?
  /// Of the picture, below the study's folder, without its suffix.
  let name: String
  var report: TriageReport.Heatmap
  /// The outline for viewers, where the pipeline wants one.
  var state: DataSet?
  private let background: ModelPicture
  let patchSize: Int
  private let layerCount: Int

  private init?(
    _ finding: StudyFinding, index: Int, number: Int, evidenceIndex: Int, outcome: ImageOutcome, plan: HeatmapPlan
  ) {
    guard let explanation = outcome.explanation, let grid = explanation.maps[index],
      let picture = grid.picture(of: finding.label.name)
    else { return nil }
    self.finding = finding
    self.evidenceIndex = evidenceIndex
    self.picture = picture
    layerCount = plan.layerCount
    image = outcome.task.reference
    background = explanation.picture
    patchSize = plan.patchSize
    let position = FramePosition(outcome.steps)
    self.position = position
    let patch = Double(plan.patchSize)
    let peak = picture.peak.map { peak in
      let pixel = position?.pixel(x: peak.x * patch, y: peak.y * patch)
      return TriageReport.Peak(
        modelRow: Int(peak.y * patch), modelColumn: Int(peak.x * patch), row: pixel?.row, column: pixel?.column)
    }
    name = "heatmaps/\(finding.label.name)-\(number)"
    report = TriageReport.Heatmap(
      file: plan.drawsPictures ? "\(name).png" : nil, method: PatchRelevance.method, layers: plan.layers,
      contrast: finding.label.contrast.rawValue, grid: [grid.size, grid.size], largest: Double(grid.largest),
      values: Data(grid.values), peak: peak)
  }

  /// The maps of a study: for each finding that gets any, of the images it rests on most.
  static func all(
    _ evidence: StudyEvidence, findings: [StudyFinding], plan: HeatmapPlan
  ) -> [StudyHeatmap] {
    let outcomes = Dictionary(evidence.outcomes.map { ($0.task.reference, $0) }) { first, _ in first }
    return findings.enumerated().flatMap { index, finding -> [StudyHeatmap] in
      guard plan.covers(finding) else { return [] }
      var maps: [StudyHeatmap] = []
      for (place, image) in finding.evidence.enumerated() where maps.count < HeatmapPlan.mapsPerFinding {
        guard let outcome = outcomes[image],
          let map = StudyHeatmap(
            finding, index: index, number: maps.count + 1, evidenceIndex: place, outcome: outcome, plan: plan)
        else { continue }
        maps.append(map)
      }
      return maps
    }
  }

  // MARK: Drawing

  /// The page as PNG.
  ///
  /// - Throws: `DrawingError` when the font is missing, or what is wrong with the PNG library.
  func png() throws -> [UInt8] {
    let canvas = Canvas(
      width: background.columns, height: background.rows, channels: background.channels, samples: background.samples)
    let sheet = HeatmapSheet(
      heading: [
        "\(finding.label.title): what moved the score",
        "Image \(image.sopInstanceUID.value)" + (image.frame.map { ", frame \($0)" } ?? ""),
        scoreText,
        "Held against the \(finding.label.contrast == .absentPrompts ? "absent prompts" : "empty prompt"); "
          + "\(report.method), layer \(report.layers.map { "\($0 + 1)" }.joined(separator: " + ")) of \(layerCount)",
      ],
      caveat: "\(report.caveat) \(Disclaimer.line)",
      legend: (none: "nothing", most: "most in this image: \(String(format: "%.2e", report.largest)) of the cosine"))
    let patch = Double(patchSize)
    let page = try sheet.page(of: canvas) { column, row in
      picture.value(x: (Double(column) + 0.5) / patch, y: (Double(row) + 0.5) / patch) / 255
    }
    return try PNGImage(
      rows: page.height, columns: page.width, channels: 3, depth: .bits8, samples: page.samples.map(UInt16.init)
    ).encoded()
  }

  private var scoreText: String {
    let threshold = finding.label.threshold
    let score = finding.thresholdedScore.map { Self.decimal($0, digits: 3) } ?? "none"
    return "\(threshold.on.rawValue) of the study \(score), threshold \(Self.decimal(threshold.value, digits: 3))"
  }

  /// A plain decimal, independent of the locale.
  private static func decimal(_ value: Double, digits: Int) -> String {
    let unit = (0..<digits).reduce(1) { product, _ in product * 10 }
    let scaled = Int((abs(value) * Double(unit)).rounded())
    let fraction = String(scaled % unit)
    return (value < 0 ? "-" : "") + "\(scaled / unit)."
      + String(repeating: "0", count: digits - fraction.count) + fraction
  }
}
