internal import DICOMCore
internal import DICOMFiles

/// The tables that say where frames begin: numbers that follow from the fragments, so that anything else in them is not meant as one.
struct OffsetTables {
  private let basic: [Int]
  /// `nil` where there is none.
  private let offsets: [Int]?
  private let lengths: [Int]?
  /// A table whose length is no multiple of its numbers'.
  private let isBroken: Bool

  init(of dataSet: RawDataSet, _ source: ElementFile, _ fragments: [RawFragment]) throws {
    func numbers(_ element: RawElement?) throws -> [UInt8]? {
      switch element?.value {
      case .bytes(let bytes): bytes
      case .stored(let stored): try source.bytes(of: stored, count: stored.length)
      default: nil
      }
    }
    var table: [UInt8] = []
    if case .stored(let stored)? = fragments.first { table = try source.bytes(of: stored, count: stored.length) }
    let far = try numbers(dataSet[.extendedOffsetTable])
    let sizes = try numbers(dataSet[Tag(0x7FE0, 0x0002)])
    basic = Self.numbers(table, 4)
    (offsets, lengths) = (far.map { Self.numbers($0, 8) }, sizes.map { Self.numbers($0, 8) })
    isBroken = table.count % 4 != 0 || (far?.count ?? 0) % 8 != 0 || (sizes?.count ?? 0) % 8 != 0
  }

  private static func numbers(_ bytes: [UInt8], _ width: Int) -> [Int] {
    stride(from: 0, through: bytes.count - width, by: width).map { place in
      bytes[place..<place + width].reversed().reduce(0) { $0 &<< 8 | Int($1) }
    }
  }

  /// - Parameter frames: The lengths of the fragments of each frame.
  func agree(with frames: [[Int]]) -> Bool {
    var (starts, place) = ([Int](), 0)
    for frame in frames {
      starts.append(place)
      place += frame.reduce(0) { $0 + 8 + $1 }
    }
    // Lengths are those before padding.
    let isLength = { (length: Int, frame: [Int]) in frame.count == 1 && (length == frame[0] || length + 1 == frame[0]) }
    return !isBroken && (basic.isEmpty || basic == starts) && (offsets ?? starts) == starts
      && (lengths ?? []).count == (lengths == nil ? 0 : frames.count)
      && zip(lengths ?? [], frames).allSatisfy(isLength)
  }
}
