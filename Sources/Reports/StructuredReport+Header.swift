internal import DICOMCore

extension StructuredReport {
  /// The attributes of the Comprehensive 3D SR IOD (PS3.3 A.35.13) around the content tree.
  static func dataSet(
    report: TriageReport, header: SourceHeader, content: ContentItem, references: ReferencedImages,
    device: ReportingDevice
  ) -> DataSet {
    var dataSet = header.attributes
    addSeries(of: report, to: &dataSet)
    addEquipment(device, date: report.created, to: &dataSet)
    addDocument(of: report, references: references, to: &dataSet)
    let root = content.dataSet
    for tag in root.tags { dataSet[tag] = root[tag] }
    addCommon(of: report, concepts: content.concepts, to: &dataSet)
    return dataSet
  }

  /// SR Document Series (PS3.3 C.17.1).
  private static func addSeries(of report: TriageReport, to dataSet: inout DataSet) {
    dataSet.set(.modality, .cs, "SR")
    dataSet.set(.seriesInstanceUID, ReportIdentity.seriesUID(study: report.subject.studyInstanceUID))
    dataSet.set(.seriesNumber, .is, String(Product.seriesNumber))
    dataSet.set(.seriesDate, .da, report.created.dicomDate)
    dataSet.set(.seriesTime, .tm, report.created.dicomTime)
    dataSet.set(.seriesDescription, .lo, Product.seriesDescription)
    dataSet.setEmpty(.referencedPerformedProcedureStepSequence, .sq)
  }

  /// General and Enhanced General Equipment (PS3.3 C.7.5.1, C.7.5.2) and the Contributing Equipment of IHE AIR.
  private static func addEquipment(_ device: ReportingDevice, date: ReportDate, to dataSet: inout DataSet) {
    func describe(_ item: inout DataSet) {
      item.set(.manufacturer, .lo, Product.manufacturer)
      item.set(.manufacturerModelName, .lo, Product.modelName)
      item.set(.deviceSerialNumber, .lo, device.serialNumber)
      item.set(.softwareVersions, .lo, device.version)
    }
    describe(&dataSet)
    var equipment = DataSet()
    describe(&equipment)
    equipment.set(.deviceUID, device.uid)
    equipment.set(.purposeOfReferenceCodeSequence, items: [StandardCode.processingEquipment.dataSet])
    equipment.set(.contributionDateTime, .dt, date.dicomDateTime)
    equipment.set(.contributionDescription, .st, "Zero-shot scoring of the images for triage, research use only")
    dataSet.set(.contributingEquipmentSequence, items: [equipment])
  }

  /// SR Document General (PS3.3 C.17.2).
  private static func addDocument(
    of report: TriageReport, references: ReferencedImages, to dataSet: inout DataSet
  ) {
    dataSet.set(.instanceNumber, .is, "1")
    switch report.status {
    case .complete, .noAssist: dataSet.set(.completionFlag, .cs, "COMPLETE")
    case .partial:
      dataSet.set(.completionFlag, .cs, "PARTIAL")
      dataSet.set(.completionFlagDescription, .lo, "Not every image could be scored")
    case .failed:
      dataSet.set(.completionFlag, .cs, "PARTIAL")
      dataSet.set(.completionFlagDescription, .lo, "No image could be scored")
    }
    dataSet.set(.verificationFlag, .cs, "UNVERIFIED")
    dataSet.set(.preliminaryFlag, .cs, "PRELIMINARY")
    dataSet.set(.contentDate, .da, report.created.dicomDate)
    dataSet.set(.contentTime, .tm, report.created.dicomTime)
    dataSet.setEmpty(.performedProcedureCodeSequence, .sq)
    let evidence = references.evidence(study: report.subject.studyInstanceUID)
    if !evidence.isEmpty { dataSet.set(.currentRequestedProcedureEvidenceSequence, items: evidence) }
  }

  /// SOP Common (PS3.3 C.12.1).
  private static func addCommon(of report: TriageReport, concepts: [CodedConcept], to dataSet: inout DataSet) {
    dataSet.set(.sopClassUID, .comprehensive3DSRStorage)
    dataSet.set(.sopInstanceUID, report.reportID)
    dataSet.set(.instanceCreationDate, .da, report.created.dicomDate)
    dataSet.set(.instanceCreationTime, .tm, report.created.dicomTime)
    if let offset = report.created.dicomOffset { dataSet.set(.timezoneOffsetFromUTC, .sh, offset) }
    let schemes = Set(concepts.map(\.scheme)).union([StandardCode.processingEquipment.scheme])
    dataSet.set(
      .codingSchemeIdentificationSequence, items: schemes.sorted().map { CodingScheme($0).dataSet })
    if !dataSet.isASCII { dataSet.set(.specificCharacterSet, .cs, "ISO_IR 192") }
  }
}

extension DataSet {
  /// Whether every text in the data set, sequences included, needs no Specific Character Set (0008,0005).
  var isASCII: Bool {
    tags.allSatisfy { tag in
      switch self[tag]?.value {
      case .strings(let texts)?: texts.allSatisfy { $0.utf8.allSatisfy { $0 < 0x80 } }
      case .items(let items)?: items.allSatisfy(\.isASCII)
      default: true
      }
    }
  }
}
