/// A frame's display values, kept as codes and tables: value = `tables[channel][code]`.
struct DisplayFrame: Sendable {
  let rows: Int
  let columns: Int
  /// Codes a pixel: 1 for grey and palette frames, 3, interleaved, for RGB.
  let samplesPerPixel: Int
  /// `rows × columns × samplesPerPixel` codes, each inside every table.
  let codes: SampleCodes
  /// Display values in `0...1` by code: one table for all channels or one for each of three.
  let tables: [[Float]]

  init(rows: Int, columns: Int, samplesPerPixel: Int, codes: SampleCodes, tables: [[Float]]) {
    precondition(codes.count == rows * columns * samplesPerPixel, "the codes do not fill the frame")
    self.rows = rows
    self.columns = columns
    self.samplesPerPixel = samplesPerPixel
    self.codes = codes
    self.tables = tables
  }

  /// 1 or 3.
  var channelCount: Int { max(samplesPerPixel, tables.count) }

  func table(ofChannel channel: Int) -> [Float] { tables[tables.count == 1 ? 0 : channel] }

  /// The position of a channel's code inside a pixel.
  func offset(ofChannel channel: Int) -> Int { samplesPerPixel == 1 ? 0 : channel }

  /// Writes what `table` says of a row's codes, one entry a pixel, to every `spacing`-th place from `start` on.
  func look<Entry: BitwiseCopyable>(
    up table: [Entry], row: Int, channel: Int, into target: inout [Entry], at start: Int = 0, every spacing: Int = 1
  ) {
    codes.look(
      up: table, first: row * columns * samplesPerPixel + offset(ofChannel: channel), step: samplesPerPixel,
      count: columns, into: &target, at: start, every: spacing)
  }

  /// The same for some columns of the row only.
  ///
  /// - Precondition: Every column exists; `target` is as long as `columns`.
  func look<Entry: BitwiseCopyable>(
    up table: [Entry], row: Int, channel: Int, columns offsets: [Int], into target: inout [Entry]
  ) {
    codes.look(
      up: table, first: row * columns * samplesPerPixel + offset(ofChannel: channel), step: samplesPerPixel,
      count: columns, at: offsets, into: &target)
  }

  /// The display values of one channel, row by row.
  func plane(ofChannel channel: Int) -> [Float] {
    var plane = [Float](repeating: 0, count: rows * columns)
    codes.look(
      up: table(ofChannel: channel), first: offset(ofChannel: channel), step: samplesPerPixel, count: plane.count,
      into: &plane, at: 0)
    return plane
  }

  /// All display values, row by row, channels interleaved.
  func interleavedValues() -> [Float] {
    let channels = channelCount
    guard channels > 1 else { return plane(ofChannel: 0) }
    var values = [Float](repeating: 0, count: rows * columns * channels)
    for channel in 0..<channels {
      let plane = plane(ofChannel: channel)
      for pixel in plane.indices { values[pixel * channels + channel] = plane[pixel] }
    }
    return values
  }
}
