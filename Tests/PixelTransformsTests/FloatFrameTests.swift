import DICOMCore
import PixelTransforms
import Testing

/// Frames of floating point samples, as parametric maps have them.
struct FloatFrameTests {
  private func frame(_ samples: [Double], bits: Int = 32) -> StoredFrame {
    let bytes = samples.flatMap { sample -> [UInt8] in
      let pattern = bits == 32 ? UInt64(Float(sample).bitPattern) : sample.bitPattern
      return (0..<bits / 8).map { UInt8(truncatingIfNeeded: pattern >> UInt64(8 * $0)) }
    }
    return StoredFrame(
      format: ImageFormat(
        rows: 1, columns: samples.count, photometricInterpretation: .monochrome2, bitsAllocated: bits,
        bitsStored: bits, isSigned: true, isFloat: true), bytes: bytes)
  }

  @Test(arguments: [32, 64]) func `samples between whole numbers keep their place`(bits: Int) throws {
    let shown = try Samples.display(frame([-1.5, 0, 0.25, 2.5], bits: bits))
    #expect(shown.values == [0, 0.375, 0.4375, 1])
    #expect(shown.steps.first { $0.step == "voi-min-max" }?.params["min"] == .number(-1.5))
  }

  @Test func `a window applies to the samples after rescale`() throws {
    let dataSet = Samples.windowed(center: "2", width: "4", function: "LINEAR_EXACT", slope: "2", intercept: "1")
    #expect(try Samples.display(frame([-0.5, 0.5, 1.5]), dataSet).values == [0, 0.5, 1])
  }

  @Test func `what is not a number is out of the statistics and shown as the darkest value`() throws {
    let shown = try Samples.display(frame([.nan, 1, 3, 2, .nan]))
    #expect(shown.values == [0, 0, 1, 0.5, 0])
    let step = try #require(shown.steps.first { $0.step == "not-a-number" })
    #expect(step.params == ["pixels": 2, "shown_as": [.number(0)]])
  }

  @Test func `float padding is out of the statistics, with and without a limit`() throws {
    var dataSet = DataSet()
    dataSet.set(.floatPixelPaddingValue, .fl, floats: [-1000])
    #expect(try Samples.display(frame([-1000, 1, 2]), dataSet).values == [0, 0, 1])
    dataSet.set(.floatPixelPaddingRangeLimit, .fl, floats: [-500.5])
    #expect(try Samples.display(frame([-1000, -700, 1, 2]), dataSet).values == [0, 0, 0, 1])
    // The attribute of the other width says nothing here.
    #expect(try Samples.display(frame([-1000, 0, 1000], bits: 64), dataSet).values == [0, 0.5, 1])
  }

  @Test func `an infinite sample is an error, not a picture`() {
    #expect(throws: PixelTransformError.modalityValueNotFinite) { try Samples.display(frame([1, .infinity])) }
  }

  @Test func `the container of integers is refused by name`() {
    var dataSet = DataSet()
    dataSet.set(.modality, .cs, "CT")
    #expect(throws: PixelTransformError.self) {
      try PixelPipeline(preset: .googleContainer, size: 8).encoderInput(frame: frame([1, 2]), attributes: dataSet)
    }
  }
}
