import DICOMCore
import PixelTransforms
import Testing

struct PixelTransformErrorTests {
  static let texts: [(PixelTransformError, String)] = [
    (
      .malformedImageFormat(rows: 2, columns: 3, bitsAllocated: 16, bitsStored: 17, highBit: 16),
      "image format not usable: 2 rows, 3 columns, 16 bits allocated, 17 stored, high bit 16"
    ),
    (.samplesPerPixel(.rgb, expected: 3, found: 1), "RGB needs 3 samples per pixel, found 1"),
    (.unsupportedPhotometricInterpretation(.ybrICT), "photometric interpretation YBR_ICT is not supported"),
    (.malformedAttribute(.windowCenter), "attribute (0028,1050) is malformed"),
    (.missingAttribute(.lutData), "attribute (0028,3006) is missing"),
    (.windowWidth(0.5, function: .linear), "window width 0.5 is too small for LINEAR, which needs at least 1"),
    (.windowWidth(0, function: .sigmoid), "window width 0.0 is too small for SIGMOID, which needs more than 0"),
    (.unknownVOILUTFunction, "attribute (0028,1056) names no function of PS3.3 C.11.2.1.3"),
    (.rescaleSlopeZero, "attribute (0028,1053) is zero"),
    (.modalityValueNotFinite, "the modality transformation leaves the range of finite numbers"),
    (.malformedLUTDescriptor(.lutDescriptor), "lookup table descriptor (0028,3002) is malformed"),
    (
      .shortLUTData(.lutData, expected: 4, found: 2),
      "lookup table data (0028,3006) holds 2 entries, its descriptor says 4"
    ),
    (
      .malformedSegment(.segmentedRedPaletteColorLookupTableData, position: 7),
      "segmented lookup table data (0028,1221) has a malformed segment at position 7"
    ),
    (
      .windowNotForModality(window: "ct-lung", modalities: ["CT"]),
      "window ct-lung is for CT, not for this modality"
    ),
    (
      .windowUnit(window: "pt-suv", unit: "GML"),
      "window pt-suv is in GML, which the values are not stated to be in"
    ),
    (
      .windowNotInInstance(.explanation("LUNG"), windows: 2, lookups: 1),
      "the instance has no window file:LUNG; it has 2 windows and 1 VOI LUTs"
    ),
    (.windowChannelCount(window: "x", found: 2), "window x has 2 channels, expected 1 or 3"),
    (.frameIndex(4, frameCount: 3), "frame index 4 is outside the 3 frames"),
    (.outputSize(0), "output size 0 is outside 1...4096"),
    (.png("out of memory"), "PNG: out of memory"),
  ]

  @Test("an error says what was found and what was expected, with tags and no values of the patient", arguments: texts)
  func text(error: PixelTransformError, text: String) {
    #expect(error.description == text)
  }
}
