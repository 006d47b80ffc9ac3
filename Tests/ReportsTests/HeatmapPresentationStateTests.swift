import DICOMCore
import Reports
import Testing

struct HeatmapPresentationStateTests {
  private func state(
    _ change: (inout DataSet) -> Void = { _ in }, isMonochrome1: Bool = false, frame: Int? = nil
  ) throws -> DataSet {
    let sample = ReportSamples.completeFlagged
    var dataSet = DataSet()
    change(&dataSet)
    let source = HeatmapPresentationState.Source(
      dataSet: dataSet, sopClassUID: .digitalXRayImageStorageForPresentation,
      seriesInstanceUID: .derived("test", ["1"]),
      evidence: TriageReport.Evidence(ReportSamples.image("a"), frame: frame), rows: 40, columns: 60,
      isMonochrome1: isMonochrome1)
    let picture = try #require(HeatmapPicture(label: "x", width: 2, height: 2, values: [0, 0, 255, 0]))
    return try HeatmapPresentationState(
      of: picture, title: "A finding", in: source, report: sample.report, header: sample.header
    ) { x, y in (x: 30 * x, y: 30 * y - 10) }.dataSet
  }

  @Test func `the outline is in pixels of the image and cut at its edges`() throws {
    let annotation = try #require(try state().items(.graphicAnnotationSequence).first)
    let line = try #require(annotation.items(.graphicObjectSequence).first)
    #expect(line.doubles(.graphicData) == [0, 20, 30, 20, 30, 40, 0, 40, 0, 20])
    #expect(line.integer(.numberOfGraphicPoints) == 5)
  }

  @Test func `grey values are shown as the image itself says`() throws {
    let shown = try state(
      { dataSet in
        dataSet.set(.windowCenter, .ds, strings: ["40", "300"])
        dataSet.set(.windowWidth, .ds, strings: ["400", "1500"])
        dataSet.set(.rescaleSlope, .ds, "1")
        dataSet.set(.rescaleIntercept, .ds, "-1024")
      }, isMonochrome1: true, frame: 3)
    let window = try #require(shown.items(.softcopyVOILUTSequence).first)
    #expect(window.strings(.windowCenter) == ["40"] && window.strings(.windowWidth) == ["400"])
    #expect(shown.string(.rescaleIntercept) == "-1024" && shown.string(.presentationLUTShape) == "INVERSE")
    let image = shown.items(.referencedSeriesSequence).first?.items(.referencedImageSequence).first
    #expect(image?.string(.referencedFrameNumber) == "3")
    #expect(try state().string(.presentationLUTShape) == "IDENTITY")
  }

  @Test func `tables of other than 8 or 16 bits become tables of 16`() throws {
    func table(_ bits: Int) -> DataSet {
      var item = DataSet()
      item.set(.lutDescriptor, .us, integers: [3, 0, bits])
      item.set(.lutData, .us, integers: [0, 2048, 4095])
      return item
    }
    let voi = try state { $0.set(.voilutSequence, items: [table(12)]) }
    let wide = try #require(voi.items(.softcopyVOILUTSequence).first?.items(.voilutSequence).first)
    #expect(wide.integers(.lutDescriptor) == [3, 0, 16])
    // The largest of 12 bits is the largest of 16, the middle stays in the middle.
    #expect(wide.bytes(.lutData) == [0, 0, 8, 128, 255, 255])
    let modality = try state { $0.set(.modalityLUTSequence, items: [table(12)]) }
    let kept = try #require(modality.items(.modalityLUTSequence).first)
    #expect(kept.integers(.lutDescriptor) == [3, 0, 16] && kept.bytes(.lutData) == [0, 0, 0, 8, 255, 15])
    let same = try state { $0.set(.voilutSequence, items: [table(16)]) }
    #expect(same.items(.softcopyVOILUTSequence).first?.items(.voilutSequence).first == table(16))
  }
}
