package import DICOMCore

/// Looks for text in every frame of an object: by what is known of the device, by the regions of ultrasound, and with
/// the detector, once more after blanking, until nothing is found any more (PS3.15 E.3.1).
package struct PixelInspection: PixelCheck {
  /// What may be blanked without being seen by the detector.
  package struct Policy: Sendable, Equatable {
    /// Blanks what lies outside the regions that an ultrasound object states.
    package var blanksOutsideUltrasoundRegions = true
    /// Withholds objects of which more than this share of a frame would be blanked by the detector: they are pages, not
    /// pictures.
    package var greatestTextShare = 0.4

    package init() {}
  }

  /// How often a frame is looked at again after blanking. Text that hides behind brighter text is found then.
  private static let rounds = 5

  private let catalog: DeviceCatalog
  private let policy: Policy
  private let detector = BurnedInTextDetector()

  package init(catalog: DeviceCatalog, policy: Policy = Policy()) {
    (self.catalog, self.policy) = (catalog, policy)
  }

  package func verdict(on subject: PixelSubject, frame: (Int) -> StoredFrame?) -> PixelVerdict {
    inspect(subject, frame: frame).verdict
  }

  /// The verdict and what it rests on. One frame is held at a time.
  package func inspect(_ subject: PixelSubject, frame: (Int) -> StoredFrame?) -> PixelEvidence {
    let attributes = subject.attributes
    let rules = catalog.rules(for: attributes)
    var evidence = PixelEvidence(rules: rules.map(\.name), catalogDigests: catalog.digests)
    let known = knownRegions(attributes, rules, &evidence)
    if evidence.verdict != .untouched { return evidence }
    let palette = PaletteColors(of: attributes)
    var found: [Int: [PixelRegion]] = [:]
    var doubtful: [Int: [PixelRegion]] = [:]
    for index in 0..<subject.frameCount {
      guard let source = frame(index) else { return evidence.undecidable("pixels-undecodable") }
      let result = search(source, known, palette)
      evidence.framesSearched += 1
      if let reason = result.reason { return evidence.undecidable(reason) }
      if !result.regions.isEmpty { found[index] = result.regions }
      if !result.doubtful.isEmpty { doubtful[index] = result.doubtful }
    }
    // What is doubtful in one frame is text where another frame has text.
    let everywhere = Set(found.values.joined())
    for (index, regions) in doubtful {
      found[index, default: []] += regions.filter { region in everywhere.contains { $0.overlaps(region) } }
    }
    found = found.filter { !$0.value.isEmpty }
    evidence.detected = found
    if known.isEmpty, found.isEmpty, attributes.string(.burnedInAnnotation) == "YES" {
      return evidence.undecidable("burned-in-annotation-not-found")
    }
    return evidence.decided(known: known, frameCount: subject.frameCount)
  }

  /// Regions that hold for all frames.
  private func knownRegions(
    _ attributes: DataSet, _ rules: [DeviceCatalog.Rule], _ evidence: inout PixelEvidence
  ) -> [PixelRegion] {
    if rules.contains(where: { $0.effect == .withheld }) {
      evidence = evidence.undecidable("device-withheld")
      return []
    }
    for case .regions(let regions) in rules.map(\.effect) {
      evidence.byDevice = regions
      break
    }
    if policy.blanksOutsideUltrasoundRegions, let rows = attributes.integer(.rows),
      let columns = attributes.integer(.columns),
      let regions = UltrasoundRegions.regions(of: attributes, rows: rows, columns: columns)
    {
      evidence.outsideUltrasound = UltrasoundRegions.complement(of: regions, rows: rows, columns: columns)
    }
    return evidence.byDevice + evidence.outsideUltrasound
  }

  private struct Search {
    var regions: [PixelRegion] = []
    var doubtful: [PixelRegion] = []
    var reason: String?
  }

  private func search(_ source: StoredFrame, _ known: [PixelRegion], _ palette: PaletteColors?) -> Search {
    var result = Search()
    // Found in a pass over the whole frame, and of no use for most.
    lazy var value = BlankValue(for: source, palette: palette)
    var frame = known.isEmpty ? source : FrameRedaction.blank(known, in: source, with: value)
    for _ in 0..<Self.rounds {
      let seen = detector.lines(in: frame, palette: palette)
      if seen.isIncomplete { result.reason = "pixels-too-cluttered" }
      let certain = seen.lines.filter(\.isCertain)
      let near = seen.lines.filter { line in !line.isCertain && certain.contains { $0.isNear(line) } }
      result.doubtful += seen.lines.filter { !$0.isCertain }.map { $0.area(in: source.format) }
      guard !certain.isEmpty else { return result }
      let areas = PixelRegion.outermost((certain + near).map { $0.area(in: source.format) })
      result.regions = PixelRegion.outermost(result.regions + areas)
      let share = Double(PixelRegion.coverage(result.regions, source.format))
      guard share <= policy.greatestTextShare * Double(source.format.rows * source.format.columns) else {
        result.reason = "pixels-mostly-text"
        return result
      }
      frame = FrameRedaction.blank(areas, in: frame, with: value)
    }
    result.reason = "text-remains"
    return result
  }
}

/// What the pixel check of one object rests on; holds no value of the source.
package struct PixelEvidence: Sendable, Equatable {
  package internal(set) var verdict = PixelVerdict.untouched
  /// The rules of the device catalogue that held, by name.
  package let rules: [String]
  package let catalogDigests: [ContentDigest]
  /// Regions of the device's rule, in every frame.
  package internal(set) var byDevice: [PixelRegion] = []
  /// Outside the regions of ultrasound, in every frame.
  package internal(set) var outsideUltrasound: [PixelRegion] = []
  /// What the detector found, by frame from 0.
  package internal(set) var detected: [Int: [PixelRegion]] = [:]
  /// Frames that the detector looked at until it found nothing more.
  package internal(set) var framesSearched = 0

  init(rules: [String], catalogDigests: [ContentDigest]) {
    (self.rules, self.catalogDigests) = (rules, catalogDigests)
  }

  /// Burned In Annotation (0028,0301) may say NO: every frame was searched, as it will be after blanking.
  package var mayDenyAnnotation: Bool {
    if case .undecidable = verdict { return false }
    return framesSearched > 0
  }

  /// The code of the Clean Pixel Data Option, 113101, may be claimed: frames were checked and what was found is blanked.
  package var mayClaimCleanPixels: Bool { mayDenyAnnotation }

  func undecidable(_ reason: String) -> PixelEvidence {
    var result = self
    result.verdict = .undecidable(reason)
    return result
  }

  func decided(known: [PixelRegion], frameCount: Int) -> PixelEvidence {
    var result = self
    var regions: [Int: [PixelRegion]] = detected
    if !known.isEmpty {
      for index in 0..<frameCount { regions[index, default: []] += known }
    }
    result.verdict = regions.isEmpty ? .untouched : .blank(regions.mapValues(PixelRegion.outermost))
    return result
  }
}
