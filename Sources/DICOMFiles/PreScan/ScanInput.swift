/// The bytes of a file in order, as they are or inflated, with one piece of at most 64 KiB in memory.
struct ScanInput: ~Copyable {
  /// From the start of the file, or of what was inflated.
  private(set) var position: Int
  /// Where the bytes end; `nil` while an inflated stream has not come to its end.
  private(set) var end: Int?

  private let source: SourceFile
  private var piece: [UInt8] = []
  /// The place of the first byte of `piece`.
  private var pieceStart: Int
  private var inflater: Inflater?
  private var compressed = CompressedBytes()
  private let inflatedLimit: Int

  /// What is read at once: little after a value that was passed over, more and more where bytes are read in order.
  private var pieceLength = Self.pieceLengths.lowerBound
  private static let pieceLengths = 1 << 12...1 << 16

  init(_ source: SourceFile, inflatedLimit: Int) {
    self.source = source
    (position, pieceStart, end) = (0, 0, source.size)
    self.inflatedLimit = inflatedLimit
  }

  /// From here on the bytes are those that the rest of the file inflates to; positions start at 0 again.
  mutating func inflateRest() {
    compressed = CompressedBytes(offset: position)
    inflater = Inflater()
    (position, pieceStart, piece, end) = (0, 0, [], nil)
  }

  /// Whether positions are those of inflated bytes, which are in no file.
  var isInflated: Bool { inflater != nil }

  /// Whether `count` more bytes are there.
  mutating func has(_ count: Int) throws(ScanFailure) -> Bool {
    if let end { return count <= end - position }
    // Only asked for the few bytes of a header while inflating.
    try load(count)
    return pieceStart + piece.count - position >= count
  }

  /// The next `count` bytes, at most a piece's length; `nil` when the end comes first.
  mutating func read(_ count: Int) throws(ScanFailure) -> ArraySlice<UInt8>? {
    try load(count)
    let start = position - pieceStart
    guard count <= piece.count - start else { return nil }
    position += count
    return piece[start..<start + count]
  }

  /// The same bytes, left where they are.
  mutating func peek(_ count: Int) throws(ScanFailure) -> [UInt8]? {
    try load(count)
    let start = position - pieceStart
    return count <= piece.count - start ? Array(piece[start..<start + count]) : nil
  }

  /// The bytes that are at hand from here on; empty at the end.
  mutating func readPiece() throws(ScanFailure) -> [UInt8] {
    try load(1)
    let bytes = Array(piece[(position - pieceStart)...])
    position += bytes.count
    return bytes
  }

  /// Passes over `count` bytes; those of a file are not read. Returns whether they were there.
  mutating func skip(_ count: Int) throws(ScanFailure) -> Bool {
    if let end {
      guard count <= end - position else { return false }
      position += count
      return true
    }
    let target = position + count
    while target > pieceStart + piece.count, end == nil {
      position = pieceStart + piece.count
      try load(1)
    }
    guard target <= pieceStart + piece.count else { return false }
    position = target
    return true
  }

  /// Makes `count` bytes from `position` on part of the piece, as far as they exist.
  private mutating func load(_ count: Int) throws(ScanFailure) {
    let available = pieceStart + piece.count - position
    if position >= pieceStart, available >= count { return }
    if inflater == nil {
      let isInOrder = position >= pieceStart && available >= 0
      pieceLength = isInOrder ? min(2 * pieceLength, Self.pieceLengths.upperBound) : Self.pieceLengths.lowerBound
      piece = try readFile(at: position, count: max(count, pieceLength))
      pieceStart = position
    } else {
      var kept = available > 0 ? Array(piece[(position - pieceStart)...]) : []
      while kept.count < count, end == nil { try inflate(into: &kept) }
      (piece, pieceStart) = (kept, position)
    }
  }

  private mutating func inflate(into bytes: inout [UInt8]) throws(ScanFailure) {
    let next: [UInt8]
    do throws(Inflater.Failure) {
      next = try inflatedPiece()
    } catch {
      throw .finding(
        PreScanFinding(error == .truncated ? .valueBeyondEnd : .deflateStream, at: position + bytes.count))
    }
    bytes += next
    if next.isEmpty { end = position + bytes.count }
    guard position + bytes.count <= inflatedLimit else {
      throw .finding(PreScanFinding(.inflatedSize, at: inflatedLimit))
    }
  }

  private mutating func inflatedPiece() throws(Inflater.Failure) -> [UInt8] {
    guard var inflater else { return [] }
    var bytes = compressed
    let source = source
    defer { (compressed, self.inflater) = (bytes, inflater) }
    return try inflater.piece { bytes.next(source) }
  }

  private func readFile(at offset: Int, count: Int) throws(ScanFailure) -> [UInt8] {
    do throws(DICOMFileError) {
      return try source.read(at: offset, count: min(count, max(0, source.size - offset)))
    } catch {
      throw .file(error)
    }
  }
}

/// Why a scan stopped.
enum ScanFailure: Error {
  case finding(PreScanFinding)
  case file(DICOMFileError)
}

/// The deflated bytes of a file, one after the other; a read error ends them.
private struct CompressedBytes {
  private var offset = 0
  private var buffer: [UInt8] = []
  private var index = 0

  init(offset: Int = 0) {
    self.offset = offset
  }

  mutating func next(_ source: SourceFile) -> UInt8? {
    if index == buffer.count {
      buffer = (try? source.read(at: offset, count: 1 << 16)) ?? []
      offset += buffer.count
      index = 0
      if buffer.isEmpty { return nil }
    }
    defer { index += 1 }
    return buffer[index]
  }
}
