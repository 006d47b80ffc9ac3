/// Serialised SentencePiece models, byte by byte (protocol buffers, `sentencepiece_model.proto`).
enum SentencePieceBytes {
  static func varint(_ value: UInt64) -> [UInt8] {
    value < 0x80 ? [UInt8(value)] : [UInt8(value & 0x7F) | 0x80] + varint(value >> 7)
  }

  static func field(_ number: UInt64, _ bytes: [UInt8]) -> [UInt8] {
    varint(number << 3 | 2) + varint(UInt64(bytes.count)) + bytes
  }

  static func field(_ number: UInt64, _ value: UInt64) -> [UInt8] { varint(number << 3) + varint(value) }

  static func field(_ number: UInt64, _ value: Float) -> [UInt8] {
    varint(number << 3 | 5) + littleEndian(value.bitPattern)
  }

  static func littleEndian(_ value: UInt32) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) } }

  /// A piece of `type`: 1 is normal, 2 unknown, 3 control, 4 a symbol of the user.
  static func piece(_ text: [UInt8], score: Float = -1, type: UInt64 = 1) -> [UInt8] {
    field(1, field(1, text) + field(2, score) + field(3, type))
  }

  static func piece(_ text: String, score: Float = -1, type: UInt64 = 1) -> [UInt8] {
    piece(Array(text.utf8), score: score, type: type)
  }

  /// Five pieces that make a whole model.
  static let base =
    piece("</s>", score: 0, type: 3) + piece("<unk>", score: 0, type: 2) + piece("\u{2581}") + piece("a") + piece("b")

  static func training(model: UInt64 = 1) -> [UInt8] { field(2, field(3, model)) }

  static func normalizer(map: [UInt8]) -> [UInt8] { field(3, field(1, Array("made".utf8)) + field(2, map)) }

  // MARK: Character maps

  /// Replaces `a`, `aa`, `aaa` … by `b`: a chain of `length` units, one to a block.
  static func chain(length: Int, change: (inout [UInt32]) -> Void = { _ in }) -> [UInt8] {
    // What no search enters is a value.
    var units = [UInt32](repeating: 1 << 31, count: 256 * (length + 1))
    units[0] = unit(at: 0, children: 256, label: 0, hasValue: false)
    for step in 1...length {
      let place = 256 * step + 0x61
      let children = step < length ? 256 * (step + 1) : 256 * step + 0x80
      units[place] = unit(at: place, children: children, label: 0x61, hasValue: true)
      units[children] = 1 << 31
      // The value of the one before lies where this one's siblings start.
    }
    change(&units)
    return map(units, replacements: [0x62, 0])
  }

  static func unit(at place: Int, children: Int, label: UInt32, hasValue: Bool) -> UInt32 {
    UInt32(place ^ children) << 10 | (hasValue ? 1 << 8 : 0) | label
  }

  static func map(_ units: [UInt32], replacements: [UInt8]) -> [UInt8] {
    littleEndian(UInt32(4 * units.count)) + units.flatMap(littleEndian) + replacements
  }
}
