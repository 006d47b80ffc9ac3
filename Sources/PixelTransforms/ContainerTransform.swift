package import DICOMCore

/// The windows of Google's serving container for MedSigLIP, which are not those of PS3.3 C.11.
///
/// Written after `generic_dicom_handler.py` and `predictor.py` of Google-Health/medsiglip. Radiographs (CR, DX) get the
/// modality transformation, the instance's window if it has one, and are then stretched to the whole range of their type,
/// each image by itself. CT gets its rescale and a window, `[-1150, 1350]` when the instance has none. A window spans
/// `center ± ⌊width / 2⌋` and gives 16 bits. Microscopy and photographs (GM, SM, XC) are taken as they are stored, and so is
/// RGB. VOI LUTs, VOI LUT Function, Presentation LUT Shape, Pixel Padding and functional groups are not looked at, and
/// MONOCHROME1 is inverted in radiographs and CT only.
struct ContainerTransform: Sendable {
  let frame: DisplayFrame
  let steps: [ProcessingStep]
  /// What display value 1 becomes among 8-bit values: 255, but 1 for an image of nothing but 0 and 1, which the image
  /// processor takes for 8-bit values already.
  let scale: Int

  /// - Throws: ``PixelTransformError/googleContainer(_:)`` where the container reports an error or fails, and the errors of
  ///   malformed attributes.
  init(_ frame: StoredFrame, attributes: DataSet) throws(PixelTransformError) {
    let (format, rule) = (frame.format, try ContainerRule(frame.format, attributes))
    let stored = try StoredCodes(of: frame)
    let counts = stored.counts()
    var chain = ContainerChain(
      values: stored.values.map(Double.init), isUsed: counts.map { $0 > 0 },
      type: ContainerChain.Sample(bits: 8 * format.bytesPerSample, isSigned: format.isSigned))
    switch rule {
    case .radiograph: try chain.applyRadiograph(attributes, format: format)
    case .computedTomography: try chain.applyComputedTomography(attributes)
    case .asStored: break
    }
    if rule != .asStored, format.photometricInterpretation == .monochrome1 { chain.invert() }
    let table = try chain.scaled()
    let isBinary = table.indices.allSatisfy { counts[$0] == 0 || table[$0] == 0 || table[$0] == 1 }
    scale = isBinary ? 1 : 255
    steps = [
      ProcessingStep(
        "voi-container",
        [
          "source": "google-container", "rule": .string(rule.rawValue), "operations": .array(chain.operations),
          "only_0_and_1": .boolean(isBinary),
        ].merging(chain.window) { first, _ in first })
    ]
    // Values that do not occur may lie outside the type; no code of the frame reads them.
    self.frame = DisplayFrame(
      rows: format.rows, columns: format.columns, samplesPerPixel: format.samplesPerPixel, codes: stored.codes,
      tables: [table.map { min(1, max(0, $0)) }])
  }
}

/// Which of the container's rules an image falls under.
private enum ContainerRule: String {
  case radiograph = "cr-dx"
  case computedTomography = "ct"
  case asStored = "as-stored"

  init(_ format: ImageFormat, _ attributes: DataSet) throws(PixelTransformError) {
    let interpretation = format.photometricInterpretation
    guard [.monochrome1, .monochrome2, .rgb].contains(interpretation),
      format.samplesPerPixel == (interpretation == .rgb ? 3 : 1)
    else { throw .googleContainer(.photometricInterpretation(interpretation)) }
    guard format.bytesPerSample <= 2 else { throw .googleContainer(.bitsAllocated(format.bitsAllocated)) }
    guard attributes.uid(.sopClassUID) != .vlWholeSlideMicroscopyImageStorage else {
      throw .googleContainer(.wholeSlide)
    }
    if let frames = try attributes.firstNumber(.numberOfFrames), frames != 1 {
      throw .googleContainer(.numberOfFrames(Int(exactly: frames) ?? 0))
    }
    switch (attributes.string(.modality), interpretation) {
    case ("CR", .rgb), ("DX", .rgb), ("CT", .rgb), ("GM", _), ("SM", _), ("XC", _): self = .asStored
    case ("CR", _), ("DX", _): self = .radiograph
    case ("CT", _): self = .computedTomography
    default: throw .googleContainer(.modality)
    }
  }
}

/// Why Google's container has no result.
package enum ContainerRefusal: Error, Sendable, Equatable {
  /// Modality (0008,0060) is none of CR, DX, CT, GM, SM and XC.
  case modality
  case photometricInterpretation(PhotometricInterpretation)
  /// 8 and 16 bits are taken.
  case bitsAllocated(Int)
  case numberOfFrames(Int)
  /// Whole slides take another way through the container, in patches.
  case wholeSlide
  /// Window Center and Window Width need one value each; with more or none the container fails.
  case windowValues(center: Int, width: Int)
  case windowWidth(Double)
  /// Of Rescale Slope and Rescale Intercept CT needs both or none.
  case incompleteRescale
  /// Entries of a Modality LUT need 8 or 16 bits.
  case modalityLUTBits(Int)
  /// A value that the container would cast to a type that cannot hold it.
  case valueOutsideType
}

extension ContainerRefusal: CustomStringConvertible {
  package var description: String {
    switch self {
    case .modality: "its modality is none of CR, DX, CT, GM, SM and XC"
    case .photometricInterpretation(let found): "photometric interpretation \(found.rawValue)"
    case .bitsAllocated(let bits): "\(bits) bits allocated, not 8 or 16"
    case .numberOfFrames(let count): "\(count) frames, not 1"
    case .wholeSlide: "whole slide images take another way"
    case .windowValues(let center, let width):
      "\(center) window centers and \(width) window widths, expected one of each"
    case .windowWidth(let width): "window width \(width) is negative"
    case .incompleteRescale: "only one of rescale slope and rescale intercept"
    case .modalityLUTBits(let bits): "modality LUT of \(bits) bits, not 8 or 16"
    case .valueOutsideType: "a value does not fit the type it is cast to"
    }
  }
}
