internal import DICOMCore

extension StoredFrame {
  /// The same stored values with High Bit at Bits Stored - 1 and the bits above it set by the sign (PS3.5 8.1.1).
  func withoutUnusedBits() -> StoredFrame {
    guard format.bitsStored < format.bitsAllocated else { return self }
    var clean = format
    clean.highBit = format.bitsStored - 1
    // Up to the top of the container, then down again, carrying the sign where there is one.
    let up = format.bitsAllocated - 1 - format.highBit
    let down = format.bitsAllocated - format.bitsStored
    let width = format.bytesPerSample
    var result = bytes
    for start in stride(from: 0, to: result.count, by: width) {
      var container: UInt32 = 0
      for offset in 0..<width { container |= UInt32(result[start + offset]) << UInt32(8 * offset) }
      // The container sits in the upper bits of 32, so that both shifts lose what they should.
      let raised = container << UInt32(32 - format.bitsAllocated + up)
      let spread = 32 - format.bitsAllocated + down
      let value =
        format.isSigned ? UInt32(bitPattern: Int32(bitPattern: raised) >> Int32(spread)) : raised >> UInt32(spread)
      for offset in 0..<width { result[start + offset] = UInt8(truncatingIfNeeded: value >> UInt32(8 * offset)) }
    }
    return StoredFrame(format: clean, bytes: result)
  }
}
