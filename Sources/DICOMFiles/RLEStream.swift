internal import DICOMCore

/// One frame of the RLE transfer syntax (PS3.5 G).
///
/// Decoded here and not by DCMTK 3.6.7, which takes the byte -128, "no operation" in PS3.5 G.3.2, for a run of 129, and
/// which fills up what a damaged stream lacks without a word: no reading may rest on such pixels.
struct RLEStream {
  private let bytes: [UInt8]
  /// Where each segment starts, then the end of the last.
  private let bounds: [Int]
  private let frame: Int
  private let format: ImageFormat

  /// - Throws: `undecodableFrame` when the header of 16 longs fits neither `format` nor the stream.
  init(_ bytes: [UInt8], frame: Int, _ format: ImageFormat) throws(DICOMFileError) {
    func damaged(_ detail: String) -> DICOMFileError { .undecodableFrame(index: frame, detail: detail) }
    guard bytes.count >= 64 else { throw damaged("RLE header cut short") }
    let header = ValueDecoding.numbers(Array(bytes.prefix(64)), UInt32.self).map(Int.init)
    let expected = format.samplesPerPixel * format.bytesPerSample
    guard header[0] == expected else { throw damaged("\(header[0]) RLE segments, \(expected) are needed") }
    let bounds = Array(header[1...expected]) + [bytes.count]
    guard bounds[0] >= 64, zip(bounds, bounds.dropFirst()).allSatisfy({ $0 <= $1 }) else {
      throw damaged("RLE segment offsets out of order")
    }
    (self.bytes, self.bounds, self.frame, self.format) = (bytes, bounds, frame, format)
  }

  /// The stored values in the order of ``StoredFrame``: segments are planes of bytes, the most significant byte of the
  /// first sample first (PS3.5 G.2).
  ///
  /// - Throws: `undecodableFrame` when a segment yields fewer bytes than there are pixels.
  func decode() throws(DICOMFileError) -> [UInt8] {
    let (width, samples) = (format.bytesPerSample, format.samplesPerPixel)
    var result = [UInt8](repeating: 0, count: format.frameBytes)
    for sample in 0..<samples {
      for significance in 0..<width {
        let segment = sample * width + significance
        let first = sample * width + width - 1 - significance
        let count = expand(segment, into: &result, from: first, every: samples * width)
        guard count == format.rows * format.columns else {
          throw .undecodableFrame(
            index: frame,
            detail: "RLE segment \(segment + 1) yields \(count) of \(format.rows * format.columns) bytes")
        }
      }
    }
    return result
  }

  /// Expands literal and replicate runs (PS3.5 G.3.2) and returns how many bytes there were, at most one a pixel.
  private func expand(_ segment: Int, into result: inout [UInt8], from first: Int, every step: Int) -> Int {
    let (end, limit) = (bounds[segment + 1], format.rows * format.columns)
    var (position, count) = (bounds[segment], 0)
    while position < end, count < limit {
      let control = Int(Int8(bitPattern: bytes[position]))
      position += 1
      if control >= 0 {
        let run = min(control + 1, end - position, limit - count)
        for index in 0..<run { result[first + (count + index) * step] = bytes[position + index] }
        (position, count) = (position + control + 1, count + run)
      } else if control > -128, position < end {
        let run = min(1 - control, limit - count)
        for index in 0..<run { result[first + (count + index) * step] = bytes[position] }
        (position, count) = (position + 1, count + run)
      }
    }
    return count
  }
}
