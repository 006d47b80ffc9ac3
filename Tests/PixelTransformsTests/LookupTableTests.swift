import DICOMCore
import PixelTransforms
import Testing

/// Modality LUT (PS3.3 C.11.1) and VOI LUT (C.11.2.1.1) Sequences.
struct LookupTableTests {
  private func modality(_ item: DataSet) -> DataSet {
    var dataSet = DataSet()
    dataSet.set(.modalityLUTSequence, items: [item])
    return dataSet
  }

  private func voi(_ item: DataSet, center: String? = nil) -> DataSet {
    var dataSet = center.map { Samples.windowed(center: $0, width: "100") } ?? DataSet()
    dataSet.set(.voilutSequence, items: [item])
    return dataSet
  }

  @Test("a Modality LUT maps from its first value, and clamps below and above")
  func modalityLUT() throws {
    let dataSet = modality(Samples.lookup([3, 10, 16], [100, 400, 500]))
    let image = try Samples.display(Samples.gray([0, 10, 11, 12, 13, 65535]), dataSet)
    #expect(image.values == [0, 0, 0.75, 1, 1, 1])
    #expect(image.steps.params("modality-lut")?["first_mapped"] == 10)
    #expect(image.steps.params("modality-lut")?["entries"] == 3)
  }

  @Test("a signed frame has a signed first value, whichever VR the descriptor came with", arguments: [-3, 65533])
  func signedFirstValue(written: Int) throws {
    let item = Samples.lookup([5, written, 12], [0, 10, 20, 30, 40], vr: written < 0 ? .ss : .us)
    let image = try Samples.display(Samples.gray([-5, -3, -2, 0, 1, 9], signed: true), modality(item))
    #expect(image.values == [0, 0, 0.25, 0.75, 1, 1])
  }

  @Test("zero entries mean 65,536, in words or in bytes", arguments: [false, true])
  func zeroMeans65536(inBytes: Bool) throws {
    var item = DataSet()
    item.set(.lutDescriptor, .us, integers: [0, 0, 16])
    let entries = (0..<65536).map { 65535 - $0 }
    if inBytes {
      item.set(.lutData, .ow, bytes: entries.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] })
    } else {
      item.set(.lutData, .us, integers: entries)
    }
    let image = try Samples.display(Samples.gray([0, 65535, 32767]), voi(item))
    #expect(image.values == [1, 0, Float(32768.0 / 65535)])
  }

  @Test("8-bit entries come two to a word or one to a word")
  func byteEntries() throws {
    let packed = Samples.lookup([4, 0, 8], [0x3300, 0xFF66])
    let spread = Samples.lookup([4, 0, 8], [0x00, 0x33, 0x66, 0xFF])
    let expected: [Float] = [0, 0.2, 0.4, 1]
    #expect(try Samples.display(Samples.gray([0, 1, 2, 3]), voi(packed)).values == expected)
    #expect(try Samples.display(Samples.gray([0, 1, 2, 3]), voi(spread)).values == expected)
  }

  @Test("a VOI LUT is used instead of a window when both are there, and the record says so")
  func lookupOverWindow() throws {
    let item = Samples.lookup([3, 0, 10], [0, 1023, 512])
    let image = try Samples.display(Samples.gray([0, 1, 2, 7]), voi(item, center: "50"))
    #expect(image.values == [0, 1, Float(512.0 / 1023), Float(512.0 / 1023)])
    let params = try #require(image.steps.params("voi-lut"))
    #expect(params["window_ignored"] == true && params["source"] == "dicom" && params["bits"] == 10)
    #expect(params["channels"]?.array?.first?.object?["clipped_above"] == 1)
  }

  @Test("a VOI LUT takes modality values, the nearest entry for fractions, signed when they may be negative")
  func lookupAfterRescale() throws {
    var dataSet = voi(Samples.lookup([5, 65534, 16], [0, 1, 2, 3, 65535]))
    dataSet.set(.rescaleSlope, .ds, "0.5")
    dataSet.set(.rescaleIntercept, .ds, "-2.1")
    // Modality values -2.1, -1.6, -1.1, -0.6, 1.9; nearest entries -2, -2, -1, -1, 2.
    let image = try Samples.display(Samples.gray([0, 1, 2, 3, 8]), dataSet)
    #expect(image.values.map { ($0 * 65535).rounded() } == [0, 0, 1, 1, 65535])
  }

  @Test("an unsigned first value of 32,768 and above stays unsigned for unsigned input")
  func largeUnsignedFirstValue() throws {
    let dataSet = voi(Samples.lookup([2, 40000, 8], [0, 255]))
    #expect(try Samples.display(Samples.gray([39999, 40000, 40001]), dataSet).values == [0, 0, 1])
  }

  @Test("a rescale beside a Modality LUT is not applied twice")
  func lookupOverRescale() throws {
    var dataSet = modality(Samples.lookup([2, 0, 16], [5, 10]))
    dataSet.set(.rescaleSlope, .ds, "100")
    let image = try Samples.display(Samples.gray([0, 1]), dataSet)
    #expect(image.steps.params("voi-min-max")?["max"] == .number(10))
    #expect(image.steps.params("modality-rescale") == nil)
  }

  @Test("a Modality LUT of a logarithmic angiogram is left out, as the standard says")
  func logarithmicAngiogram() throws {
    var dataSet = modality(Samples.lookup([2, 0, 16], [10, 5]))
    dataSet.set(.sopClassUID, .xRayAngiographicImageStorage)
    dataSet.set(.pixelIntensityRelationship, .cs, "LOG")
    let image = try Samples.display(Samples.gray([0, 1]), dataSet)
    #expect(image.values == [0, 1])
    #expect(image.steps.params("modality-identity")?["not_applied"] != nil)
  }

  struct Hostile: Sendable {
    let descriptor: [Int]
    let entries: [Int]
    let error: PixelTransformError
  }

  static let hostile = [
    Hostile(descriptor: [], entries: [1], error: .malformedLUTDescriptor(.lutDescriptor)),
    Hostile(descriptor: [4, 0], entries: [1], error: .malformedLUTDescriptor(.lutDescriptor)),
    Hostile(descriptor: [4, 0, 0], entries: [1, 2, 3, 4], error: .malformedLUTDescriptor(.lutDescriptor)),
    Hostile(descriptor: [4, 0, 17], entries: [1, 2, 3, 4], error: .malformedLUTDescriptor(.lutDescriptor)),
    Hostile(descriptor: [4, .max, 16], entries: [1, 2, 3, 4], error: .malformedLUTDescriptor(.lutDescriptor)),
    Hostile(descriptor: [4, 0, 16], entries: [1, 2, 3], error: .shortLUTData(.lutData, expected: 4, found: 3)),
    Hostile(descriptor: [4, 0, 16], entries: [], error: .shortLUTData(.lutData, expected: 4, found: 0)),
    Hostile(descriptor: [0, 0, 16], entries: [1], error: .shortLUTData(.lutData, expected: 65536, found: 1)),
    Hostile(descriptor: [4, 0, 8], entries: [1], error: .shortLUTData(.lutData, expected: 4, found: 2)),
  ]

  @Test(
    "a Modality LUT that contradicts its descriptor is an error: nothing says what the values mean", arguments: hostile)
  func hostileModalityTables(_ table: Hostile) {
    let item = Samples.lookup(table.descriptor, table.entries)
    #expect(throws: table.error) { try Samples.display(Samples.gray([0, 1]), modality(item)) }
  }

  @Test("a VOI LUT that contradicts its descriptor gives way to the window, or to the range", arguments: hostile)
  func hostileVOITables(_ table: Hostile) throws {
    let item = Samples.lookup(table.descriptor, table.entries)
    let alone = try Samples.display(Samples.gray([0, 1, 2]), voi(item))
    #expect(alone.values == [0, 0.5, 1])
    #expect(alone.steps.params("voi-min-max")?["because"] == .string("VOI LUT not used: \(table.error)"))
    #expect(alone.steps.flatMap(\.warnings).map(\.code) == [.voiLUTUnusable])
    let windowed = try Samples.display(Samples.gray([0, 50, 200]), voi(item, center: "50"))
    #expect(windowed.values == [0, Float(0.5 / 99 + 0.5), 1])
    #expect(windowed.steps.params("voi-window")?["source"] == "dicom")
    #expect(windowed.steps.flatMap(\.warnings).map(\.code) == [.voiLUTUnusable])
    #expect(throws: table.error) {
      try Samples.display(Samples.gray([0, 1]), voi(item, center: "50"), window: .fileWindow(.lookup(1)))
    }
  }

  @Test("a table without descriptor or data names what is missing")
  func missingParts() {
    var item = DataSet()
    #expect(throws: PixelTransformError.missingAttribute(.lutDescriptor)) {
      try Samples.display(Samples.gray([0]), modality(item))
    }
    item.set(.lutDescriptor, .us, integers: [1, 0, 16])
    #expect(throws: PixelTransformError.missingAttribute(.lutData)) {
      try Samples.display(Samples.gray([0]), modality(item))
    }
    item.set(.lutData, .lo, "text")
    #expect(throws: PixelTransformError.malformedAttribute(.lutData)) {
      try Samples.display(Samples.gray([0]), modality(item))
    }
  }
}
