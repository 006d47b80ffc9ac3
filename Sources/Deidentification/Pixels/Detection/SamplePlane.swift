internal import CScanning
internal import DICOMCore

/// One plane of samples as signed 16-bit words, so that every kind of frame is searched by the same code.
///
/// Order and distances of stored values are kept. Frames of 32 bits and of floating point are scaled to 16 bits.
struct SamplePlane {
  let width: Int
  let height: Int
  var values: [Int16]
  /// Differences below it are no contrast.
  let smallestContrast: Int

  init(width: Int, height: Int, values: [Int16], smallestContrast: Int) {
    self.width = width
    self.height = height
    self.values = values
    self.smallestContrast = smallestContrast
  }

  /// The planes of a frame: one of a grey frame, one for each sample of a colour frame.
  ///
  /// Palette indices say nothing of brightness: `palette` gives the planes of the colours.
  static func planes(of frame: StoredFrame, palette: PaletteColors? = nil) -> [SamplePlane] {
    let format = frame.format
    if let palette, format.samplesPerPixel == 1 {
      let indices = frame.storedValues()
      return palette.channels.map { channel in
        let values = indices.map { index in
          Int16(truncatingIfNeeded: Int(channel[min(channel.count - 1, max(0, Int(index) - palette.firstIndex))]) / 2)
        }
        return SamplePlane(width: format.columns, height: format.rows, values: values, smallestContrast: 512)
      }
    }
    return (0..<format.samplesPerPixel).map { plane($0, of: frame) }
  }

  private static func plane(_ sample: Int, of frame: StoredFrame) -> SamplePlane {
    let format = frame.format
    let (pixels, step) = (format.rows * format.columns, format.samplesPerPixel)
    func made(_ values: [Int16], contrast: Int) -> SamplePlane {
      SamplePlane(width: format.columns, height: format.rows, values: values, smallestContrast: contrast)
    }
    if format.isFloat { return made(scaled(frame.floatValues()), contrast: 200) }
    switch format.bytesPerSample {
    case 1:
      // A frame of few bits is stretched to eight: its one step may be the whole text.
      let shift = Int16(max(0, 8 - format.bitsStored))
      let isSigned = format.isSigned && format.bitsAllocated > 1
      let values = unsafe [Int16](unsafeUninitializedCapacity: pixels) { values, count in
        unsafe frame.bytes.withUnsafeBufferPointer { bytes in
          for index in 0..<pixels {
            let byte = unsafe bytes[index * step + sample]
            unsafe values[index] = (isSigned ? Int16(Int8(bitPattern: byte)) : Int16(byte)) << shift
          }
        }
        count = pixels
      }
      return made(values, contrast: 5)
    case 2:
      let flip: UInt16 = format.isSigned ? 0 : 0x8000
      let values = unsafe [Int16](unsafeUninitializedCapacity: pixels) { values, count in
        unsafe frame.bytes.withUnsafeBytes { raw in
          if step == 1 {
            let bytes = unsafe raw.assumingMemoryBound(to: UInt8.self).baseAddress
            unsafe ScanKernels.current.functions.words(bytes, pixels, flip, values.baseAddress)
          } else {
            for index in 0..<pixels {
              let word = unsafe raw.loadUnaligned(fromByteOffset: (index * step + sample) * 2, as: UInt16.self)
              unsafe values[index] = Int16(bitPattern: UInt16(littleEndian: word) ^ flip)
            }
          }
        }
        count = pixels
      }
      return made(values, contrast: contrast(ofWords: values))
    default: return made(scaled(frame.storedValues().map(Double.init)), contrast: 200)
    }
  }

  /// A hundred and fiftieth of the range that all but a few samples lie in, at least 2.
  private static func contrast(ofWords values: [Int16]) -> Int {
    let step = max(1, values.count / 4096)
    let sample = stride(from: 0, to: values.count, by: step).map { values[$0] }
    guard let low = sample.min(), let greatest = sample.max() else { return 2 }
    let high = ranked(min(sample.count - 1, sample.count * 99 / 100), in: sample, low...greatest)
    return max(2, (Int(high) - Int(low)) / 150)
  }

  /// The value that would stand at `rank` if `sample` were in order: the least that more than `rank` values do not exceed.
  private static func ranked(_ rank: Int, in sample: [Int16], _ range: ClosedRange<Int16>) -> Int16 {
    var (low, high) = (Int(range.lowerBound), Int(range.upperBound))
    unsafe sample.withUnsafeBufferPointer { sample in
      while low < high {
        let middle = (low + high) >> 1
        let count = unsafe ScanKernels.current.functions.count_at_most(
          sample.baseAddress, sample.count, Int16(middle))
        if count > rank { high = middle } else { low = middle + 1 }
      }
    }
    return Int16(low)
  }

  private static func scaled(_ values: [Double]) -> [Int16] {
    let finite = values.filter(\.isFinite)
    guard let low = finite.min(), let high = finite.max(), high > low else {
      return [Int16](repeating: 0, count: values.count)
    }
    return values.map {
      $0.isFinite ? Int16((max(0, min(1, ($0 - low) / (high - low))) * 65535 - 32768).rounded()) : .min
    }
  }

  /// The plane at half the size: means of 2 x 2 samples.
  func halved() -> SamplePlane {
    let (columns, rows) = (width / 2, height / 2)
    let half = unsafe [Int16](unsafeUninitializedCapacity: columns * rows) { result, count in
      unsafe values.withUnsafeBufferPointer { source in
        unsafe ScanKernels.current.functions.halve(source.baseAddress, width, height, result.baseAddress)
      }
      count = columns * rows
    }
    return SamplePlane(width: columns, height: rows, values: half, smallestContrast: smallestContrast)
  }

  /// Light where it was dark.
  func inverted() -> SamplePlane {
    SamplePlane(width: width, height: height, values: values.map { ~$0 }, smallestContrast: smallestContrast)
  }
}

/// Palette Color Lookup Tables as planes of 16-bit colours (PS3.3 C.7.9).
package struct PaletteColors: Sendable, Equatable {
  /// The stored value of the first entry.
  let firstIndex: Int
  /// Red, green and blue, none empty.
  let channels: [[UInt16]]

  /// - Returns: `nil` unless there are three tables with entries.
  package init?(firstIndex: Int, channels: [[UInt16]]) {
    guard channels.count == 3, channels.allSatisfy({ !$0.isEmpty }) else { return nil }
    (self.firstIndex, self.channels) = (firstIndex, channels)
  }
}
