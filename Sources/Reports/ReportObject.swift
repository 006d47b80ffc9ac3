internal import DICOMCore

/// What the DICOM objects made from one report have in common: patient and study, equipment, dates and coding schemes.
struct ReportObject {
  let report: TriageReport
  let header: SourceHeader
  let device: ReportingDevice

  /// - Throws: What ``TriageReport/validate()`` throws, or a header of another study.
  init(_ report: TriageReport, header: SourceHeader) throws(ReportError) {
    try report.validate()
    guard let software = report.software else { throw ReportError.softwareMissing }
    guard header.studyInstanceUID == report.subject.studyInstanceUID else {
      throw ReportError.studyMismatch(expected: report.subject.studyInstanceUID, found: header.studyInstanceUID)
    }
    (self.report, self.header) = (report, header)
    device = ReportingDevice(software: software, model: report.model)
  }

  var study: UID { report.subject.studyInstanceUID }

  /// General Series (PS3.3 C.7.3.1), General and Enhanced General Equipment (C.7.5.1, C.7.5.2) and the Contributing Equipment
  /// of IHE AIR, on top of the header of the study.
  func dataSet(modality: String, series: UID, number: Int, description: String) -> DataSet {
    var dataSet = header.attributes
    dataSet.set(.modality, .cs, modality)
    dataSet.set(.seriesInstanceUID, series)
    dataSet.set(.seriesNumber, .is, String(number))
    dataSet.set(.seriesDate, .da, report.created.dicomDate)
    dataSet.set(.seriesTime, .tm, report.created.dicomTime)
    dataSet.set(.seriesDescription, .lo, description)
    describe(&dataSet)
    var equipment = DataSet()
    describe(&equipment)
    equipment.set(.deviceUID, device.uid)
    equipment.set(.purposeOfReferenceCodeSequence, items: [StandardCode.processingEquipment.dataSet])
    equipment.set(.contributionDateTime, .dt, report.created.dicomDateTime)
    equipment.set(.contributionDescription, .st, "Zero-shot scoring of the images for triage, research use only")
    dataSet.set(.contributingEquipmentSequence, items: [equipment] + header.deidentifyingEquipment)
    return dataSet
  }

  private func describe(_ item: inout DataSet) {
    item.set(.manufacturer, .lo, Product.manufacturer)
    item.set(.manufacturerModelName, .lo, Product.modelName)
    item.set(.deviceSerialNumber, .lo, device.serialNumber)
    item.set(.softwareVersions, .lo, device.version)
  }

  /// SOP Common (PS3.3 C.12.1) and the dates of the content, once everything else is there. Text is in UTF-8, whatever the
  /// images were in.
  func finish(
    _ dataSet: inout DataSet, sopClass: UID, instance: UID, instanceNumber: Int, concepts: [CodedConcept]
  ) {
    dataSet.set(.instanceNumber, .is, String(instanceNumber))
    dataSet.set(.contentDate, .da, report.created.dicomDate)
    dataSet.set(.contentTime, .tm, report.created.dicomTime)
    dataSet.set(.sopClassUID, sopClass)
    dataSet.set(.sopInstanceUID, instance)
    dataSet.set(.instanceCreationDate, .da, report.created.dicomDate)
    dataSet.set(.instanceCreationTime, .tm, report.created.dicomTime)
    if let offset = report.created.dicomOffset { dataSet.set(.timezoneOffsetFromUTC, .sh, offset) }
    let schemes = Set(concepts.map(\.scheme)).union([StandardCode.processingEquipment.scheme])
    dataSet.set(.codingSchemeIdentificationSequence, items: schemes.sorted().map { CodingScheme($0).dataSet })
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
