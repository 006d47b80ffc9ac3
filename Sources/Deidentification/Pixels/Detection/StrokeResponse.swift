/// How far every sample stands out from what is wider than a stroke: the white top-hat, a plane less its opening by a
/// square of 7 x 7 (Serra, Image Analysis and Mathematical Morphology, 1982).
///
/// For dark strokes the plane is inverted first.
struct StrokeResponse {
  static let side = 7
  /// Noise is judged in squares of this many samples.
  static let blockSide = 32

  let width: Int
  let height: Int
  /// 0...65535, row by row.
  let values: [UInt16]
  let blockColumns: Int
  let blockRows: Int
  /// By block: the response that six in ten samples stay below.
  let noise: [UInt16]
  /// By block: the largest response.
  let peak: [UInt16]

  init(of plane: SamplePlane) {
    let (width, height) = (plane.width, plane.height)
    (self.width, self.height) = (width, height)
    values = unsafe [UInt16](unsafeUninitializedCapacity: width * height) { result, count in
      var band = OpeningBand(width: width)
      unsafe plane.values.withUnsafeBufferPointer { source in
        for row in stride(from: 0, to: height, by: OpeningBand.rows) {
          unsafe band.write(rows: row..<min(height, row + OpeningBand.rows), of: source, height: height, to: result)
        }
      }
      count = width * height
    }
    (blockColumns, blockRows) = (
      (width + Self.blockSide - 1) / Self.blockSide, (height + Self.blockSide - 1) / Self.blockSide
    )
    var (noise, peak) = ([UInt16](), [UInt16]())
    noise.reserveCapacity(blockColumns * blockRows)
    peak.reserveCapacity(blockColumns * blockRows)
    var sample = [UInt16](repeating: 0, count: Self.blockSide * Self.blockSide / 8)
    for blockRow in 0..<blockRows {
      for blockColumn in 0..<blockColumns {
        let rows = blockRow * Self.blockSide..<min(height, (blockRow + 1) * Self.blockSide)
        let columns = blockColumn * Self.blockSide..<min(width, (blockColumn + 1) * Self.blockSide)
        let (low, high) = Self.statistics(values, width: width, rows: rows, columns: columns, &sample)
        noise.append(low)
        peak.append(high)
      }
    }
    (self.noise, self.peak) = (noise, peak)
  }

  /// The six-in-ten response, from every second sample of every fourth row, and the largest of all.
  private static func statistics(
    _ values: [UInt16], width: Int, rows: Range<Int>, columns: Range<Int>, _ sample: inout [UInt16]
  ) -> (UInt16, UInt16) {
    var (count, largest) = (0, UInt16(0))
    unsafe values.withUnsafeBufferPointer { values in
      guard let base = values.baseAddress else { return }
      for row in rows {
        let line = unsafe base + row * width + columns.lowerBound
        unsafe largest = max(largest, Self.largest(line, columns.count))
      }
      guard largest > 0 else { return }
      for row in stride(from: rows.lowerBound + 1, to: rows.upperBound, by: 4) {
        for column in stride(from: columns.lowerBound + row / 4 % 2, to: columns.upperBound, by: 2) {
          unsafe sample[count] = values[row * width + column]
          count += 1
        }
      }
    }
    guard count > 0 else { return (0, largest) }
    // What is beyond the sample is above every bound.
    for index in count..<sample.count { sample[index] = .max }
    return (ranked(count * 6 / 10, in: sample, largest: largest), largest)
  }

  private typealias Lane = SIMD16<UInt16>

  private static func largest(_ line: UnsafePointer<UInt16>, _ count: Int) -> UInt16 {
    var (lanes, index) = (Lane(repeating: 0), 0)
    while index + Lane.scalarCount <= count {
      let next = unsafe UnsafeRawPointer(line + index).loadUnaligned(as: Lane.self)
      lanes.replace(with: next, where: next .> lanes)
      index += Lane.scalarCount
    }
    var largest = lanes.max()
    while index < count {
      unsafe largest = max(largest, line[index])
      index += 1
    }
    return largest
  }

  /// The value that would stand at `rank` if `sample` were in order: the least that more than `rank` values do not exceed.
  ///
  /// Counting takes all values of a lane at once, which sorting does not.
  private static func ranked(_ rank: Int, in sample: [UInt16], largest: UInt16) -> UInt16 {
    var (low, high) = (0, Int(largest))
    unsafe sample.withUnsafeBytes { raw in
      while low < high {
        let middle = (low + high) / 2
        let bound = Lane(repeating: UInt16(middle))
        var below = Lane(repeating: 0)
        for index in stride(from: 0, to: raw.count, by: 2 * Lane.scalarCount) {
          let next = unsafe raw.loadUnaligned(fromByteOffset: index, as: Lane.self)
          below &+= Lane(repeating: 0).replacing(with: 1, where: next .<= bound)
        }
        if Int(below.wrappedSum()) > rank { high = middle } else { low = middle + 1 }
      }
    }
    return UInt16(low)
  }
}

/// A few rows of an opening at a time, so that all passes stay in the cache.
private struct OpeningBand {
  static let rows = 64
  private static let reach = StrokeResponse.side / 2
  /// Rows that the erosion of a band is needed for lie `reach` around it, and those it reads `reach` around these.
  private static let bandRows = rows + 4 * reach

  private let width: Int
  /// Columns at both ends that hold what changes no result.
  private let padded: Int
  private var first: [Int16]
  private var second: [Int16]

  init(width: Int) {
    self.width = width
    padded = width + 4 * Self.reach
    first = [Int16](repeating: 0, count: padded * (Self.bandRows + 1))
    second = first
  }

  mutating func write(
    rows: Range<Int>, of source: UnsafeBufferPointer<Int16>, height: Int, to result: UnsafeMutableBufferPointer<UInt16>
  ) {
    let (reach, padded, width) = (Self.reach, self.padded, self.width)
    let count = rows.count + 4 * reach
    unsafe first.withUnsafeMutableBufferPointer { a in
      unsafe second.withUnsafeMutableBufferPointer { b in
        guard let a = a.baseAddress, let b = b.baseAddress, let from = source.baseAddress,
          let to = result.baseAddress
        else { return }
        // What lies outside never is the smallest.
        for line in 0..<count {
          let row = rows.lowerBound - 2 * reach + line
          let target = unsafe a + line * padded
          for column in 0..<padded { unsafe target[column] = .max }
          if (0..<height).contains(row) { unsafe (target + 2 * reach).update(from: from + row * width, count: width) }
        }
        unsafe Morphology.extremes(a, b, rows: count, columns: padded, smallest: true)
        // The erosion lies in `a`; outside the image it must not be the largest.
        for line in 0..<count {
          let row = rows.lowerBound - 2 * reach + line
          let target = unsafe a + line * padded
          if (0..<height).contains(row) {
            for column in 0..<2 * reach { unsafe (target[column], target[padded - 1 - column]) = (.min, .min) }
          } else {
            for column in 0..<padded { unsafe target[column] = .min }
          }
        }
        unsafe Morphology.extremes(a, b, rows: count, columns: padded, smallest: false)
        for row in rows {
          let opened = unsafe a + (row - rows.lowerBound + 2 * reach) * padded + 2 * reach
          let (samples, target) = unsafe (from + row * width, to + row * width)
          for column in 0..<width {
            unsafe target[column] = UInt16(bitPattern: samples[column] &- opened[column])
          }
        }
      }
    }
  }
}

/// Smallest or largest samples of squares of 7 x 7.
private enum Morphology {
  /// Replaces every sample of `a` by the extreme of the square around it; samples within 3 of an edge are of no use.
  ///
  /// Windows of 2, 4 and 7 in turn, in both directions: three comparisons a direction.
  static func extremes(
    _ a: UnsafeMutablePointer<Int16>, _ b: UnsafeMutablePointer<Int16>, rows: Int, columns: Int, smallest: Bool
  ) {
    let total = rows * columns
    // Along the rows, over their ends: those samples are padding.
    unsafe combine(a, a, 1, into: b, total - 1, smallest)
    unsafe combine(b, b, 2, into: a, total - 3, smallest)
    unsafe combine(a, a, 3, into: b, total - 6, smallest)
    // Between the rows.
    unsafe combine(b, b, columns, into: a, total - columns, smallest)
    unsafe combine(a, a, 2 * columns, into: b, total - 3 * columns, smallest)
    unsafe combine(b, b, 3 * columns, into: a, total - 6 * columns, smallest)
    // Windows above start at their sample; bring each result to the middle of its window.
    let shift = 3 * columns + 3
    unsafe (a + shift).update(from: a, count: total - shift)
  }

  private static func combine(
    _ x: UnsafeMutablePointer<Int16>, _ y: UnsafeMutablePointer<Int16>, _ offset: Int,
    into result: UnsafeMutablePointer<Int16>, _ count: Int, _ smallest: Bool
  ) {
    guard count > 0 else { return }
    let other = unsafe y + offset
    if smallest {
      for index in 0..<count { unsafe result[index] = min(x[index], other[index]) }
    } else {
      for index in 0..<count { unsafe result[index] = max(x[index], other[index]) }
    }
  }
}
