internal import Crypto

/// HMAC-SHA256 under a secret key: the same input has the same output for whoever holds the key, and tells nothing to others.
package struct KeyedDigest: Sendable {
  /// Bytes of a key.
  package static let keyLength = 32

  private let key: SymmetricKey

  /// - Precondition: `key` has ``keyLength`` bytes.
  package init(key: [UInt8]) {
    precondition(key.count == Self.keyLength, "a key has 32 bytes")
    self.key = SymmetricKey(data: key)
  }

  /// The 32 bytes for `parts`, each joined with the next by a NUL, under a purpose of its own.
  package func bytes(_ purpose: String, _ parts: [String]) -> [UInt8] {
    let text = ([purpose] + parts).joined(separator: "\0")
    return Array(HMAC<SHA256>.authenticationCode(for: Array(text.utf8), using: key))
  }

  /// The first eight bytes as a number.
  package func number(_ purpose: String, _ parts: [String]) -> UInt64 {
    bytes(purpose, parts).prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
  }

  /// The first `count` bytes as lower case hexadecimal digits.
  package func hexadecimal(_ purpose: String, _ parts: [String], count: Int = 16) -> String {
    bytes(purpose, parts).prefix(count).map { byte in
      let digits = String(byte, radix: 16)
      return digits.utf8.count == 1 ? "0" + digits : digits
    }.joined()
  }

  /// A UID: `2.25.` and a number of 128 bits with version and variant of an RFC 9562 version 8 UUID (PS3.5 B.2).
  package func uid(_ purpose: String, _ parts: [String]) -> UID {
    var bytes = Array(bytes(purpose, parts).prefix(16))
    bytes[6] = bytes[6] & 0x0F | 0x80
    bytes[8] = bytes[8] & 0x3F | 0x80
    return UID(wellKnown: "2.25.\(bytes.reduce(UInt128(0)) { $0 << 8 | UInt128($1) })")
  }

  /// A fresh key from the system's source of randomness.
  package static func randomKey() -> [UInt8] {
    unsafe SymmetricKey(size: .bits256).withUnsafeBytes { unsafe Array($0) }
  }
}
