package import DICOMCore

/// The outline of a heatmap over the image it is of, as a Grayscale Softcopy Presentation State (PS3.3 A.33.1).
///
/// A presentation state draws on the pixels of the source image itself, which every viewer shows in place. A parametric map
/// would need a frame of reference, positions and orientations, which a radiograph does not have.
package struct HeatmapPresentationState: Sendable {
  /// The image that is drawn on.
  package struct Source: Sendable {
    package let dataSet: DataSet
    package let sopClassUID: UID
    package let seriesInstanceUID: UID
    package let evidence: TriageReport.Evidence
    package let rows: Int
    package let columns: Int
    package let isMonochrome1: Bool

    package init(
      dataSet: DataSet, sopClassUID: UID, seriesInstanceUID: UID, evidence: TriageReport.Evidence, rows: Int,
      columns: Int, isMonochrome1: Bool
    ) {
      self.dataSet = dataSet
      self.sopClassUID = sopClassUID
      self.seriesInstanceUID = seriesInstanceUID
      self.evidence = evidence
      self.rows = rows
      self.columns = columns
      self.isMonochrome1 = isMonochrome1
    }
  }

  /// The whole object without file meta information.
  package let dataSet: DataSet

  /// Relevance from which on a cell is inside the outline: half of the largest.
  package static let level: UInt8 = 128
  private static let layer = "HEATMAP"

  /// SOP Instance UID of the state of one finding's map of one image.
  package static func instanceUID(report: UID, label: String, image: TriageReport.Evidence) -> UID {
    .derived(
      "heatmap-state", [report.value, label, image.sopInstanceUID.value, image.frame.map(String.init) ?? ""])
  }

  /// - Parameters:
  ///   - report: With software name and version, whose `reportID` the UID follows from.
  ///   - title: The finding for people.
  ///   - place: From cells of the grid to pixels of the source image, both from the top left corner.
  /// - Throws: As ``StructuredReport``.
  package init(
    of picture: HeatmapPicture, title: String, in source: Source, report: TriageReport, header: SourceHeader,
    place: (Double, Double) -> (x: Double, y: Double)
  ) throws(ReportError) {
    let object = try ReportObject(report, header: header)
    var dataSet = object.dataSet(
      modality: "PR", series: .derived("heatmap-series", [object.study.value, Product.modelName]),
      number: Product.seriesNumber + 4, description: "AI heatmaps (research, not for diagnosis)")
    dataSet.set(.sopClassUID, .grayscaleSoftcopyPresentationStateStorage)
    dataSet.set(
      .sopInstanceUID, Self.instanceUID(report: report.reportID, label: picture.label, image: source.evidence))
    // Required where the part is paired, which is not known here; empty says so (Type 2C).
    dataSet.setEmpty(.laterality, .cs)
    Self.addDescription(title, report, to: &dataSet)
    Self.addImage(source, to: &dataSet)
    dataSet.set(
      .graphicAnnotationSequence,
      items: [Self.annotation(picture, title: title, source, report: report, place: place)])
    var layer = DataSet()
    layer.set(.graphicLayer, .cs, Self.layer)
    layer.set(.graphicLayerOrder, .is, "1")
    layer.set(.graphicLayerDescription, .lo, "What moved the score, not where a finding is")
    dataSet.set(.graphicLayerSequence, items: [layer])
    if !dataSet.isASCII { dataSet.set(.specificCharacterSet, .cs, "ISO_IR 192") }
    self.dataSet = dataSet
  }

  /// Presentation State Identification (C.11.10); the time is that of the report.
  private static func addDescription(_ title: String, _ report: TriageReport, to dataSet: inout DataSet) {
    dataSet.set(.instanceNumber, .is, "1")
    dataSet.set(.contentLabel, .cs, layer)
    dataSet.set(.contentDescription, .lo, String("\(title): what moved the score".prefix(64)))
    dataSet.set(.presentationCreationDate, .da, report.created.dicomDate)
    dataSet.set(.presentationCreationTime, .tm, report.created.dicomTime)
    dataSet.setEmpty(.contentCreatorName, .pn)
  }

  /// Presentation State Relationship (C.11.11), Displayed Area (C.10.4), and how grey values are shown (C.11.1, C.11.8,
  /// C.11.6): as the image itself says.
  private static func addImage(_ source: Source, to dataSet: inout DataSet) {
    var series = DataSet()
    series.set(.seriesInstanceUID, source.seriesInstanceUID)
    series.set(.referencedImageSequence, items: [reference(source)])
    dataSet.set(.referencedSeriesSequence, items: [series])
    var area = DataSet()
    area.set(.displayedAreaTopLeftHandCorner, .sl, integers: [1, 1])
    area.set(.displayedAreaBottomRightHandCorner, .sl, integers: [source.columns, source.rows])
    area.set(.presentationSizeMode, .cs, "SCALE TO FIT")
    let spacing = [Tag.pixelSpacing, .imagerPixelSpacing].map { source.dataSet.strings($0) }.first { $0.count == 2 }
    if let spacing, spacing.allSatisfy({ (Double($0) ?? 0) > 0 }) {
      area.set(.presentationPixelSpacing, .ds, strings: spacing)
    } else {
      let ratio = source.dataSet.integers(.pixelAspectRatio) ?? []
      let isValid = ratio.count == 2 && ratio.allSatisfy { $0 > 0 }
      area.set(.presentationPixelAspectRatio, .is, strings: (isValid ? ratio : [1, 1]).map(String.init))
    }
    dataSet.set(.displayedAreaSelectionSequence, items: [area])
    addGrayscale(source, to: &dataSet)
  }

  private static func addGrayscale(_ source: Source, to dataSet: inout DataSet) {
    let lookup = source.dataSet.items(.modalityLUTSequence)
    if !lookup.isEmpty, lookup.allSatisfy({ $0.contains(.lutData) }) {
      dataSet.set(.modalityLUTSequence, items: lookup.map { LookupItem.widened($0, scaling: false) })
    } else if let slope = source.dataSet.string(.rescaleSlope), let intercept = source.dataSet.string(.rescaleIntercept)
    {
      dataSet.set(.rescaleIntercept, .ds, intercept)
      dataSet.set(.rescaleSlope, .ds, slope)
      dataSet.set(.rescaleType, .lo, source.dataSet.string(.rescaleType) ?? "US")
    }
    var window = DataSet()
    let lookups = source.dataSet.items(.voilutSequence)
    if let first = lookups.first, first.contains(.lutData) {
      window.set(.voilutSequence, items: [LookupItem.widened(first, scaling: true)])
    } else if let center = source.dataSet.string(.windowCenter), let width = source.dataSet.string(.windowWidth) {
      window.set(.windowCenter, .ds, center)
      window.set(.windowWidth, .ds, width)
      if let function = source.dataSet.string(.voilutFunction) { window.set(.voilutFunction, .cs, function) }
    }
    if !window.isEmpty { dataSet.set(.softcopyVOILUTSequence, items: [window]) }
    dataSet.set(.presentationLUTShape, .cs, source.isMonochrome1 ? "INVERSE" : "IDENTITY")
  }

  private static func reference(_ source: Source) -> DataSet {
    var item = DataSet()
    item.set(.referencedSOPClassUID, source.sopClassUID)
    item.set(.referencedSOPInstanceUID, source.evidence.sopInstanceUID)
    if let frame = source.evidence.frame { item.set(.referencedFrameNumber, .is, String(frame)) }
    return item
  }

  /// Graphic Annotation (C.10.5): lines in pixels of the image, the top left corner of its first pixel being 0\0, and the caveat.
  private static func annotation(
    _ picture: HeatmapPicture, title: String, _ source: Source, report: TriageReport,
    place: (Double, Double) -> (x: Double, y: Double)
  ) -> DataSet {
    var annotation = DataSet()
    annotation.set(.referencedImageSequence, items: [reference(source)])
    annotation.set(.graphicLayer, .cs, layer)
    var text = DataSet()
    text.set(.boundingBoxAnnotationUnits, .cs, "DISPLAY")
    text.set(.unformattedTextValue, .st, "\(title). \(HeatmapPicture.caveat) \(Disclaimer.line)")
    text.set(.boundingBoxTopLeftHandCorner, .fl, floats: [0.02, 0.82])
    text.set(.boundingBoxBottomRightHandCorner, .fl, floats: [0.98, 0.98])
    text.set(.boundingBoxTextHorizontalJustification, .cs, "LEFT")
    annotation.set(.textObjectSequence, items: [text])
    let lines = picture.outlines(atLeast: level).map { line -> DataSet in
      let points = line.map { corner -> [Double] in
        let point = place(Double(corner.x), Double(corner.y))
        return [min(Double(source.columns), max(0, point.x)), min(Double(source.rows), max(0, point.y))]
      }
      var item = DataSet()
      item.set(.graphicAnnotationUnits, .cs, "PIXEL")
      item.set(.graphicDimensions, .us, integers: [2])
      item.set(.numberOfGraphicPoints, .us, integers: [points.count])
      item.set(.graphicData, .fl, floats: points.flatMap(\.self))
      item.set(.graphicType, .cs, "POLYLINE")
      item.set(.graphicFilled, .cs, "N")
      return item
    }
    if !lines.isEmpty { annotation.set(.graphicObjectSequence, items: lines) }
    return annotation
  }
}
