internal import DICOMCore

/// Reads a file that was written, in the one form in which it should be: Explicit VR Little Endian, nothing else.
///
/// This is not the reader of input, and knows nothing of the writer: a mistake that the two share must not hide here.
struct OutputScanner {
  /// What stands in a part of the file.
  enum Content {
    case header(Tag)
    case text(Tag, VR)
    case binary(Tag, VR)
    case fragment
  }

  private enum Container { case sequence, item, fragments }

  private let window: OutputWindow
  private var size: Int { window.size }
  private var position = 0
  private var open: [Container] = []
  private(set) var transferSyntax = ""
  private var lastTags: [UInt32] = [0]

  init(_ window: OutputWindow) {
    self.window = window
  }

  struct Malformed: Error {}

  /// Hands over every byte of the file, in order, in parts of one kind.
  mutating func scan(_ visit: (Content, _ offset: Int, _ length: Int, _ depth: Int) throws -> Void) throws {
    let start = try window.bytes(0, 132)
    guard start.count == 132, start[0..<128].allSatisfy({ $0 == 0 }), start[128...].elementsEqual("DICM".utf8) else {
      throw Malformed()
    }
    position = 132
    while position < size { try next(visit) }
    guard position == size, open.isEmpty, !transferSyntax.isEmpty else { throw Malformed() }
  }

  private mutating func next(_ visit: (Content, Int, Int, Int) throws -> Void) throws {
    let begin = position
    guard try window.holds(begin, 8) else { throw Malformed() }
    let tag = UInt32(window.word(begin)) << 16 | UInt32(window.word(begin + 2))
    if tag >> 16 == 0xFFFE {
      return try delimiter(tag, window.long(begin + 4), begin, visit)
    }
    guard open.last == nil || open.last == .item, let vr = VR(window.byte(begin + 4), window.byte(begin + 5)),
      tag > lastTags[lastTags.count - 1]
    else { throw Malformed() }
    lastTags[lastTags.count - 1] = tag
    let isLong = vr.hasLongLength
    guard try !isLong || window.holds(begin, 12) else { throw Malformed() }
    let length = isLong ? window.long(begin + 8) : window.word(begin + 6)
    position += isLong ? 12 : 8
    let name = Tag(UInt16(tag >> 16), UInt16(truncatingIfNeeded: tag))
    try visit(.header(name), begin, position - begin, open.count)
    if length == 0xFFFF_FFFF {
      guard vr == .sq || tag == 0x7FE0_0010 else { throw Malformed() }
      open.append(vr == .sq ? .sequence : .fragments)
      return
    }
    // A sequence with a length is one without items.
    guard length <= size - position, length % 2 == 0, vr != .sq || length == 0 else { throw Malformed() }
    if tag == 0x0002_0010 {
      transferSyntax = String(decoding: try window.bytes(position, length), as: UTF8.self).trimmingPadding()
    }
    try visit(vr.isText ? .text(name, vr) : .binary(name, vr), position, length, open.count)
    position += length
  }

  private mutating func delimiter(
    _ tag: UInt32, _ length: Int, _ begin: Int, _ visit: (Content, Int, Int, Int) throws -> Void
  ) throws {
    position += 8
    try visit(.header(Tag(UInt16(tag >> 16), UInt16(truncatingIfNeeded: tag))), begin, 8, open.count)
    switch (tag, open.last) {
    case (0xFFFE_E000, .sequence?):
      guard length == 0xFFFF_FFFF else { throw Malformed() }
      open.append(.item)
      lastTags.append(0)
    case (0xFFFE_E00D, .item?):
      open.removeLast()
      lastTags.removeLast()
    case (0xFFFE_E000, .fragments?):
      guard length <= size - position, length % 2 == 0 else { throw Malformed() }
      try visit(.fragment, position, length, open.count)
      position += length
    case (0xFFFE_E0DD, .sequence?), (0xFFFE_E0DD, .fragments?): open.removeLast()
    default: throw Malformed()
    }
  }
}
