internal import DICOMCore

/// The samples of a frame as codes into a table of the stored values they stand for.
///
/// A frame of 16 bits or fewer has at most 65,536 different values, so every transformation of values is computed once
/// for each code, in double precision, and an image-sized pass is a table lookup.
struct StoredCodes: Sendable {
  /// One code a sample, in the order of the frame.
  let codes: [UInt32]
  /// The stored value of each code, signed where the frame is.
  let values: [Int]

  /// - Throws: ``PixelTransformError/malformedImageFormat(rows:columns:bitsAllocated:bitsStored:highBit:)``.
  init(of frame: StoredFrame) throws(PixelTransformError) {
    let format = frame.format
    try format.check()
    let shift = UInt32(format.highBit + 1 - format.bitsStored)
    if format.bitsStored <= 16 {
      let mask = (UInt32(1) << UInt32(format.bitsStored)) - 1
      codes = Self.containers(of: frame, shift: shift, mask: mask)
      values = (0...Int(mask)).map { format.storedValue(ofBits: $0) }
    } else {
      let mask = format.bitsStored == 32 ? UInt32.max : (UInt32(1) << UInt32(format.bitsStored)) - 1
      let bits = Self.containers(of: frame, shift: shift, mask: mask)
      (codes, values) = Self.ranked(bits, format: format)
    }
  }

  /// How often each code occurs.
  func counts() -> [Int] {
    var counts = [Int](repeating: 0, count: values.count)
    for code in codes { counts[Int(code)] += 1 }
    return counts
  }

  /// The containers of Bits Allocated, little endian, moved down to the stored bits (PS3.5 8.1.1).
  private static func containers(of frame: StoredFrame, shift: UInt32, mask: UInt32) -> [UInt32] {
    let bytes = frame.bytes.span
    var codes = [UInt32](repeating: 0, count: frame.format.sampleCount)
    switch frame.format.bytesPerSample {
    case 1:
      for index in codes.indices { codes[index] = UInt32(bytes[index]) >> shift & mask }
    case 2:
      for index in codes.indices {
        codes[index] = (UInt32(bytes[2 * index]) | UInt32(bytes[2 * index + 1]) << 8) >> shift & mask
      }
    default:
      for index in codes.indices {
        let low = UInt32(bytes[4 * index]) | UInt32(bytes[4 * index + 1]) << 8
        let high = UInt32(bytes[4 * index + 2]) | UInt32(bytes[4 * index + 3]) << 8
        codes[index] = (low | high << 16) >> shift & mask
      }
    }
    return codes
  }

  /// Codes for more than 16 bits: the rank of a value among those that occur.
  private static func ranked(_ bits: [UInt32], format: ImageFormat) -> (codes: [UInt32], values: [Int]) {
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
    return (codes, distinct.map { format.storedValue(ofBits: Int($0)) })
  }
}

extension ImageFormat {
  /// Checks what nothing later checks again: extents, and Bits Stored inside the container.
  fileprivate func check() throws(PixelTransformError) {
    let containerBits = bitsAllocated == 1 ? 8 : bitsAllocated
    guard rows > 0, columns > 0, [1, 8, 16, 32].contains(bitsAllocated), bitsStored > 0, highBit < containerBits,
      highBit + 1 >= bitsStored
    else {
      throw .malformedImageFormat(
        rows: rows, columns: columns, bitsAllocated: bitsAllocated, bitsStored: bitsStored, highBit: highBit)
    }
  }

  /// The value that Bits Stored bits stand for: two's complement where Pixel Representation says so.
  fileprivate func storedValue(ofBits bits: Int) -> Int {
    let isNegative = isSigned && bits >> (bitsStored - 1) & 1 == 1
    return isNegative ? bits - (1 << bitsStored) : bits
  }
}
