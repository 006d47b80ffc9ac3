internal import DICOMCore

/// The studies of the folder `SampleStudies/`: every finding, the normal chest, many forms of storage, and what must not be scored.
package enum SampleStudies {
  package static var all: [SampleStudy] { chests + severalFindings + notScored + notUsable }

  // MARK: One finding or none

  static var chests: [SampleStudy] {
    [
      .chest(1, "01-no-finding", about: "Nothing to see.", form: form(.dx, 12)) {
        $0.projection.turn = 2
      },
      .chest(
        2, "02-right-pneumothorax", about: "A large right pneumothorax.",
        form: form(.dx, 14, isMonochrome1: true, in: .jpegLosslessSV1)
      ) {
        $0.pneumothorax = Pneumothorax(side: .right, apicalGap: 52, lateralGap: 36)
      },
      .chest(
        3, "03-left-pleural-effusion", about: "A moderate left pleural effusion.",
        form: form(.cr, 10, isMonochrome1: true, in: .implicitVRLittleEndian)
      ) {
        $0.effusions = [PleuralEffusion(side: .left, height: 78)]
        $0.anatomy.breastThickness = 24
      },
      .chest(
        4, "04-cardiomegaly", about: "A heart of 61 % of the thorax.",
        form: form(.dx, 12, voi: .lut, in: .jpegLSLossless)
      ) {
        $0.anatomy.cardiothoracicRatio = 0.61
        $0.anatomy.domeY = 76
      },
      .chest(
        5, "05-right-upper-consolidation", about: "Consolidation of the right upper zone.",
        form: form(.cr, 12, transform: .rescale(slope: 0.25, intercept: -128), in: .rleLossless)
      ) {
        $0.consolidations = [
          Consolidation(side: .right, zone: .upper, x: -70, y: -72, radius: 40, density: 0.8)
        ]
      },
      .chest(
        6, "06-left-nodule", about: "A nodule of 28 mm in the left mid zone.", form: form(.dx, 16, voi: .sigmoid)
      ) {
        $0.nodules = [LungNodule(side: .left, zone: .mid, x: 84, y: -28, radius: 14, calcification: 1)]
        $0.anatomy.breastThickness = 14
      },
      .chest(
        7, "07-tubes-and-lines", about: "ET tube, NG tube and central line, AP in bed.",
        form: form(.cr, 8, in: .jpegBaseline8Bit)
      ) {
        $0.devices = [.endotrachealTube, .nasogastricTube, .centralLine]
        inBed(&$0)
      },
      .chest(
        8, "08-no-finding-collimated", about: "Nothing to see; tilted, collimated, noisy.",
        form: form(.cr, 8, isMonochrome1: true)
      ) {
        $0.projection.tilt = 3
        $0.projection.collimation = [0.04, 0.03, 0.02, 0.05]
        $0.projection.exposure = 0.4
        $0.anatomy.gastricBubble = false
      },
    ]
  }

  // MARK: Several findings, several images

  static var severalFindings: [SampleStudy] {
    [
      .chest(
        9, "09-heart-failure-picture", about: "A large heart, fluid on both sides, a pacemaker; AP in bed.",
        form: form(.dx, 14, in: .jpegLSLossless)
      ) {
        $0.anatomy.cardiothoracicRatio = 0.63
        $0.effusions = [PleuralEffusion(side: .right, height: 64), PleuralEffusion(side: .left, height: 52)]
        $0.devices = [.pacemaker]
        inBed(&$0)
      },
      .chest(
        10, "10-left-pneumothorax-two-images", about: "A left pneumothorax after a PICC line; two images.", images: 2,
        form: form(.dx, 12, in: .jpegLosslessSV1)
      ) {
        $0.pneumothorax = Pneumothorax(side: .left, apicalGap: 34, lateralGap: 20)
        $0.devices = [.picc]
      },
      .chest(
        11, "11-consolidation-and-effusion", about: "Consolidation on the left, fluid on the right; companded samples.",
        form: form(.cr, 12, transform: .lut, in: .rleLossless)
      ) {
        $0.consolidations = [Consolidation(side: .left, zone: .mid, x: 78, y: -8, radius: 38, density: 0.85)]
        $0.effusions = [PleuralEffusion(side: .right, height: 70)]
      },
      .chest(
        12, "12-nodule-in-a-large-heart-study", about: "A nodule of 32 mm on the right, beside a large heart.",
        form: form(.cr, 15, voi: .linearExact, in: .jpegLosslessSV1)
      ) {
        $0.nodules = [LungNodule(side: .right, zone: .lower, x: -92, y: 22, radius: 16, calcification: 1)]
        $0.anatomy.cardiothoracicRatio = 0.6
      },
    ]
  }

  // MARK: Not scored

  static var notScored: [SampleStudy] {
    let child = SampleStudy.chest(
      14, "14-child", about: "A chest of a nine-year-old: below the age the pipelines cover.",
      expectation: .noAssist("policy"), age: 9, form: form(.dx, 12, in: .jpegLosslessSV1)
    ) {
      $0.projection.magnification = 0.74
      $0.projection.pixelSpacing = 0.66
      $0.anatomy.wallThickness = 20
      $0.anatomy.domeY = 62
    }
    return [thorax, child, hand]
  }

  private static var thorax: SampleStudy {
    let identity = PhantomIdentity(number: 13, sex: "M", namespace: "samples")
    let slices = ThoraxCT.slices(identity: identity, transferSyntax: .jpegLSLossless)
    return SampleStudy(
      name: "13-ct-thorax", about: "Five CT slices: a modality the chest pipelines do not cover.",
      expectation: .noAssist("unsupported-modality"),
      files: slices.enumerated().map { ("IM\($0.offset + 1).dcm", .image($0.element)) }, truth: nil, form: nil,
      identity: identity)
  }

  private static var hand: SampleStudy {
    let identity = PhantomIdentity(number: 15, sex: "F", namespace: "samples")
    let drawn = HandRadiograph.draw(seed: 4_015)
    let stored = form(.dx, 10, isMonochrome1: true, in: .jpegLSLossless)
    let image = RadiographStudy.encode(
      drawn.signal, window: drawn.window, spacing: drawn.spacing, region: .hand, form: stored, identity: identity,
      series: 1, instance: 1)
    return SampleStudy(
      name: "15-hand", about: "A hand: a body part the chest pipelines do not cover.",
      expectation: .noAssist("no-matching-series"), files: [("IM1.dcm", .image(image))], truth: nil, form: stored,
      identity: identity)
  }

  // MARK: Files that cannot be used

  static var notUsable: [SampleStudy] {
    let cut = SampleStudy.chest(16, "16-truncated", about: "A file that ends early.", form: form(.dx, 8)) { _ in }
    let mislabelled = SampleStudy.chest(
      17, "17-labelled-jpeg-2000", about: "A JPEG-LS code stream in a file that says JPEG 2000.",
      form: form(.dx, 8, in: .jpegLSLossless)
    ) { _ in }
    let note = SampleStudy(
      name: "18-note", about: "A text file beside the studies.", expectation: .skipped("not-dicom"),
      files: [("note.txt", .text("This is no DICOM file. It lies here to be skipped, with a reason.\n"))], truth: nil,
      form: nil, identity: nil)
    return [
      cut.spoiled(.quarantined("truncated")) { .truncated($0, keeping: 0.6) },
      mislabelled.spoiled(.quarantined("decode-error")) { .labelledJPEG2000($0) }, note,
    ]
  }

  // MARK: -

  private static func form(
    _ modality: StoredForm.Modality, _ bits: Int, isMonochrome1: Bool = false,
    transform: StoredForm.ModalityTransform = .identity, voi: StoredForm.VOITransform = .linear,
    in transferSyntax: UID = .explicitVRLittleEndian
  ) -> StoredForm {
    var form = StoredForm()
    form.modality = modality
    form.bitsStored = bits
    form.isMonochrome1 = isMonochrome1
    form.modalityTransform = transform
    form.voi = voi
    form.transferSyntax = transferSyntax
    return form
  }

  private static func inBed(_ parameters: inout ChestParameters) {
    parameters.projection.view = .ap
    parameters.projection.magnification = 1.05
    parameters.projection.exposure = 0.6
    parameters.projection.turn = -4
    parameters.anatomy.domeY -= 10
  }
}
