internal import DICOMCore

/// Frames as RLE code streams (PS3.5 G): a header of 16 longs, then the planes of bytes.
enum RLEEncoder {
  /// - Throws: `cannotEncode` for more than 15 planes.
  static func encode(_ frame: StoredFrame) throws(DICOMFileError) -> [UInt8] {
    let format = frame.format
    let (width, samples) = (format.bytesPerSample, format.samplesPerPixel)
    guard width * samples <= 15, format.bitsAllocated >= 8 else {
      throw .cannotEncode(detail: "RLE takes samples of 8, 16 or 32 bits")
    }
    var result = [UInt8](repeating: 0, count: 64)
    result[0] = UInt8(width * samples)
    for sample in 0..<samples {
      for significance in 0..<width {
        let entry = 4 * (1 + sample * width + significance)
        for byte in 0..<4 { result[entry + byte] = UInt8(truncatingIfNeeded: result.count >> (8 * byte)) }
        append(frame, from: sample * width + width - 1 - significance, every: samples * width, to: &result)
        if result.count % 2 != 0 { result.append(0) }
      }
    }
    return result
  }

  /// Appends one plane. Runs end with a row (PS3.5 G.3.1); two equal bytes interrupt a literal only where they save one.
  private static func append(_ frame: StoredFrame, from first: Int, every step: Int, to result: inout [UInt8]) {
    let columns = frame.format.columns
    var line = [UInt8](repeating: 0, count: columns)
    for row in 0..<frame.format.rows {
      let start = row * columns * step + first
      for column in 0..<columns { line[column] = frame.bytes[start + column * step] }
      var place = 0
      while place < columns {
        let run = runLength(line, place)
        if run >= 3 || run == columns - place && run == 2 {
          result += [UInt8(257 - run), line[place]]
          place += run
        } else {
          var end = place + 1
          while end < columns, end - place < 128, runLength(line, end) < 3 { end += 1 }
          result.append(UInt8(end - place - 1))
          result += line[place..<end]
          place = end
        }
      }
    }
  }

  /// How often the byte at `place` is repeated, at most 128.
  private static func runLength(_ line: [UInt8], _ place: Int) -> Int {
    var end = place + 1
    while end < line.count, end - place < 128, line[end] == line[place] { end += 1 }
    return end - place
  }
}
