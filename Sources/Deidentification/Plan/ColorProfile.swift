/// ICC profiles (ISO 15076-1), which say in words what they are for, who made them and for whose display.
enum ColorProfile {
  /// The profile with what its text says overwritten, and nothing between its tags; `nil` for what is no profile.
  static func withoutText(_ bytes: [UInt8]) -> [UInt8]? {
    func number(_ place: Int) -> Int { bytes[place..<place + 4].reduce(0) { $0 << 8 | Int($1) } }
    guard bytes.count >= 132, bytes[36..<40].elementsEqual("acsp".utf8) else { return nil }
    let count = number(128)
    guard count <= 256, 132 + 12 * count <= bytes.count else { return nil }
    var result = [UInt8](repeating: 0, count: bytes.count)
    result.replaceSubrange(0..<132 + 12 * count, with: bytes[0..<132 + 12 * count])
    // Date, maker, model and creator of the header, its profile ID and its reserved bytes.
    for range in [24..<36, 48..<56, 80..<128] { for place in range { result[place] = 0 } }
    for entry in 0..<count {
      let place = 132 + 12 * entry
      let (start, length) = (number(place + 4), number(place + 8))
      guard start >= 132 + 12 * count, length >= 8, start + length <= bytes.count else { return nil }
      let kind = String(decoding: bytes[start..<start + 4], as: UTF8.self)
      guard kinds.contains(kind) || texts.contains(kind) else { return nil }
      result.replaceSubrange(start..<start + length, with: bytes[start..<start + length])
      switch kind {
      case "text": for place in start + 8..<start + length where result[place] > 0x20 { result[place] = 0x20 }
      // A count of four bytes stands before the letters, and what follows them is seldom anything but zeros.
      case "desc":
        for place in start + min(12, length)..<start + length where result[place] > 0x20 { result[place] = 0x20 }
      case "mluc": blankLocalized(&result, start, length, number)
      default: break
      }
    }
    return result
  }

  private static let kinds: Set<String> = [
    "XYZ ", "curv", "para", "sf32", "mft1", "mft2", "mAB ", "mBA ", "chrm", "view", "meas", "sig ", "clrt", "dtim",
    "ui08",
    "ui16", "uf32",
  ]
  private static let texts: Set<String> = ["text", "desc", "mluc"]

  /// The strings of a multiLocalizedUnicodeType (10.15): their places are in its records, which stay.
  private static func blankLocalized(_ bytes: inout [UInt8], _ start: Int, _ length: Int, _ number: (Int) -> Int) {
    guard length >= 16, number(start + 8) <= 64 else { return }
    for record in 0..<number(start + 8) where 16 + 12 * (record + 1) <= length {
      let (size, offset) = (number(start + 16 + 12 * record + 4), number(start + 16 + 12 * record + 8))
      guard offset >= 0, size >= 0, offset + size <= length else { continue }
      for place in start + offset..<start + offset + size {
        bytes[place] = place % 2 == (start + offset) % 2 ? 0 : 0x20
      }
    }
  }
}
