internal import DICOMCore

/// One study of `SampleStudies/`, with what triage should make of it.
package struct SampleStudy: Sendable {
  /// What a file holds.
  package enum Content: Sendable {
    case image(EncodedImage)
    /// A file cut off after this share of its bytes.
    case truncated(EncodedImage, keeping: Double)
    /// A JPEG-LS file that says it is JPEG 2000.
    case labelledJPEG2000(EncodedImage)
    case text(String)
  }

  /// What triage should make of the study.
  package enum Expectation: Sendable, Equatable {
    case scored
    /// A code of the report's `no_assist`.
    case noAssist(String)
    /// A reason of a quarantined file.
    case quarantined(String)
    /// A reason of a skipped file.
    case skipped(String)

    package var text: String {
      switch self {
      case .scored: "scored"
      case .noAssist(let code): "no-assist:\(code)"
      case .quarantined(let reason): "quarantined:\(reason)"
      case .skipped(let reason): "skipped:\(reason)"
      }
    }
  }

  /// The directory below `studies/`.
  package let name: String
  /// One sentence for the table in the README.
  package let about: String
  package let expectation: Expectation
  /// Files in the order in which they are written.
  package let files: [(name: String, content: Content)]
  /// For chest radiographs.
  package let truth: GroundTruth?
  package let form: StoredForm?
  package let identity: PhantomIdentity?

  /// Columns of ``row``.
  package static let columns =
    ["study", "files", "study_instance_uid", "expected"] + StoredForm.columns + GroundTruth.columns

  /// The study's line in `ground-truth.csv`; empty fields where a column does not apply.
  package var row: [String] {
    [name, String(files.count), identity?.studyInstanceUID.value ?? "", expectation.text]
      + (form?.fields ?? StoredForm.columns.map { _ in "" }) + (truth?.fields ?? GroundTruth.columns.map { _ in "" })
  }
}

extension SampleStudy {
  /// A chest radiograph whose first image has seed `number`; `images` of them differ in noise and position.
  static func chest(
    _ number: Int, _ name: String, about: String, expectation: Expectation = .scored, images: Int = 1, age: Int? = nil,
    form: StoredForm, _ change: (inout ChestParameters) -> Void
  ) -> SampleStudy {
    var parameters = ChestParameters()
    parameters.seed = UInt64(4_000 + number)
    parameters.projection.rows = 480
    parameters.projection.columns = 460
    parameters.projection.pixelSpacing = 0.86
    change(&parameters)
    let sex = parameters.anatomy.breastThickness > 0 ? "F" : "M"
    let identity = PhantomIdentity(number: number, sex: sex, age: age, namespace: "samples")
    let files = (1...images).map { instance -> (name: String, content: Content) in
      var repeated = parameters
      if instance > 1 {
        repeated.projection.centerX += 6
        repeated.projection.tilt += 1.5
        repeated.seed += 500
      }
      let image = RadiographStudy.chest(
        ChestRadiograph(repeated), form: form, identity: identity, instance: instance)
      return ("IM\(instance).dcm", .image(image))
    }
    return SampleStudy(
      name: name, about: about, expectation: expectation, files: files, truth: GroundTruth(parameters), form: form,
      identity: identity)
  }

  /// The same study with its files changed, and another outcome.
  func spoiled(_ expectation: Expectation, _ change: (EncodedImage) -> Content) -> SampleStudy {
    let changed = files.map { file -> (name: String, content: Content) in
      guard case .image(let image) = file.content else { return file }
      return (file.name, change(image))
    }
    return SampleStudy(
      name: name, about: about, expectation: expectation, files: changed, truth: truth, form: form, identity: identity)
  }
}
