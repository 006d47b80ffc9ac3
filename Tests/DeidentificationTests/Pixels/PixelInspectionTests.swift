import DICOMCore
import Deidentification
import Testing

struct PixelInspectionTests {
  private static let empty = PixelInspection(catalog: .empty)

  private static func flat(_ rows: Int = 200, _ columns: Int = 300) -> StoredFrame {
    let format = ImageFormat(
      rows: rows, columns: columns, photometricInterpretation: .monochrome2, bitsAllocated: 8, bitsStored: 8)
    return StoredFrame(format: format, bytes: (0..<rows * columns).map { UInt8(40 + $0 % columns / 8) })
  }

  private static func named() throws -> StoredFrame {
    try #require(try BurnedText(text: "SMITH JOHN", pixels: 18).burned(into: flat(), column: 60, row: 80)).frame
  }

  private func subject(_ frames: Int, _ change: (inout DataSet) -> Void = { _ in }) -> PixelSubject {
    let base = Self.flat().subject(change)
    return PixelSubject(attributes: base.attributes, transferSyntax: base.transferSyntax, frameCount: frames)
  }

  @Test func `text in one frame of many is blanked there alone`() throws {
    let (plain, named) = (Self.flat(), try Self.named())
    let evidence = Self.empty.inspect(subject(20)) { $0 == 13 ? named : plain }
    guard case .blank(let regions) = evidence.verdict else {
      Issue.record("\(evidence.verdict)")
      return
    }
    #expect(Array(regions.keys) == [13])
    #expect(evidence.framesSearched == 20)
    #expect(evidence.mayDenyAnnotation)
  }

  @Test func `after blanking nothing is found any more`() throws {
    let named = try Self.named()
    guard case .blank(let regions) = Self.empty.verdict(on: subject(1), frame: { _ in named }) else {
      Issue.record("not found")
      return
    }
    let blanked = FrameRedaction.blank(regions[0] ?? [], in: named, with: BlankValue(for: named))
    #expect(Self.empty.verdict(on: subject(1), frame: { _ in blanked }) == .untouched)
  }

  @Test func `what cannot be decoded cannot be decided`() {
    #expect(Self.empty.verdict(on: subject(1), frame: { _ in nil }) == .undecidable("pixels-undecodable"))
  }

  @Test func `text that the object admits and nobody finds is a reason to withhold it`() {
    let admitted = subject(1) { $0.set(.burnedInAnnotation, .cs, "YES") }
    let frame = Self.flat()
    let evidence = Self.empty.inspect(admitted) { _ in frame }
    #expect(evidence.verdict == .undecidable("burned-in-annotation-not-found"))
    #expect(!evidence.mayDenyAnnotation && !evidence.mayClaimCleanPixels)
  }

  @Test func `outside the regions of ultrasound everything is blanked, unless the policy says otherwise`() {
    let ultrasound = subject(2) { attributes in
      var region = DataSet()
      for (element, value) in [(0x6018, 50), (0x601A, 20), (0x601C, 249), (0x601E, 179)] {
        region.set(Tag(0x0018, UInt16(element)), .ul, integers: [value])
      }
      attributes.set(Tag(0x0018, 0x6011), items: [region])
    }
    let frame = Self.flat()
    let expected = [
      PixelRegion(column: 0, row: 0, width: 300, height: 20), PixelRegion(column: 0, row: 20, width: 50, height: 160),
      PixelRegion(column: 250, row: 20, width: 50, height: 160),
      PixelRegion(column: 0, row: 180, width: 300, height: 20),
    ]
    #expect(Self.empty.verdict(on: ultrasound, frame: { _ in frame }) == .blank([0: expected, 1: expected]))
    var policy = PixelInspection.Policy()
    policy.blanksOutsideUltrasoundRegions = false
    let lenient = PixelInspection(catalog: .empty, policy: policy)
    #expect(lenient.verdict(on: ultrasound, frame: { _ in frame }) == .untouched)
  }

  @Test func `rules of the device hold for every frame, and withheld devices are withheld`() throws {
    let pattern = try #require(TextPattern("logiq"))
    let regions = [PixelRegion(column: 0, row: 0, width: 300, height: 30)]
    func rule(_ effect: DeviceCatalog.Rule.Effect) -> DeviceCatalog {
      DeviceCatalog(
        rules: [
          .init(
            name: "test", source: "this test",
            conditions: [.modality(["US"]), .text(.manufacturerModelName, [pattern]), .rows(200...200)], effect: effect)
        ], digests: [])
    }
    let device = subject(2) {
      $0.set(.modality, .cs, "US")
      $0.set(.manufacturerModelName, .lo, "GE Logiq 9")
    }
    let frame = Self.flat()
    let inspection = PixelInspection(catalog: rule(.regions(regions)))
    let evidence = inspection.inspect(device) { _ in frame }
    #expect(evidence.verdict == .blank([0: regions, 1: regions]))
    #expect(evidence.rules == ["test"])
    #expect(inspection.verdict(on: subject(2), frame: { _ in frame }) == .untouched)
    let withheld = PixelInspection(catalog: rule(.withheld)).verdict(on: device, frame: { _ in frame })
    #expect(withheld == .undecidable("device-withheld"))
  }
}
