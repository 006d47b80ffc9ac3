import DICOMCore
import PixelTransforms
import Tensors
import Testing

/// Which window is used, what the tensor holds and what is recorded.
struct EncoderInputTests {
  /// A CT slice of 3 values, in Hounsfield units by its rescale.
  private func ct(type: String? = "HU", slope: String? = "1", intercept: String? = "-1024") -> DataSet {
    var dataSet = Samples.windowed(center: "30", width: "60", slope: slope, intercept: intercept)
    dataSet.set(.modality, .cs, "CT")
    if let type { dataSet.set(.rescaleType, .lo, type) }
    return dataSet
  }

  private let slice = Samples.gray([0, 1064, 2049], stored: 12)  // -1024, 40 and 1025 HU

  @Test("CT is shown in three windows at once: bone and lung, soft tissue, brain")
  func threeWindowCT() throws {
    let image = try Samples.display(slice, ct(), window: .automatic)
    #expect(image.channels == 3)
    let expected: [Double] = [
      201.0 / 2250, 0, 0, 1265.0 / 2250, 0.5, 0.5, 1, 1, 1,
    ]
    for (value, expected) in zip(image.values, expected) { #expect(abs(Double(value) - expected) < 1e-6) }
    let params = try #require(image.steps.params("voi-window"))
    #expect(params["name"] == "ct-medsiglip" && params["source"] == "named" && params["warnings"] == nil)
    #expect(params["because"] == "default for CT")
    let channels = try #require(params["channels"]?.array)
    #expect(channels.map { $0.object?["clipped_below"]?.integer } == [0, 1, 1])
    #expect(channels.map { $0.object?["clipped_above"]?.integer } == [0, 1, 1])
    #expect(channels.map { $0.object?["width"]?.number } == [2250, 350, 80])
  }

  @Test("CT whose unit is only assumed to be HU is recorded with a warning")
  func assumedUnit() throws {
    for dataSet in [ct(type: "US"), ct(type: nil, slope: nil, intercept: nil)] {
      let image = try Samples.display(slice, dataSet, window: .automatic)
      #expect(image.channels == 3)
      #expect(image.steps.flatMap(\.warnings).first?.text.hasPrefix("Hounsfield units assumed") == true)
    }
    #expect(
      try Samples.display(slice, ct(type: nil), window: .automatic).steps.params("voi-window")?["warnings"] == nil)
  }

  @Test("an 8-bit picture of CT without rescale keeps its own window, with a warning")
  func pictureOfCT() throws {
    let frame = Samples.gray([0, 30, 255], allocated: 8)
    let image = try Samples.display(frame, ct(type: nil, slope: nil, intercept: nil), window: .automatic)
    #expect(image.channels == 1)
    #expect(image.steps.params("voi-window")?["source"] == "dicom")
    #expect(image.steps.params("voi-window")?["warnings"] != nil)
  }

  @Test("other modalities are shown in the instance's own window", arguments: ["CR", "DX", "MR", ""])
  func otherModalities(modality: String) throws {
    var dataSet = Samples.windowed(center: "100", width: "200")
    dataSet.set(.modality, .cs, modality)
    let image = try Samples.display(Samples.gray([0, 50, 255]), dataSet, window: .automatic)
    #expect(image.channels == 1)
    #expect(image.steps.params("voi-window")?["source"] == "dicom")
  }

  @Test("a named window replaces the instance's own, for its modalities only")
  func namedWindow() throws {
    let lung = NamedWindow(
      name: "lung", modalities: ["CT"], unit: "HU", channels: [VOIWindow(center: -600, width: 1500)], source: "test")
    let image = try Samples.display(slice, ct(), window: .named(lung))
    #expect(image.values[0] == Float(Reference.display(-1024, VOIWindow(center: -600, width: 1500))))
    #expect(image.steps.params("voi-window")?["name"] == "lung")
    #expect(throws: PixelTransformError.windowNotForModality(window: "lung", modalities: ["CT"])) {
      try Samples.display(slice, Samples.windowed(center: "1", width: "2"), window: .named(lung))
    }
  }

  @Test("a named window that cannot be is an error")
  func malformedNamedWindow() {
    let narrow = NamedWindow(
      name: "x", modalities: ["CT"], unit: "HU", channels: [VOIWindow(center: 0, width: 0.5)], source: "test")
    #expect(throws: PixelTransformError.windowWidth(0.5, function: .linear)) {
      try Samples.display(slice, ct(), window: .named(narrow))
    }
    let two = NamedWindow(
      name: "x", modalities: ["CT"], unit: "HU", channels: [.init(center: 0, width: 2), .init(center: 0, width: 2)],
      source: "test")
    #expect(throws: PixelTransformError.windowChannelCount(window: "x", found: 2)) {
      try Samples.display(slice, ct(), window: .named(two))
    }
  }

  @Test("min-max on request leaves the instance's window aside")
  func requestedMinMax() throws {
    let image = try Samples.display(slice, ct(), window: .minMax)
    #expect(image.values == [0, Float(1064.0 / 2049), 1])
    #expect(image.steps.params("voi-min-max")?["because"] == "requested")
  }

  @Test("the tensor spans -1...1 and the digests are those of pixels and tensor")
  func tensorAndDigests() throws {
    let frame = Samples.gray((0..<64).map { $0 * 64 }, rows: 8, stored: 12)
    let input = try PixelPipeline(size: 4).encoderInput(frame: frame, attributes: DataSet())
    #expect(input.tensor.values.allSatisfy { (-1...1).contains($0) })
    #expect(input.pixelDigest == frame.pixelDigest)
    let bytes = input.tensor.values.flatMap { value in
      (0..<4).map { UInt8(truncatingIfNeeded: value.bitPattern >> UInt32(8 * $0)) }
    }
    #expect(input.tensorDigest == ContentDigest(of: bytes))
    #expect(input.steps.params("tensor")?["tensor_digest"]?.text == input.tensorDigest.description)
    #expect(input.steps.params("stored-frame")?["pixel_digest"]?.text == frame.pixelDigest.description)
    #expect(
      input.steps.map(\.step) == [
        "stored-frame", "modality-identity", "voi-min-max", "polarity", "pad-to-square", "resize", "quantise",
        "normalise", "tensor",
      ])
  }

  @Test("the same frame gives the same input")
  func deterministic() throws {
    let frame = Samples.gray((0..<900).map { Samples.noise($0, below: 4096) }, rows: 30, stored: 12)
    let first = try PixelPipeline(size: 16).encoderInput(frame: frame, attributes: ct())
    let second = try PixelPipeline(size: 16).encoderInput(frame: frame, attributes: ct())
    #expect(first == second)
  }

  @Test("without a preset the tensor keeps the frame's size and is not quantised")
  func ownSize() throws {
    let frame = Samples.gray([0, 1000, 4000, 3000, 2000, 500], rows: 2, stored: 12)
    let input = try PixelPipeline(preset: .ownSize, size: 448).encoderInput(frame: frame, attributes: DataSet())
    #expect(input.tensor.shape == [3, 2, 3])
    #expect(Array(input.tensor.values[..<6]) == [-1, -0.5, 1, 0.5, 0, -0.75])
  }
}
