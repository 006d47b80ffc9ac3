internal import DICOMCore

/// How small files are kept: what the file is, what it is found by, the digest of what follows, and the content.
///
/// A file that is damaged, cut or misplaced does not open.
struct SealedEntry {
  /// Such as `bucky-cache/1`.
  let kind: String

  func seal(_ content: [UInt8], key: ContentDigest) -> [UInt8] { header(content, key: key) + content }

  /// The content of a file that was sealed under `key`, or `nil`.
  func content(of stored: [UInt8], key: ContentDigest) -> [UInt8]? {
    let headerLength = kind.utf8.count + 1 + 2 * (key.description.utf8.count + 1)
    guard stored.count >= headerLength else { return nil }
    let content = Array(stored[headerLength...])
    return stored.starts(with: header(content, key: key)) ? content : nil
  }

  /// Three lines.
  private func header(_ content: [UInt8], key: ContentDigest) -> [UInt8] {
    Array("\(kind)\n\(key)\n\(ContentDigest(of: content))\n".utf8)
  }
}
