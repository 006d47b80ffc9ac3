package import DICOMCore

/// Writes DICOM files, always the same bytes for the same values.
package enum DICOMFileWriter {
  /// Implementation Class UID (0002,0012) of every file written.
  package static let implementationClassUID = UID.derived("implementation-class", ["bucky"])
  /// Implementation Version Name (0002,0013) of every file written.
  package static let implementationVersionName = "BUCKY"

  /// Writes a data set and its frames as a Part 10 file, and flushes it to the disk.
  ///
  /// Meta information is made anew (PS3.10 7.1). The attributes of the Image Pixel Module follow from the frames. JPEG
  /// baseline also sets Lossy Image Compression, its ratio and method (PS3.3 C.7.6.1.1.5). Nothing else is added or
  /// changed: no date, no UID, no derivation.
  ///
  /// - Parameters:
  ///   - dataSet: SOP Class UID and SOP Instance UID at least. Text outside ISO 646 needs Specific Character Set
  ///     ISO_IR 192. No elements of group 0002 and no Pixel Data.
  ///   - transferSyntax: Implicit, Explicit or Deflated Little Endian, RLE, JPEG Lossless SV1, JPEG-LS Lossless or JPEG
  ///     Baseline.
  ///   - frames: All of one format; none for an object without pixel data.
  ///   - jpegQuality: 1...100, for JPEG Baseline alone.
  ///   - path: Overwritten. After an error a partial file may be left, so write beside the target and rename.
  /// - Throws: `missingAttribute`, `unsupportedTransferSyntax`, `inconsistentFrames`, `characterSetMissing`,
  ///   `unwritableValue`, `cannotEncode` or `cannotWrite`.
  package static func write(
    _ dataSet: DataSet, transferSyntax: UID, frames: [StoredFrame] = [], jpegQuality: Int = 90, to path: String
  ) throws(DICOMFileError) {
    guard writable.contains(transferSyntax) else { throw .unsupportedTransferSyntax(transferSyntax) }
    try check(dataSet)
    try TextCheck.check(dataSet)
    let handle = try ObjectHandle()
    try handle.putMeta(try metaInformation(of: dataSet, transferSyntax))
    if let first = frames.first {
      guard !first.format.isFloat else { throw .cannotEncode(detail: "floating point samples are not written") }
      guard frames.allSatisfy({ $0.format == first.format }) else { throw .inconsistentFrames }
      if transferSyntax == .jpegBaseline8Bit {
        try putLossy(frames, first.format, dataSet, quality: jpegQuality, into: handle)
      } else {
        try handle.put(PixelModule.describing(first.format, frameCount: frames.count, in: dataSet))
        try handle.putPixels(try PixelModule.nativeBytes(frames), words: first.format.bitsAllocated > 8)
        if lossless.contains(transferSyntax) { try handle.encode(transferSyntax) }
      }
    } else {
      guard !lossless.contains(transferSyntax), transferSyntax != .jpegBaseline8Bit else { throw .inconsistentFrames }
      try handle.put(dataSet)
    }
    try handle.save(to: path, transferSyntax)
  }

  // MARK: - Parts

  private static let lossless: Set<UID> = [.rleLossless, .jpegLosslessSV1, .jpegLSLossless]

  private static let writable: Set<UID> = lossless.union([
    .implicitVRLittleEndian, .explicitVRLittleEndian, .deflatedExplicitVRLittleEndian, .jpegBaseline8Bit,
  ])

  private static func check(_ dataSet: DataSet) throws(DICOMFileError) {
    for tag in [Tag.sopClassUID, .sopInstanceUID] where dataSet.uid(tag) == nil { throw .missingAttribute(tag) }
    for tag in dataSet.tags {
      guard tag.group > 0x0002, tag.element != 0 else { throw .unwritableValue(tag) }
      guard ![.pixelData, .floatPixelData, .doubleFloatPixelData].contains(tag) else { throw .inconsistentFrames }
    }
  }

  private static func metaInformation(of dataSet: DataSet, _ transferSyntax: UID) throws(DICOMFileError) -> DataSet {
    guard let sopClass = dataSet.uid(.sopClassUID) else { throw .missingAttribute(.sopClassUID) }
    guard let instance = dataSet.uid(.sopInstanceUID) else { throw .missingAttribute(.sopInstanceUID) }
    var meta = DataSet()
    meta.set(.fileMetaInformationVersion, .ob, bytes: [0, 1])
    meta.set(.mediaStorageSOPClassUID, sopClass)
    meta.set(.mediaStorageSOPInstanceUID, instance)
    meta.set(.transferSyntaxUID, transferSyntax)
    meta.set(.implementationClassUID, implementationClassUID)
    meta.set(.implementationVersionName, .sh, implementationVersionName)
    return meta
  }

  private static func putLossy(
    _ frames: [StoredFrame], _ format: ImageFormat, _ dataSet: DataSet, quality: Int,
    into handle: borrowing ObjectHandle
  ) throws(DICOMFileError) {
    guard format.bitsAllocated == 8, format.bitsStored == 8, !format.isSigned, (1...100).contains(quality),
      [.monochrome1, .monochrome2, .rgb].contains(format.photometricInterpretation)
    else { throw .cannotEncode(detail: "JPEG baseline takes unsigned 8-bit grey or RGB frames") }
    let encodedBytes = try handle.putJPEGBaseline(frames, quality: quality)
    var described = PixelModule.describing(format, frameCount: frames.count, in: dataSet)
    if format.samplesPerPixel == 3 { described.set(.photometricInterpretation, .cs, "YBR_FULL_422") }
    let ratio = Double(format.frameBytes * frames.count) / Double(max(1, encodedBytes))
    let tenths = Int((ratio * 10).rounded())
    described.set(.lossyImageCompression, .cs, "01")
    described.set(.lossyImageCompressionRatio, .ds, "\(tenths / 10).\(tenths % 10)")
    described.set(.lossyImageCompressionMethod, .cs, "ISO_10918_1")
    try handle.put(described)
  }
}

/// The Image Pixel Module of what is written (PS3.3 C.7.6.3).
enum PixelModule {
  static func describing(_ format: ImageFormat, frameCount: Int, in dataSet: DataSet) -> DataSet {
    var described = dataSet
    described.set(.samplesPerPixel, .us, integers: [format.samplesPerPixel])
    described.set(.photometricInterpretation, .cs, format.photometricInterpretation.rawValue)
    described.set(.rows, .us, integers: [format.rows])
    described.set(.columns, .us, integers: [format.columns])
    described.set(.bitsAllocated, .us, integers: [format.bitsAllocated])
    described.set(.bitsStored, .us, integers: [format.bitsStored])
    described.set(.highBit, .us, integers: [format.highBit])
    described.set(.pixelRepresentation, .us, integers: [format.isSigned ? 1 : 0])
    described[.planarConfiguration] =
      format.samplesPerPixel > 1 ? DataSet.Element(.us, .integers([0])) : nil
    if frameCount > 1 || dataSet.contains(.numberOfFrames) {
      described.set(.numberOfFrames, .is, integers: [frameCount])
    }
    return described
  }

  /// All frames, one after the other; single bits are packed without padding between frames (PS3.5 8.1.1).
  static func nativeBytes(_ frames: [StoredFrame]) throws(DICOMFileError) -> [UInt8] {
    let total = frames.reduce(0) { $0 + $1.bytes.count }
    guard total < 0xFFFF_FFFE else { throw .cannotEncode(detail: "4 GiB of pixel data or more") }
    guard frames.first?.format.bitsAllocated == 1 else { return frames.count == 1 ? frames[0].bytes : joined(frames) }
    var packed = [UInt8](repeating: 0, count: (total + 7) / 8)
    var bit = 0
    for frame in frames {
      for value in frame.bytes {
        packed[bit / 8] |= (value & 1) << UInt8(bit % 8)
        bit += 1
      }
    }
    return packed
  }

  private static func joined(_ frames: [StoredFrame]) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(frames.reduce(0) { $0 + $1.bytes.count })
    for frame in frames { bytes.append(contentsOf: frame.bytes) }
    return bytes
  }
}

/// Text is written in UTF-8, so a data set must say so as soon as that differs from ISO 646.
enum TextCheck {
  static func check(_ dataSet: DataSet, isDeclared: Bool = false) throws(DICOMFileError) {
    let own = dataSet.contains(.specificCharacterSet) ? dataSet.strings(.specificCharacterSet) : nil
    let declared = own.map { $0 == ["ISO_IR 192"] } ?? isDeclared
    for tag in dataSet.tags {
      switch dataSet[tag]?.value {
      case .items(let items)?:
        for item in items { try check(item, isDeclared: declared) }
      case .strings(let values)? where !values.allSatisfy({ $0.utf8.allSatisfy { $0 < 0x80 } }):
        guard let vr = dataSet[tag]?.vr, TextDecoding.isAffected(vr) else { throw .unwritableValue(tag) }
        guard declared else { throw .characterSetMissing(tag) }
      default: break
      }
    }
  }
}
