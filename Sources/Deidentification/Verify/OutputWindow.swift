internal import DICOMCore

/// The bytes of a file in order: those at hand, and the digest of all that has been passed.
final class OutputWindow {
  let size: Int
  private let read: (Int, Int) throws -> [UInt8]
  /// What is at hand, from `start` on.
  private var start = 0
  private var held: [UInt8] = []
  private var hasher = ContentHasher()
  private var hashed = 0

  /// Read at once where bytes are needed one after the other.
  private static let length = 1 << 16

  init(size: Int, read: @escaping (_ offset: Int, _ count: Int) throws -> [UInt8]) {
    (self.size, self.read) = (size, read)
  }

  /// Whether `count` bytes from `offset` on are at hand, after what it takes to have them. What lies before is given up.
  func holds(_ offset: Int, _ count: Int) throws -> Bool {
    if offset + count > start + held.count {
      try pass(offset)
      held = try read(offset, max(count, Self.length))
      start = offset
    }
    return offset + count <= start + held.count
  }

  /// A byte that is at hand.
  func byte(_ offset: Int) -> UInt8 { held[offset - start] }

  /// A number of two bytes that are at hand.
  func word(_ offset: Int) -> Int { Int(byte(offset)) | Int(byte(offset + 1)) << 8 }

  /// A number of four bytes that are at hand.
  func long(_ offset: Int) -> Int { word(offset) | word(offset + 2) << 16 }

  /// Bytes of which fewer are there only at the end of the file.
  func bytes(_ offset: Int, _ count: Int) throws -> [UInt8] {
    _ = try holds(offset, count)
    let from = offset - start
    return Array(held[from..<min(held.count, from + count)])
  }

  /// Bytes of a long value, which are not kept; those from `fresh` on have not been read before.
  func piece(_ offset: Int, _ count: Int, fresh: Int) throws -> [UInt8] {
    try pass(fresh)
    let bytes = try read(offset, count)
    guard bytes.count > fresh - offset else { return [] }
    unsafe hasher.update(bytes.span.bytes.extracting(fresh - offset..<bytes.count))
    hashed = offset + bytes.count
    return bytes
  }

  /// The digest of all bytes up to the end.
  func digest() throws -> ContentDigest {
    try pass(size)
    return hasher.finish()
  }

  struct Gap: Error {}

  /// Everything before `offset` has been looked at.
  private func pass(_ offset: Int) throws {
    guard hashed < offset else { return }
    guard hashed >= start, offset <= start + held.count else { throw Gap() }
    unsafe hasher.update(held.span.bytes.extracting(hashed - start..<offset - start))
    hashed = offset
  }
}
