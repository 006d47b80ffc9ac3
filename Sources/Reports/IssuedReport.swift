package import DICOMCore

/// A report that has been issued, as its successors refer to it.
package struct IssuedReport: Sendable, Equatable, Codable {
  package let sopInstanceUID: UID
  package let sopClassUID: UID
  /// Instance Number (0020,0013) in the series of all reports about the study, from 1.
  package let instanceNumber: Int

  package init(sopInstanceUID: UID, sopClassUID: UID, instanceNumber: Int) {
    self.sopInstanceUID = sopInstanceUID
    self.sopClassUID = sopClassUID
    self.instanceNumber = instanceNumber
  }

  enum CodingKeys: String, CodingKey {
    case sopInstanceUID = "sop_instance_uid"
    case sopClassUID = "sop_class_uid"
    case instanceNumber = "instance_number"
  }

  /// The item of Predecessor Documents Sequence (0040,A360); all reports about a study are in one series.
  func predecessorItem(study: UID) -> DataSet {
    var reference = DataSet()
    reference.set(.referencedSOPClassUID, sopClassUID)
    reference.set(.referencedSOPInstanceUID, sopInstanceUID)
    var series = DataSet()
    series.set(.seriesInstanceUID, ReportIdentity.seriesUID(study: study))
    series.set(.referencedSOPSequence, items: [reference])
    var item = DataSet()
    item.set(.studyInstanceUID, study)
    item.set(.referencedSeriesSequence, items: [series])
    return item
  }
}
