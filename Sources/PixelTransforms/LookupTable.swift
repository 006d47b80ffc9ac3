internal import DICOMCore

/// A lookup table of the Modality LUT, VOI LUT or Palette Color LUT module, unpacked.
struct LookupTable: Sendable, Equatable {
  /// The input value that the first entry stands for.
  let firstMapped: Int
  /// Bits of an entry, 8 to 16.
  let bits: Int
  /// 1 to 65,536 entries.
  let entries: [UInt16]

  /// The greatest value that an entry can hold.
  var maximum: Int { (1 << bits) - 1 }

  /// SHA-256 over the entries, 16 bits each, little endian.
  var digest: ContentDigest { ContentDigest(of: entries.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8($0 >> 8)] }) }

  /// The entry for `input`; the first entry below the table, the last one above it (PS3.3 C.11.1.1.1, C.11.2.1.1).
  ///
  /// An input between two integers, which a rescale can make, takes the nearer one, a half the upper one.
  func entry(for input: Double) -> UInt16 {
    let offset = (input + 0.5).rounded(.down) - Double(firstMapped)
    if !(offset > 0) { return entries[0] }
    if offset >= Double(entries.count - 1) { return entries[entries.count - 1] }
    return entries[Int(offset)]
  }

  /// Inputs below and above the table, which take its first and last entry.
  func clamps(_ input: Double) -> Clipping? {
    let nearest = (input + 0.5).rounded(.down)
    if nearest < Double(firstMapped) { return .below }
    return nearest > Double(firstMapped + entries.count - 1) ? .above : nil
  }
}

/// On which side of a transformation's range a value lies.
enum Clipping: Sendable {
  case below, above
}

extension LookupTable {
  /// Reads a LUT of an item or of the data set itself.
  ///
  /// - Parameters:
  ///   - item: What holds the two attributes.
  ///   - descriptor: The tag of the descriptor.
  ///   - data: The tag of the entries.
  ///   - isSigned: Whether inputs are signed: the first value mapped is then taken as two's complement, whatever VR the
  ///     descriptor has.
  /// - Throws: A descriptor that makes no sense, or fewer entries than it states.
  init(
    in item: DataSet, descriptor: Tag = .lutDescriptor, data: Tag = .lutData, inputIsSigned isSigned: Bool
  ) throws(PixelTransformError) {
    let (count, firstMapped, bits) = try Self.descriptor(descriptor, in: item, inputIsSigned: isSigned)
    let (words, width) = try Self.entries(data, in: item, count: count, bits: bits)
    self.init(firstMapped: firstMapped, bits: width, entries: words)
  }

  /// Number of entries (0 means 65,536), first input value mapped, bits of an entry (PS3.3 C.11.1.1.1).
  static func descriptor(
    _ tag: Tag, in item: DataSet, inputIsSigned isSigned: Bool
  ) throws(PixelTransformError) -> (count: Int, firstMapped: Int, bits: Int) {
    guard let element = item[tag] else { throw .missingAttribute(tag) }
    let words: [Int]
    switch element.value {
    case .integers(let integers): words = integers
    case .bytes(let bytes): words = Self.words(of: bytes).map(Int.init)
    default: throw .malformedLUTDescriptor(tag)
    }
    guard words.count == 3, words.allSatisfy({ (-32768...65535).contains($0) }), (8...16).contains(words[2]) else {
      throw .malformedLUTDescriptor(tag)
    }
    let count = words[0] & 0xFFFF
    let firstMapped = isSigned && words[1] >= 0x8000 ? words[1] - 0x10000 : words[1]
    return (count == 0 ? 65536 : count, firstMapped, words[2])
  }

  /// The entries, and the bits they turn out to have.
  ///
  /// 8-bit entries come two to a word, low byte first, or, from some writers, one to a word.
  private static func entries(
    _ tag: Tag, in item: DataSet, count: Int, bits: Int
  ) throws(PixelTransformError) -> (words: [UInt16], bits: Int) {
    guard let element = item[tag] else { throw .missingAttribute(tag) }
    let bytes: [UInt8]
    switch element.value {
    case .bytes(let values): bytes = values
    case .integers(let values):
      bytes = values.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8(truncatingIfNeeded: $0 >> 8)] }
    default: throw .malformedAttribute(tag)
    }
    if bytes.count >= 2 * count {
      let words = Array(Self.words(of: bytes).prefix(count))
      let isWider = bits == 8 && words.contains { $0 > 0xFF }
      return (words, isWider ? 16 : bits)
    }
    guard bits == 8, bytes.count >= count else {
      throw .shortLUTData(tag, expected: count, found: bits == 8 ? bytes.count : bytes.count / 2)
    }
    return (bytes.prefix(count).map(UInt16.init), 8)
  }

  /// Little endian 16-bit words; an odd last byte is padding.
  static func words(of bytes: [UInt8]) -> [UInt16] {
    (0..<bytes.count / 2).map { UInt16(bytes[2 * $0]) | UInt16(bytes[2 * $0 + 1]) << 8 }
  }
}
