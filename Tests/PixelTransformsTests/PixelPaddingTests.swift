import DICOMCore
import PixelTransforms
import Testing

/// Pixel Padding Value and Range Limit, PS3.3 C.7.5.1.1.2.
struct PixelPaddingTests {
  private func padded(_ value: Int, limit: Int? = nil, vr: VR = .us) -> DataSet {
    var dataSet = DataSet()
    dataSet.set(.pixelPaddingValue, vr, integers: [value])
    if let limit { dataSet.set(.pixelPaddingRangeLimit, vr, integers: [limit]) }
    return dataSet
  }

  @Test("padding is left out of the range, shown as the darkest value and counted")
  func leftOutOfRange() throws {
    let image = try Samples.display(Samples.gray([9999, 100, 150, 200, 9999]), padded(9999))
    #expect(image.values == [0, 0, 0.5, 1, 0])
    #expect(image.steps.params("pixel-padding")?["pixels"] == 2)
    #expect(image.steps.params("voi-min-max")?["max"]?.number == 200)
  }

  @Test("a range of padding works in either order", arguments: [(0, 10), (10, 0)])
  func range(value: Int, limit: Int) throws {
    let image = try Samples.display(Samples.gray([0, 5, 10, 11, 12, 13]), padded(value, limit: limit))
    #expect(image.values == [0, 0, 0, 0, 0.5, 1])
    #expect(image.steps.params("pixel-padding")?["range_limit"] == true)
  }

  @Test("padding of an inverted image is dark, not white")
  func inverted() throws {
    let frame = Samples.gray([0, 100, 200], interpretation: .monochrome1)
    #expect(try Samples.display(frame, padded(0)).values == [0, 1, 0])
  }

  @Test("under a window padding takes the darkest value that the image itself reaches")
  func darkestOfImage() throws {
    var dataSet = padded(0)
    dataSet.set(.windowCenter, .ds, "50.5")
    dataSet.set(.windowWidth, .ds, "101")
    let image = try Samples.display(Samples.gray([0, 25, 50, 100]), dataSet)
    #expect(image.values == [0.25, 0.25, 0.5, 1])
    #expect(image.steps.params("pixel-padding")?["shown_as"] == [0.25])
  }

  @Test("a padding value in the VR of the other signedness means the same bits")
  func otherSignedness() throws {
    let signed = try Samples.display(Samples.gray([-2000, 0, 10], signed: true), padded(63536))
    #expect(signed.steps.params("pixel-padding")?["first"] == -2000)
    #expect(signed.values == [0, 0, 1])
    let unsigned = try Samples.display(Samples.gray([65535, 0, 10]), padded(-1, vr: .ss))
    #expect(unsigned.values == [0, 0, 1])
  }

  @Test("clipping counts do not count padding")
  func notCountedAsClipped() throws {
    var dataSet = padded(0)
    dataSet.set(.windowCenter, .ds, "100.5")
    dataSet.set(.windowWidth, .ds, "101")
    let image = try Samples.display(Samples.gray([0, 0, 0, 20, 100]), dataSet)
    let channel = image.steps.params("voi-window")?["channels"]?.array?.first?.object
    #expect(channel?["clipped_below"] == 1)
  }

  @Test("a frame of padding only is black")
  func nothingElse() throws {
    let image = try Samples.display(Samples.gray([7, 7], interpretation: .monochrome1), padded(7))
    #expect(image.values == [0, 0])
  }

  @Test("a padding value that is no stored value is an error", arguments: [70000, -40000])
  func malformed(value: Int) {
    #expect(throws: PixelTransformError.malformedAttribute(.pixelPaddingValue)) {
      try Samples.display(Samples.gray([1]), padded(value, vr: .sl))
    }
  }
}
