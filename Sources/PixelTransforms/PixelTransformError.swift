package import DICOMCore

/// Why a frame has no encoder input or display image.
package enum PixelTransformError: Error, Sendable, Equatable {
  /// Rows, Columns, Bits Allocated, Bits Stored and High Bit do not describe a frame (PS3.3 C.7.6.3.1).
  case malformedImageFormat(rows: Int, columns: Int, bitsAllocated: Int, bitsStored: Int, highBit: Int)
  case samplesPerPixel(PhotometricInterpretation, expected: Int, found: Int)
  /// A photometric interpretation that decoding should have removed, or that is not supported.
  case unsupportedPhotometricInterpretation(PhotometricInterpretation)
  /// The attribute is there, but what it holds is not what PS3.6 says it holds.
  case malformedAttribute(Tag)
  case missingAttribute(Tag)
  /// A width that PS3.3 C.11.2.1.2 or C.11.2.1.3 forbids for the function.
  case windowWidth(Double, function: VOILUTFunction)
  /// A VOI LUT Function that PS3.3 C.11.2.1.3 does not define.
  case unknownVOILUTFunction
  /// Rescale Slope is zero: all stored values would become one.
  case rescaleSlopeZero
  /// The modality transformation leaves the range of finite numbers.
  case modalityValueNotFinite
  /// A LUT whose descriptor makes no sense (PS3.3 C.11.1.1.1).
  case malformedLUTDescriptor(Tag)
  case shortLUTData(Tag, expected: Int, found: Int)
  /// A segment of a segmented palette that PS3.3 C.7.9.2 does not allow, at this position in the data.
  case malformedSegment(Tag, position: Int)
  /// The named window is for other modalities than the instance's.
  case windowNotForModality(window: String, modalities: [String])
  /// The named window is in a unit that the image does not say its values are in.
  case windowUnit(window: String, unit: String)
  /// The instance does not carry the window that was asked for.
  case windowNotInInstance(FileWindow, windows: Int, lookups: Int)
  /// A named window needs 1 or 3 channels.
  case windowChannelCount(window: String, found: Int)
  /// The preset brings its own windows; no other can be asked for.
  case presetHasOwnWindows(ResizePreset)
  /// Google's container refuses the image, or fails on it.
  case googleContainer(ContainerRefusal)
  case frameIndex(Int, frameCount: Int)
  case outputSize(Int)
  /// libpng refused, in its words.
  case png(String)
}

extension PixelTransformError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .malformedImageFormat(let rows, let columns, let bitsAllocated, let bitsStored, let highBit):
      "image format not usable: \(rows) rows, \(columns) columns, \(bitsAllocated) bits allocated, "
        + "\(bitsStored) stored, high bit \(highBit)"
    case .samplesPerPixel(let interpretation, let expected, let found):
      "\(interpretation.rawValue) needs \(expected) samples per pixel, found \(found)"
    case .unsupportedPhotometricInterpretation(let interpretation):
      "photometric interpretation \(interpretation.rawValue) is not supported"
    case .malformedAttribute(let tag): "attribute \(tag) is malformed"
    case .missingAttribute(let tag): "attribute \(tag) is missing"
    case .windowWidth(let width, let function):
      "window width \(width) is too small for \(function.rawValue), which needs "
        + (function == .linear ? "at least 1" : "more than 0")
    case .unknownVOILUTFunction: "attribute \(Tag.voilutFunction) names no function of PS3.3 C.11.2.1.3"
    case .rescaleSlopeZero: "attribute \(Tag.rescaleSlope) is zero"
    case .modalityValueNotFinite: "the modality transformation leaves the range of finite numbers"
    case .malformedLUTDescriptor(let tag): "lookup table descriptor \(tag) is malformed"
    case .shortLUTData(let tag, let expected, let found):
      "lookup table data \(tag) holds \(found) entries, its descriptor says \(expected)"
    case .malformedSegment(let tag, let position):
      "segmented lookup table data \(tag) has a malformed segment at position \(position)"
    case .windowNotForModality(let window, let modalities):
      "window \(window) is for \(modalities.joined(separator: ", ")), not for this modality"
    case .windowUnit(let window, let unit): "window \(window) is in \(unit), which the values are not stated to be in"
    case .windowNotInInstance(let window, let windows, let lookups):
      "the instance has no window \(window.spelling); it has \(windows) windows and \(lookups) VOI LUTs"
    case .windowChannelCount(let window, let found): "window \(window) has \(found) channels, expected 1 or 3"
    case .presetHasOwnWindows(let preset):
      "preset \(preset.rawValue) has windows of its own and takes no window but automatic"
    case .googleContainer(let refusal): "Google's container has no result for this image: \(refusal)"
    case .frameIndex(let index, let count): "frame index \(index) is outside the \(count) frames"
    case .outputSize(let size): "output size \(size) is outside 1...\(PixelPipeline.largestSize)"
    case .png(let reason): "PNG: \(reason)"
    }
  }
}
