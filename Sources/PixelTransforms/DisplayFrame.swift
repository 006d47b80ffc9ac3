/// A frame's display values, kept as codes and tables: value = `tables[channel][code]`.
struct DisplayFrame: Sendable {
  let rows: Int
  let columns: Int
  /// Codes a pixel: 1 for grey and palette frames, 3, interleaved, for RGB.
  let samplesPerPixel: Int
  /// `rows × columns × samplesPerPixel` codes, each inside every table.
  let codes: [UInt32]
  /// Display values in `0...1` by code: one table for all channels or one for each of three.
  let tables: [[Float]]

  /// 1 or 3.
  var channelCount: Int { max(samplesPerPixel, tables.count) }

  func table(ofChannel channel: Int) -> [Float] { tables[tables.count == 1 ? 0 : channel] }

  /// The position of a channel's code inside a pixel.
  func offset(ofChannel channel: Int) -> Int { samplesPerPixel == 1 ? 0 : channel }

  /// All display values, row by row, channels interleaved.
  func interleavedValues() -> [Float] {
    let channels = channelCount
    var values = [Float](repeating: 0, count: rows * columns * channels)
    for channel in 0..<channels {
      let (table, offset) = (table(ofChannel: channel), offset(ofChannel: channel))
      for pixel in 0..<rows * columns {
        values[pixel * channels + channel] = table[Int(codes[pixel * samplesPerPixel + offset])]
      }
    }
    return values
  }
}
