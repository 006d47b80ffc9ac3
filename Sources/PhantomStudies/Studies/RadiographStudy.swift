internal import DICOMCore

/// A projection radiograph as a CR or DX object.
package enum RadiographStudy {
  /// What differs between a chest and any other body part.
  package struct Region: Sendable {
    var bodyPart: String
    var description: String
    var anatomy: CodedConcept
    var view: String

    static func chest(_ view: ChestProjection.View) -> Region {
      Region(
        bodyPart: "CHEST", description: "Chest \(view.rawValue)", anatomy: CodedConcept("816094009", "SCT", "Chest"),
        view: view.rawValue)
    }

    static let hand = Region(
      bodyPart: "HAND", description: "Hand PA", anatomy: CodedConcept("85562004", "SCT", "Hand"), view: "PA")
  }

  /// A chest radiograph in the given form.
  package static func chest(
    _ radiograph: ChestRadiograph, form: StoredForm, identity: PhantomIdentity, series: Int = 1, instance: Int = 1
  ) -> EncodedImage {
    encode(
      radiograph.signal, window: radiograph.window, spacing: radiograph.parameters.projection.pixelSpacing,
      region: .chest(radiograph.parameters.projection.view), form: form, identity: identity, series: series,
      instance: instance)
  }

  /// - Precondition: `form` is one that PS3.3 allows.
  static func encode(
    _ signal: Plane, window: DisplayWindow, spacing: Float, region: Region, form: StoredForm,
    identity: PhantomIdentity, series: Int, instance: Int
  ) -> EncodedImage {
    precondition(form.isAllowed, "a form that no such object has")
    let scale = SampleScale(form, window)
    var dataSet = identity.dataSet(description: region.description)
    dataSet.set(
      .sopClassUID, form.modality == .cr ? .computedRadiographyImageStorage : .digitalXRayImageStorageForPresentation)
    dataSet.set(.sopInstanceUID, identity.sopInstanceUID(series, instance))
    dataSet.set(.seriesInstanceUID, identity.seriesInstanceUID(series))
    dataSet.set(.seriesNumber, .is, "\(series)")
    dataSet.set(.instanceNumber, .is, "\(instance)")
    dataSet.set(.modality, .cs, form.modality.rawValue)
    addEquipment(form, to: &dataSet)
    addImage(region, spacing, to: &dataSet)
    if form.modality == .dx { addDigitalXRay(region, form, to: &dataSet) }
    RadiographEncoder.addTransforms(scale, to: &dataSet)
    return EncodedImage(
      dataSet: dataSet, frame: RadiographEncoder.frame(of: signal, scale), transferSyntax: form.transferSyntax)
  }

  /// General Equipment and the two image modules' acquisition part (C.7.5.1, C.8.1.1).
  private static func addEquipment(_ form: StoredForm, to dataSet: inout DataSet) {
    dataSet.set(.manufacturer, .lo, "Bucky")
    dataSet.set(.manufacturerModelName, .lo, "PhantomStudies")
    dataSet.set(.deviceSerialNumber, .lo, "PHANTOM")
    dataSet.set(.softwareVersions, .lo, "1")
    dataSet.set(.kvp, .ds, "110")
    if form.modality == .cr { dataSet.set(.plateID, .lo, "PHANTOM PLATE") }
  }

  private static func addImage(_ region: Region, _ spacing: Float, to dataSet: inout DataSet) {
    let pitch = RadiographEncoder.decimal(Double(spacing))
    dataSet.set(.imageType, .cs, strings: ["ORIGINAL", "PRIMARY"])
    dataSet.set(.bodyPartExamined, .cs, region.bodyPart)
    dataSet.set(.viewPosition, .cs, region.view)
    dataSet.set(.patientOrientation, .cs, strings: ["L", "F"])
    dataSet.set(.imagerPixelSpacing, .ds, strings: [pitch, pitch])
    dataSet.set(.burnedInAnnotation, .cs, "NO")
    dataSet.set(.acquisitionNumber, .is, "1")
    dataSet.set(.imageComments, .lt, "Computer-drawn phantom. No patient.")
  }

  /// DX Series, DX Anatomy Imaged, DX Image, DX Detector and DX Positioning (C.8.11.1 to C.8.11.5), Acquisition Context (C.7.6.14).
  private static func addDigitalXRay(_ region: Region, _ form: StoredForm, to dataSet: inout DataSet) {
    dataSet.set(.presentationIntentType, .cs, "FOR PRESENTATION")
    dataSet.set(.imageLaterality, .cs, region.bodyPart == "HAND" ? "L" : "U")
    dataSet.set(.anatomicRegionSequence, items: [item(region.anatomy)])
    // Codes of CID 4010.
    let isFrontToBack = region.view == "AP"
    let view =
      isFrontToBack
      ? CodedConcept("399348003", "SCT", "antero-posterior") : CodedConcept("272479007", "SCT", "postero-anterior")
    dataSet.set(.viewCodeSequence, items: [item(view)])
    dataSet.set(.positionerType, .cs, "COLUMN")
    dataSet.set(.pixelIntensityRelationship, .cs, "LOG")
    dataSet.set(.pixelIntensityRelationshipSign, .ss, integers: [form.isMonochrome1 ? 1 : -1])
    dataSet.set(.presentationLUTShape, .cs, form.isMonochrome1 ? "INVERSE" : "IDENTITY")
    dataSet.set(.lossyImageCompression, .cs, "00")
    dataSet.set(.detectorType, .cs, "DIRECT")
    dataSet.set(.acquisitionContextSequence, items: [])
  }

  private static func item(_ concept: CodedConcept) -> DataSet {
    var item = DataSet()
    item.set(.codeValue, .sh, concept.value)
    item.set(.codingSchemeDesignator, .sh, concept.scheme)
    item.set(.codeMeaning, .lo, concept.meaning)
    return item
  }
}
