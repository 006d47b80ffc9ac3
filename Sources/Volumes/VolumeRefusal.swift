/// Why frames are no volume; the raw value is the reason in records.
package enum VolumeRefusal: String, Error, Sendable {
  /// Neither CT nor MR.
  case notCTOrMR = "not-ct-or-mr"
  /// Image Type (0008,0008) says LOCALIZER: a planning image, no slice of a volume.
  case localizer
  /// There is no distance between slices.
  case singleSlice = "single-slice"
  /// A frame without position, orientation or pixel spacing.
  case geometryMissing = "geometry-missing"
  case frameOfReferenceDiffers = "frame-of-reference-differs"
  case orientationsDiffer = "orientations-differ"
  case sizesDiffer = "sizes-differ"
  case pixelSpacingsDiffer = "pixel-spacings-differ"
  /// Several frames at one place: echoes, phases, diffusion directions, or repetitions.
  case repeatedPositions = "repeated-positions"
  /// A gap that is a whole number of distances wide.
  case missingSlices = "missing-slices"
  case unevenSpacing = "uneven-spacing"
  /// Slices are not above each other, but shifted along their own plane.
  case gantryTilt = "gantry-tilt"
  /// Colour, palette, floating point, or more than 16 bits.
  case samplesNotSupported = "samples-not-supported"
  case samplesDiffer = "samples-differ"
  /// A Modality LUT: values are no line over the stored values.
  case modalityLUT = "modality-lut"
  /// A frame that could not be decoded although its object was released.
  case undecodable
}
