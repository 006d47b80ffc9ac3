internal import DICOMCore

/// How the frames of native pixel data follow each other (PS3.5 8.1.1, 8.2, PS3.3 C.7.6.3.1.2, C.7.6.3.1.3).
struct NativeLayout: Equatable {
  let frameCount: Int
  /// Bits of one frame as stored; frames of single bits follow each other without padding.
  let frameBits: Int
  /// Two chrominance samples for each pair of pixels: Y1 Y2 Cb Cr.
  let isSubsampled: Bool
  /// Planar Configuration 1: all of the first sample, then all of the second.
  let isPlanar: Bool

  /// Checks `length`, the bytes of pixel data, against the attributes.
  ///
  /// `known` is given when `length` is that of so many frames; otherwise Number of Frames counts.
  ///
  /// - Throws: `pixelDataTooShort` and the errors of wrong attributes.
  init(
    of dataSet: DataSet, _ format: ImageFormat, length: Int, frameCount known: Int? = nil
  ) throws(DICOMFileError) {
    let fullBits = format.sampleCount * format.bitsAllocated
    var (bits, subsampled) = (fullBits, false)
    switch format.photometricInterpretation {
    case .monochrome1, .monochrome2, .paletteColor, .rgb, .ybrFull: break
    case .ybrFull422:
      // Some writers keep the label and store full samples; the length tells.
      guard format.columns % 2 == 0 else { throw .invalidAttribute(.columns, found: format.columns) }
      (bits, subsampled) = (fullBits / 3 * 2, true)
    default:
      throw .unsupportedAttribute(
        .photometricInterpretation, found: format.photometricInterpretation.rawValue + " without compression")
    }
    let count = if let known { known } else { try FrameCount.read(dataSet, lengthInFrames: length * 8 / bits) }
    if subsampled, length / (fullBits / 8) >= count { (bits, subsampled) = (fullBits, false) }
    let (total, overflow) = bits.multipliedReportingOverflow(by: count)
    guard !overflow, total <= Int.max - 7 else { throw .invalidAttribute(.numberOfFrames, found: count) }
    guard (total + 7) / 8 <= length else { throw .pixelDataTooShort(expected: (total + 7) / 8, found: length) }
    frameCount = count
    frameBits = bits
    isSubsampled = subsampled
    isPlanar = format.samplesPerPixel == 3 && !subsampled && dataSet.integer(.planarConfiguration) == 1
  }

  /// The bytes that hold a frame; the first and last may be shared with its neighbours when samples are single bits.
  func byteRange(ofFrame index: Int) -> Range<Int> {
    index * frameBits / 8..<((index + 1) * frameBits + 7) / 8
  }

  /// Whether the bytes of a frame are its values as ``StoredFrame`` has them.
  func isAsStored(_ format: ImageFormat) -> Bool { !isSubsampled && !isPlanar && format.bitsAllocated >= 8 }

  /// Brings the bytes of ``byteRange(ofFrame:)`` into the order of ``StoredFrame``.
  func frame(_ index: Int, from bytes: [UInt8], _ format: ImageFormat) throws(DICOMFileError) -> StoredFrame {
    guard bytes.count >= byteRange(ofFrame: index).count else {
      throw .pixelDataTooShort(expected: byteRange(ofFrame: index).count, found: bytes.count)
    }
    let result = format.withFullChrominance
    if format.bitsAllocated == 1 {
      return StoredFrame(format: result, bytes: unpacked(bytes, firstBit: index * frameBits % 8))
    }
    if isSubsampled { return StoredFrame(format: result, bytes: upsampled(bytes, format)) }
    if isPlanar { return StoredFrame(format: result, bytes: interleaved(bytes, format)) }
    let exact = bytes.count == format.frameBytes ? bytes : Array(bytes.prefix(format.frameBytes))
    return StoredFrame(format: result, bytes: exact)
  }

  // The three below write each byte of the result once; `frame` has checked that there are enough to read.

  /// Bits to bytes, the least significant bit of a byte first (PS3.5 8.1.1).
  private func unpacked(_ bytes: [UInt8], firstBit: Int) -> [UInt8] {
    unsafe rearranged(bytes, count: frameBits) { source, result in
      for index in 0..<frameBits {
        let bit = firstBit + index
        unsafe result[index] = unsafe source[bit / 8] >> UInt8(bit % 8) & 1
      }
    }
  }

  /// Y1 Y2 Cb Cr to Y1 Cb Cr Y2 Cb Cr: the chrominance of a pair goes to both pixels.
  private func upsampled(_ bytes: [UInt8], _ format: ImageFormat) -> [UInt8] {
    let width = format.bytesPerSample
    return unsafe rearranged(bytes, count: format.frameBytes) { source, result in
      for pixel in 0..<format.rows * format.columns {
        let pair = pixel / 2 * 4 * width
        for sample in 0..<3 {
          let from = pair + (sample == 0 ? pixel % 2 : sample + 1) * width
          for offset in 0..<width {
            unsafe result[(pixel * 3 + sample) * width + offset] = unsafe source[from + offset]
          }
        }
      }
    }
  }

  private func interleaved(_ bytes: [UInt8], _ format: ImageFormat) -> [UInt8] {
    let (width, pixels) = (format.bytesPerSample, format.rows * format.columns)
    return unsafe rearranged(bytes, count: format.frameBytes) { source, result in
      for sample in 0..<3 {
        for pixel in 0..<pixels {
          let (from, to) = ((sample * pixels + pixel) * width, (pixel * 3 + sample) * width)
          for offset in 0..<width { unsafe result[to + offset] = unsafe source[from + offset] }
        }
      }
    }
  }

  private func rearranged(
    _ bytes: [UInt8], count: Int, _ body: (UnsafeBufferPointer<UInt8>, UnsafeMutableBufferPointer<UInt8>) -> Void
  ) -> [UInt8] {
    unsafe [UInt8](unsafeUninitializedCapacity: count) { result, filled in
      unsafe bytes.withUnsafeBufferPointer { unsafe body($0, result) }
      filled = count
    }
  }
}

/// Number of Frames (0028,0008).
enum FrameCount {
  /// The number of frames, 1 when the attribute is absent; `lengthInFrames` is what the pixel data holds and is taken
  /// when the attribute is no number.
  ///
  /// - Throws: `invalidAttribute` for zero and less, `missingAttribute` when there is no number at all.
  static func read(_ dataSet: DataSet, lengthInFrames: Int?) throws(DICOMFileError) -> Int {
    guard dataSet.string(.numberOfFrames) != nil else { return 1 }
    guard let count = dataSet.integer(.numberOfFrames) else {
      guard let lengthInFrames, lengthInFrames >= 1 else { throw .missingAttribute(.numberOfFrames) }
      return lengthInFrames
    }
    guard count >= 1 else { throw .invalidAttribute(.numberOfFrames, found: count) }
    return count
  }
}
