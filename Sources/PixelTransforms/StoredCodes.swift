internal import DICOMCore

/// The samples of a frame as codes into a table of the stored values they stand for.
///
/// A frame of 16 bits or fewer has at most 65,536 different values, so every transformation of values is computed once
/// for each code, in double precision, and an image-sized pass is a table lookup.
struct StoredCodes: Sendable {
  /// One code a sample, in the order of the frame.
  let codes: SampleCodes
  /// The stored value of each code, signed where the frame is.
  let values: [Int]

  /// - Throws: ``PixelTransformError/malformedImageFormat(rows:columns:bitsAllocated:bitsStored:highBit:)``.
  init(of frame: StoredFrame) throws(PixelTransformError) {
    let format = frame.format
    try format.check()
    if format.bitsStored <= 16 {
      codes = .narrow(Self.narrowCodes(of: frame))
      values = (0..<(1 << format.bitsStored)).map { format.storedValue(ofBits: $0) }
    } else {
      let (ranks, distinct) = Self.ranked(Self.wideBits(of: frame))
      codes = .wide(ranks)
      values = distinct.map { format.storedValue(ofBits: Int($0)) }
    }
  }

  /// How often each code occurs.
  func counts() -> [Int] { codes.counts(below: values.count) }

  /// The stored bits of each sample of 16 bits or fewer; see ``SampleCodes`` for why on pointers.
  static func narrowCodes(of frame: StoredFrame) -> [UInt16] {
    let (format, count) = (frame.format, frame.format.sampleCount)
    let width = format.bytesPerSample
    let shift = UInt32(format.highBit + 1 - format.bitsStored)
    let mask = UInt32(1) << UInt32(format.bitsStored) - 1
    return unsafe [UInt16](unsafeUninitializedCapacity: count) { codes, filled in
      unsafe frame.bytes.withUnsafeBytes { bytes in
        // Safe: `StoredFrame` holds `sampleCount × bytesPerSample` bytes, and `codes` has room for `sampleCount`.
        switch width {
        case 1:
          for index in 0..<count {
            unsafe codes[index] = UInt16(truncatingIfNeeded: UInt32(bytes[index]) >> shift & mask)
          }
        case 2:
          let (shift, mask) = (UInt16(shift), UInt16(mask))
          for index in 0..<count {
            let container = unsafe bytes.loadUnaligned(fromByteOffset: 2 * index, as: UInt16.self)
            unsafe codes[index] = UInt16(littleEndian: container) &>> shift & mask
          }
        default:
          for index in 0..<count {
            let container = unsafe bytes.loadUnaligned(fromByteOffset: width * index, as: UInt32.self)
            unsafe codes[index] = UInt16(truncatingIfNeeded: UInt32(littleEndian: container) >> shift & mask)
          }
        }
      }
      filled = count
    }
  }

  /// The stored bits of each sample of more than 16 bits, which have containers of 32.
  private static func wideBits(of frame: StoredFrame) -> [UInt32] {
    let format = frame.format
    let shift = UInt32(format.highBit + 1 - format.bitsStored)
    let mask = format.bitsStored == 32 ? UInt32.max : (UInt32(1) << UInt32(format.bitsStored)) - 1
    let bytes = frame.bytes
    return (0..<format.sampleCount).map { index in
      let low = UInt32(bytes[4 * index]) | UInt32(bytes[4 * index + 1]) << 8
      let high = UInt32(bytes[4 * index + 2]) | UInt32(bytes[4 * index + 3]) << 8
      return (low | high << 16) >> shift & mask
    }
  }

  /// Codes for more than 16 bits: the rank of a value among those that occur.
  private static func ranked(_ bits: [UInt32]) -> (codes: [UInt32], distinct: [UInt32]) {
    var distinct: [UInt32] = []
    for value in bits.sorted() where distinct.last != value { distinct.append(value) }
    let codes = bits.map { value in
      var (low, high) = (0, distinct.count - 1)
      while low < high {
        let middle = (low + high) / 2
        if distinct[middle] < value { low = middle + 1 } else { high = middle }
      }
      return UInt32(low)
    }
    return (codes, distinct)
  }
}

extension ImageFormat {
  /// Checks what nothing later checks again: extents, and Bits Stored inside the container.
  func check() throws(PixelTransformError) {
    let containerBits = bitsAllocated == 1 ? 8 : bitsAllocated
    guard rows > 0, columns > 0, [1, 8, 16, 32].contains(bitsAllocated), bitsStored > 0, highBit < containerBits,
      highBit + 1 >= bitsStored
    else { throw .malformed(self) }
  }

  /// The value that Bits Stored bits stand for: two's complement where Pixel Representation says so.
  fileprivate func storedValue(ofBits bits: Int) -> Int {
    let isNegative = isSigned && bits >> (bitsStored - 1) & 1 == 1
    return isNegative ? bits - (1 << bitsStored) : bits
  }
}

extension PixelTransformError {
  /// The format that makes no frame.
  static func malformed(_ format: ImageFormat) -> Self {
    .malformedImageFormat(
      rows: format.rows, columns: format.columns, bitsAllocated: format.bitsAllocated, bitsStored: format.bitsStored,
      highBit: format.highBit)
  }
}
