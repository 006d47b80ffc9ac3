import DICOMCore
import Deidentification
import Testing

struct PixelCheckTests {
  @Test func `Regions with the same corners are the same region`() {
    let region = PixelRegion(column: 1, row: 2, width: 3, height: 4)
    #expect(PixelVerdict.blank([0: [region]]) == .blank([0: [PixelRegion(column: 1, row: 2, width: 3, height: 4)]]))
    #expect(PixelVerdict.blank([0: [region]]) != .blank([1: [region]]))
  }
}
