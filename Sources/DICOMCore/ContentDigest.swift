internal import Crypto

/// A SHA-256 digest, written as `sha256:` and 64 hexadecimal digits.
package struct ContentDigest: Sendable, Hashable, Codable, CustomStringConvertible {
  package let description: String

  /// The digest of `bytes`.
  package init(of bytes: some Sequence<UInt8>) {
    var hasher = ContentHasher()
    hasher.update(Array(bytes))
    self = hasher.finish()
  }

  /// The digest of the UTF-8 form of `text`.
  package init(ofText text: String) {
    self.init(of: text.utf8)
  }

  fileprivate init(hash: SHA256.Digest) {
    let digits = Array("0123456789abcdef".utf8)
    var text = Array("sha256:".utf8)
    for byte in hash {
      text.append(digits[Int(byte >> 4)])
      text.append(digits[Int(byte & 15)])
    }
    self.description = String(decoding: text, as: UTF8.self)
  }

  package init(from decoder: any Decoder) throws {
    let text = try decoder.singleValueContainer().decode(String.self)
    guard text.hasPrefix("sha256:"), text.utf8.count == 71 else {
      throw DecodingError.dataCorrupted(
        .init(codingPath: decoder.codingPath, debugDescription: "expected sha256: and 64 hexadecimal digits"))
    }
    self.description = text
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}

/// SHA-256 over data that arrives in pieces.
package struct ContentHasher: Sendable {
  private var hash = SHA256()

  package init() {}

  package mutating func update(_ bytes: [UInt8]) {
    hash.update(data: bytes)
  }

  package mutating func update(_ bytes: RawSpan) {
    unsafe bytes.withUnsafeBytes { unsafe hash.update(bufferPointer: $0) }
  }

  package consuming func finish() -> ContentDigest {
    ContentDigest(hash: hash.finalize())
  }
}
