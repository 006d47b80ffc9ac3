internal import DICOMCore
internal import DICOMFiles
internal import Deidentification

/// What is done about the pixels of an object, and the transfer syntax that follows from it.
struct PixelDecision {
  private(set) var transferSyntax: UID
  /// The policy wants clean pixels, every frame was checked, and what was found is blank; `nil` where there are no pixels.
  private(set) var areClean: Bool?
  /// For the audit.
  private(set) var word = "none"
  /// Elements that take the place of those with their tags.
  private(set) var replaced: [RawElement] = []
  /// Of native Pixel Data that passes through: what lies outside of its samples is cleared on the way.
  private(set) var samples: NativeSamples?

  /// - Throws: ``Doubt`` or ``PixelCleaning/Undecided`` for pixels that nobody can answer for, ``DICOMFileError``.
  init(of source: ElementFile, _ object: SourceObject, _ request: DeidentifyRequest) throws {
    let dataSet = source.dataSet
    guard TransferSyntax.name(source.transferSyntax) != nil else { throw Doubt.unsupportedTransferSyntax }
    // PS3.4 B.5: PDF, CDA, STL, OBJ, MTL.
    if object.sopClass.value.hasPrefix("1.2.840.10008.5.1.4.1.1.104."),
      request.policy.encapsulatedDocuments == .quarantine
    {
      throw Doubt.encapsulatedDocument
    }
    transferSyntax = .explicitVRLittleEndian
    guard let pixelData = dataSet.elements.last(where: { Self.pixelTags.contains($0.tag) }) else { return }
    if case .fragments = pixelData.value { transferSyntax = source.transferSyntax }
    if request.policy.options.contains(.cleanRecognizableVisualFeatures), Self.mayShowFace(dataSet, object.modality) {
      throw Doubt.recognizableFeatures
    }
    let cleaning = PixelCleaning(
      source: source, image: try DecodedObject(source, object.path, request.decoder), pixelData: pixelData)
    try decide(request.pixelCheck, cleaning, mayBlank: request.policy.options.contains(.cleanPixelData))
  }

  /// - Parameter mayBlank: Whether the policy wants clean pixels. Without that the pixels are to stay as they are, and an object
  ///   that shows text cannot be said to tell nobody's identity.
  private mutating func decide(_ check: any PixelCheck, _ cleaning: PixelCleaning, mayBlank: Bool) throws {
    let image = cleaning.image
    let subject = PixelSubject(
      attributes: image.attributes, transferSyntax: cleaning.source.transferSyntax, frameCount: image.frameCount)
    switch check.verdict(on: subject, frame: { try? image.frame($0) }) {
    case .undecidable(let reason): throw PixelCleaning.Undecided(reason: reason)
    case .untouched:
      try clean(cleaning)
      word = hasOtherStreams ? "no text, code streams cleaned" : "no text"
    case .blank(let regions):
      guard mayBlank else { throw Doubt.burnedInText }
      (transferSyntax, replaced) = try cleaning.blanked(regions)
      word = "blanked " + Self.description(regions)
    }
    areClean = mayBlank
  }

  private var hasOtherStreams: Bool {
    replaced.contains { if case .fragments = $0.value { true } else { false } }
  }

  /// What is no sample goes.
  private mutating func clean(_ cleaning: PixelCleaning) throws {
    replaced = try cleaning.cleanedStreams() ?? []
    if case .stored(let stored) = cleaning.pixelData.value, cleaning.pixelData.tag == .pixelData {
      // Of words in the other order the last one is not cut in two before its bytes have changed places.
      let bytes = (NativeHygiene.frameBits(cleaning.image.format) * cleaning.image.frameCount + 7) / 8
      guard bytes % stored.swap == 0 else {
        replaced = try cleaning.blanked([:]).elements
        return
      }
      samples = NativeSamples(format: cleaning.image.format, frameCount: cleaning.image.frameCount, stored)
    }
  }

  /// Frames from 1 with their rectangles: column, row, width, height.
  private static func description(_ regions: [Int: [PixelRegion]]) -> String {
    regions.sorted { $0.key < $1.key }.map { frame, areas in
      "\(frame + 1):" + areas.map { " \($0.column),\($0.row),\($0.width),\($0.height)" }.joined()
    }.joined(separator: "; ")
  }

  /// `dataSet`, planned and applied, with what takes the place of its pixels.
  func applied(to dataSet: RawDataSet) -> RawDataSet {
    guard !replaced.isEmpty else { return dataSet }
    var gone = Set(replaced.map(\.tag))
    // Tables of places in code streams that are others now.
    if gone.contains(.pixelData) { gone.formUnion([.extendedOffsetTable, Tag(0x7FE0, 0x0002)]) }
    return RawDataSet(dataSet.elements.filter { !gone.contains($0.tag) } + replaced)
  }

  private static let pixelTags: Set<Tag> = [.pixelData, .floatPixelData, .doubleFloatPixelData]

  /// Volumes and photographs that may be of a head.
  private static func mayShowFace(_ dataSet: RawDataSet, _ modality: String) -> Bool {
    guard ["CT", "MR", "PT", "NM", "XC", "OP", "DOC", "ES"].contains(modality) else { return false }
    let others: Set<String> = [
      "CHEST", "ABDOMEN", "PELVIS", "KNEE", "HIP", "SHOULDER", "ANKLE", "FOOT", "HAND", "WRIST", "ELBOW", "LSPINE",
      "TSPINE", "HEART", "LIVER", "KIDNEY", "PROSTATE", "BREAST", "LUNG", "FEMUR", "LEG", "ARM", "THIGH",
    ]
    return !others.contains(dataSet.text(.bodyPartExamined) ?? "")
  }
}
