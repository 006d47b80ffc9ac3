internal import DICOMCore

/// RLE frames (PS3.5 G): segments end with the last pixel, and unused entries of the header are 0.
enum RLEHygiene {
  static func cleaned(_ bytes: [UInt8], _ format: ImageFormat) throws(CodeStreamDamage) -> [UInt8] {
    guard bytes.count >= 64 else { throw .noStart }
    func long(_ index: Int) -> Int { (0..<4).reduce(0) { $0 | Int(bytes[4 * index + $1]) << (8 * $1) } }
    let count = long(0)
    guard (1...15).contains(count), count == format.samplesPerPixel * format.bytesPerSample else {
      throw .wrongRLESegment(count)
    }
    let pixels = format.rows * format.columns
    var result = [UInt8](repeating: 0, count: 64)
    result[0] = UInt8(count)
    for index in 1...count {
      let (start, end) = (long(index), index < count ? long(index + 1) : bytes.count)
      guard start >= 64, start <= end, end <= bytes.count else { throw .wrongRLESegment(index) }
      for byte in 0..<4 { result[4 * index + byte] = UInt8(truncatingIfNeeded: result.count >> (8 * byte)) }
      guard append(bytes[start..<end], to: &result, pixels) else { throw .wrongRLESegment(index) }
      // Segments have an even length (PS3.5 G.3.1).
      if result.count % 2 != 0 { result.append(0) }
    }
    return result
  }

  /// Copies runs up to the last pixel; one that goes beyond it is cut there.
  private static func append(_ segment: ArraySlice<UInt8>, to result: inout [UInt8], _ pixels: Int) -> Bool {
    var (place, done) = (segment.startIndex, 0)
    while done < pixels, place < segment.endIndex {
      let control = Int(Int8(bitPattern: segment[place]))
      if control >= 0 {
        let run = min(control + 1, pixels - done)
        guard place + run < segment.endIndex else { return false }
        result.append(UInt8(run - 1))
        result += segment[place + 1...place + run]
        (place, done) = (place + control + 2, done + run)
      } else if control == -128 {
        place += 1
      } else {
        let run = min(1 - control, pixels - done)
        guard place + 1 < segment.endIndex else { return false }
        // A run of one is written as a literal.
        result += run == 1 ? [0, segment[place + 1]] : [UInt8(257 - run), segment[place + 1]]
        (place, done) = (place + 2, done + run)
      }
    }
    return done == pixels
  }
}
