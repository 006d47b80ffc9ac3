internal import Crypto

extension UID {
  /// A UID that follows from `parts` alone: `2.25.` and a 128-bit number taken from their SHA-256.
  ///
  /// The number has the version and variant bits of an RFC 9562 version 8 UUID, so that PS3.5 B.2 (UUID-derived UIDs)
  /// holds. The parts are joined by the unit separator U+001F.
  ///
  /// - Parameters:
  ///   - namespace: What is identified, such as `"sr"` or `"device"`; the same parts in two namespaces differ.
  ///   - parts: Everything the identity depends on, in a fixed order.
  package static func derived(_ namespace: String, _ parts: [String]) -> UID {
    let text = ([namespace] + parts).joined(separator: "\u{1F}")
    var bytes = Array(SHA256.hash(data: Array(text.utf8)).prefix(16))
    bytes[6] = bytes[6] & 0x0F | 0x80
    bytes[8] = bytes[8] & 0x3F | 0x80
    let number = bytes.reduce(UInt128(0)) { $0 << 8 | UInt128($1) }
    return UID(wellKnown: "2.25.\(number)")
  }
}
