internal import DICOMCore
internal import Drawing
internal import Findings
internal import PipelineDefinitions
internal import SigLIP

/// Which scores of a run are explained, and how: known before the first image is encoded.
struct HeatmapPlan: Sendable {
  let options: HeatmapOptions
  /// Whether maps are drawn over the image, which shows the patient.
  let drawsPictures: Bool
  /// In the order of the label set.
  let labels: [LabelSet.Label]
  /// What each finding's images are held against; see ``ZeroShotScorer/contrasts(emptyPrompt:)``.
  let directions: [[Float]]
  let layers: [Int]
  /// Of the vision tower.
  let layerCount: Int
  /// Of the model: pixels of a patch, and patches along a side.
  let patchSize: Int
  let gridSize: Int
  private let aggregation: StudyAggregation
  /// Of everything that a map depends on beside image and model, by finding.
  private let keys: [ContentDigest]

  /// Maps for one finding at most: the images that its score rests on most.
  static let mapsPerFinding = 4

  /// - Returns: `nil` where the pipeline wants no heatmaps.
  /// - Throws: ``BatchError/configuration(_:)`` when the font is missing, or what is wrong with the prompts.
  init?(
    _ configuration: TriageConfiguration, scorer: ZeroShotScorer, emptyPrompt: [Float]?, drawsPictures: Bool
  ) throws {
    let (pipeline, model) = (configuration.pipeline, configuration.model)
    guard pipeline.reports.heatmaps.scope != .off else { return nil }
    do {
      _ = try Typeface(pixels: 12)
    } catch {
      throw BatchError.configuration("heatmaps need a font: \(error)")
    }
    options = pipeline.reports.heatmaps
    self.drawsPictures = drawsPictures
    labels = pipeline.labelSet.findings
    aggregation = pipeline.aggregation
    directions = try scorer.contrasts(emptyPrompt: emptyPrompt)
    layers = model.relevanceLayers
    layerCount = model.configuration.vision.encoder.layerCount
    patchSize = model.configuration.vision.patchSize
    gridSize = model.gridSize
    let method = "\(PatchRelevance.method) \(layers)"
    keys = directions.map { direction in
      ContentDigest(ofText: "\(method) \(direction.map { String($0.bitPattern) }.joined(separator: " "))")
    }
  }

  /// The findings of an image with these scores that may need a map, by index.
  ///
  /// A study is flagged for a finding because of images whose own scores reach the threshold, but where scores are combined as
  /// noisy-or, which may lift many that do not.
  func wanted(_ scores: [FindingScores]) -> [Int] {
    labels.indices.filter { index in
      if options.scope == .all || aggregation == .noisyOr { return true }
      let threshold = labels[index].threshold
      return scores[index].value(of: threshold.on).map { $0 >= threshold.value } ?? false
    }
  }

  func key(_ finding: Int) -> ContentDigest { keys[finding] }

  /// Whether a study's finding gets maps.
  func covers(_ finding: StudyFinding) -> Bool { options.scope == .all || finding.flag == true }
}
