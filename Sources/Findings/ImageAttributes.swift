internal import DICOMCore

/// What the selection rules ask of an image, read tolerantly from its data set.
struct ImageAttributes {
  let isImage: Bool
  let modality: String?
  let sopClass: UID?
  let bodyPart: String?
  let anatomicRegions: [(value: String, scheme: String)]
  let ageInYears: Double?
  let isQualityControl: Bool
  let isLocalizer: Bool
  let hasBurnedInAnnotation: Bool
  let isForProcessing: Bool
  let isLateral: Bool
  /// Image Type (0008,0008), in capitals.
  let imageType: [String]
  let seriesDescription: String?
  let viewPosition: String?
  let viewCodes: [(value: String, scheme: String)]
  /// `L`, `R`, `U` or `B`.
  let laterality: String?

  init(of dataSet: DataSet) {
    func keyword(_ tag: Tag) -> String? { dataSet.string(tag).map { $0.trimmingPadding().uppercased() } }
    isImage = (dataSet.integer(.rows) ?? 0) > 0 && (dataSet.integer(.columns) ?? 0) > 0
    modality = keyword(.modality)
    sopClass = dataSet.uid(.sopClassUID)
    bodyPart = dataSet.string(.bodyPartExamined).map(Self.comparable).flatMap { $0.isEmpty ? nil : $0 }
    anatomicRegions = Self.codes(dataSet.items(.anatomicRegionSequence))
    ageInYears = PatientAge.years(of: dataSet)
    isQualityControl = keyword(.qualityControlImage) == "YES"
    imageType = dataSet.strings(.imageType).map { $0.trimmingPadding().uppercased() }
    isLocalizer = imageType.count > 2 && imageType[2] == "LOCALIZER"
    hasBurnedInAnnotation = keyword(.burnedInAnnotation) == "YES"
    isForProcessing =
      keyword(.presentationIntentType) == "FOR PROCESSING" || sopClass == .digitalXRayImageStorageForProcessing
    seriesDescription = dataSet.string(.seriesDescription)
    viewPosition = keyword(.viewPosition)
    viewCodes = Self.codes(dataSet.items(.viewCodeSequence))
    laterality = keyword(.imageLaterality) ?? keyword(.laterality)
    isLateral = Self.isLateral(viewPosition, viewCodes)
  }

  /// Upper case, letters and digits only: `Chest_to-abdomen` and `CHEST TO ABDOMEN` are the same body part.
  static func comparable(_ bodyPart: String) -> String {
    String(bodyPart.uppercased().filter { $0.isLetter || $0.isNumber })
  }

  private static func codes(_ items: [DataSet]) -> [(value: String, scheme: String)] {
    items.compactMap { item in
      guard let value = item.string(.codeValue), let scheme = item.string(.codingSchemeDesignator) else { return nil }
      return (value.trimmingPadding(), scheme.trimmingPadding())
    }
  }

  /// The View Codes of PS3.16 CID 4010 that are lateral, and those of the retired SNOMED-RT codes of the same views.
  private static let lateralViewCodes: Set<String> = [
    "399067008", "399198007", "399173006", "399260004", "399352003", "R-102CD", "R-10232", "R-10236", "R-10224",
    "R-10228",
  ]

  /// View Position (0018,5101): `LL` and `RL` are the standard's lateral views, the others what devices write.
  private static let lateralViewPositions: Set<String> = [
    "LL", "RL", "LAT", "LATERAL", "LLAT", "RLAT", "LEFT LATERAL", "RIGHT LATERAL", "L LAT", "R LAT",
  ]

  private static func isLateral(_ position: String?, _ codes: [(value: String, scheme: String)]) -> Bool {
    if codes.contains(where: { lateralViewCodes.contains($0.value) }) { return true }
    return position.map(lateralViewPositions.contains) ?? false
  }
}
