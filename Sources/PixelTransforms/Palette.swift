internal import DICOMCore

/// The three tables of a PALETTE COLOR image (PS3.3 C.7.9 and C.7.6.3.1.5).
struct Palette: Sendable {
  /// Red, green, blue.
  let tables: [LookupTable]

  private static let channels: [(descriptor: Tag, data: Tag, segmented: Tag)] = [
    (
      .redPaletteColorLookupTableDescriptor, .redPaletteColorLookupTableData, .segmentedRedPaletteColorLookupTableData
    ),
    (
      .greenPaletteColorLookupTableDescriptor, .greenPaletteColorLookupTableData,
      .segmentedGreenPaletteColorLookupTableData
    ),
    (
      .bluePaletteColorLookupTableDescriptor, .bluePaletteColorLookupTableData,
      .segmentedBluePaletteColorLookupTableData
    ),
  ]

  init(in dataSet: DataSet, isSigned: Bool) throws(PixelTransformError) {
    var tables: [LookupTable] = []
    for channel in Self.channels {
      if dataSet.contains(channel.segmented), !dataSet.contains(channel.data) {
        tables.append(
          try LookupTable(
            segmentsIn: dataSet, descriptor: channel.descriptor, data: channel.segmented, inputIsSigned: isSigned))
      } else {
        tables.append(
          try LookupTable(
            in: dataSet, descriptor: channel.descriptor, data: channel.data, inputIsSigned: isSigned))
      }
    }
    self.tables = tables
  }
}

extension LookupTable {
  /// Expands a segmented palette (PS3.3 C.7.9.2) into the number of entries its descriptor states.
  init(
    segmentsIn item: DataSet, descriptor: Tag, data: Tag, inputIsSigned isSigned: Bool
  ) throws(PixelTransformError) {
    let (count, firstMapped, bits) = try Self.descriptor(descriptor, in: item, inputIsSigned: isSigned)
    let bytes: [UInt8]
    switch item[data]?.value {
    case .bytes(let values)?: bytes = values
    case .integers(let values)?:
      bytes = values.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8(truncatingIfNeeded: $0 >> 8)] }
    case nil: throw .missingAttribute(data)
    default: throw .malformedAttribute(data)
    }
    var expansion = SegmentExpansion(
      data: bits == 8 ? bytes.map(UInt16.init) : Self.words(of: bytes), isByteWide: bits == 8, limit: count, tag: data)
    try expansion.run()
    guard expansion.entries.count >= count else {
      throw .shortLUTData(data, expected: count, found: expansion.entries.count)
    }
    self.init(firstMapped: firstMapped, bits: bits, entries: Array(expansion.entries.prefix(count)))
  }
}

/// Expands discrete, linear and indirect segments, never past `limit` entries.
private struct SegmentExpansion {
  let data: [UInt16]
  let isByteWide: Bool
  let limit: Int
  let tag: Tag
  private(set) var entries: [UInt16] = []

  init(data: [UInt16], isByteWide: Bool, limit: Int, tag: Tag) {
    self.data = data
    self.isByteWide = isByteWide
    self.limit = limit
    self.tag = tag
  }

  mutating func run() throws(PixelTransformError) {
    var position = 0
    // An opcode and a length at least: a single element left over is padding.
    while position + 1 < data.count, entries.count < limit {
      position = try expandSegment(at: position, mayBeIndirect: true)
    }
  }

  /// Expands one segment and returns the position after it.
  private mutating func expandSegment(at start: Int, mayBeIndirect: Bool) throws(PixelTransformError) -> Int {
    guard start + 1 < data.count else { throw .malformedSegment(tag, position: start) }
    let length = Int(data[start + 1])
    let body = start + 2
    switch data[start] {
    case 0:
      guard length > 0, body + length <= data.count else { throw .malformedSegment(tag, position: start) }
      entries.append(contentsOf: data[body..<body + length].prefix(limit - entries.count))
      return body + length
    case 1:
      guard length > 0, body < data.count, let first = entries.last else {
        throw .malformedSegment(tag, position: start)
      }
      appendLine(from: first, to: data[body], length: length)
      return body + 1
    case 2 where mayBeIndirect:
      let offsetWidth = isByteWide ? 4 : 2
      guard length > 0, body + offsetWidth <= data.count else { throw .malformedSegment(tag, position: start) }
      let offset = byteOffset(at: body)
      guard isByteWide || offset.isMultiple(of: 2) else { throw .malformedSegment(tag, position: start) }
      try expandIndirect(segments: length, target: isByteWide ? offset : offset / 2, from: start)
      return body + offsetWidth
    default: throw .malformedSegment(tag, position: start)
    }
  }

  /// A line that starts after `first` and ends on `last`, rounded to the nearest value (PS3.3 C.7.9.2.2).
  private mutating func appendLine(from first: UInt16, to last: UInt16, length: Int) {
    for step in 1...length where entries.count < limit {
      let value = Double(first) + (Double(last) - Double(first)) * Double(step) / Double(length)
      entries.append(UInt16(value.rounded(.toNearestOrEven)))
    }
  }

  /// Repeats earlier segments, which may not be indirect themselves (PS3.3 C.7.9.2.3).
  private mutating func expandIndirect(segments: Int, target: Int, from start: Int) throws(PixelTransformError) {
    guard target < start else { throw .malformedSegment(tag, position: start) }
    var position = target
    for _ in 0..<segments where entries.count < limit {
      position = try expandSegment(at: position, mayBeIndirect: false)
    }
  }

  /// The offset of an indirect segment from the start of the data, least significant part first.
  private func byteOffset(at position: Int) -> Int {
    isByteWide
      ? (0..<4).reversed().reduce(0) { $0 << 8 | Int(data[position + $1]) }
      : Int(data[position + 1]) << 16 | Int(data[position])
  }
}
