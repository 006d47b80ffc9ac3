internal import DICOMCore

extension StoredFrame {
  /// The same stored values with High Bit at Bits Stored - 1 and the bits above it set by the sign (PS3.5 8.1.1).
  ///
  /// Bytes are copied only where a value changes.
  func withoutUnusedBits() -> StoredFrame {
    guard format.bitsStored < format.bitsAllocated else { return self }
    var clean = format
    clean.highBit = format.bitsStored - 1
    let cleaned =
      switch (format.bytesPerSample, format.isSigned) {
      case (1, false): cleared(UInt8.self)
      case (1, true): cleared(Int8.self)
      case (2, false): cleared(UInt16.self)
      case (2, true): cleared(Int16.self)
      case (_, false): cleared(UInt32.self)
      case (_, true): cleared(Int32.self)
      }
    return StoredFrame(format: clean, bytes: cleaned)
  }

  /// Shifts each container up until High Bit is its top, then down again; `Container` carries the sign where it has one.
  private func cleared<Container: FixedWidthInteger>(_: Container.Type) -> [UInt8] {
    let up = Container(Container.bitWidth - 1 - format.highBit)
    let down = Container(Container.bitWidth - format.bitsStored)
    let isClean = unsafe bytes.withUnsafeBytes { raw in
      // An array's elements are aligned for every integer; the host is little endian as the containers are.
      let containers = unsafe raw.bindMemory(to: Container.self)
      var difference: Container = 0
      for index in containers.indices {
        let value = unsafe containers[index]
        difference |= value ^ ((value &<< up) &>> down)
      }
      return difference == 0
    }
    if isClean { return bytes }
    var result = bytes
    unsafe result.withUnsafeMutableBytes { raw in
      let containers = unsafe raw.bindMemory(to: Container.self)
      for index in containers.indices {
        unsafe containers[index] = unsafe (containers[index] &<< up) &>> down
      }
    }
    return result
  }
}
