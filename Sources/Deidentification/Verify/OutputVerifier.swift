package import DICOMCore

/// Reads a file that was written, every byte of it, and says whether it may be released.
package struct OutputVerifier {
  private let tokens: SearchTokens
  private let markers: Markers
  private let policy: DeidentificationPolicy
  /// The UIDs that may stand in the output: those of the standard, and those that this run has made.
  private let isKnownUID: (String) -> Bool

  package init(
    tokens: SearchTokens, markers: Markers, policy: DeidentificationPolicy, isKnownUID: @escaping (String) -> Bool
  ) {
    (self.tokens, self.markers, self.policy, self.isKnownUID) = (tokens, markers, policy, isKnownUID)
  }

  /// What was found in a file that may be released.
  package struct Proof: Sendable, Equatable {
    package let digest: ContentDigest
    package let size: Int
    package let elementCount: Int
  }

  private static let pieceLength = 1 << 18
  /// Values up to this length, in bytes, are taken from what is at hand.
  private static let shortLength = 1 << 12

  /// - Parameters:
  ///   - size: Of the file, in bytes.
  ///   - read: Gives the bytes from an offset on, at most so many.
  /// - Throws: ``Doubt``, the first that there is.
  package func verify(size: Int, read: @escaping (_ offset: Int, _ count: Int) throws -> [UInt8]) throws -> Proof {
    let window = OutputWindow(size: size, read: read)
    var state = State()
    var scanner = OutputScanner(window)
    do {
      try scanner.scan { content, offset, length, depth in
        try check(content, offset, length, depth, window, &state)
      }
      guard state.codes == Set(markers.codes.map(\.code)), state.isRemoved, state.temporal == markers.temporal else {
        throw Doubt.markersMissing
      }
      return Proof(digest: try window.digest(), size: size, elementCount: state.elements)
    } catch let doubt as Doubt {
      throw doubt
    } catch {
      throw Doubt.unreadableOutput
    }
  }

  /// What has been read so far.
  private struct State {
    var elements = 0
    var codes: Set<String> = []
    var isRemoved = false
    var temporal = ""
    var isInMethod = false
  }

  private func check(
    _ content: OutputScanner.Content, _ offset: Int, _ length: Int, _ depth: Int, _ window: OutputWindow,
    _ state: inout State
  ) throws {
    switch content {
    case .header(let tag):
      if tag.group != 0xFFFE { state.elements += 1 }
      try checkTag(tag, depth, &state)
    case .text(let tag, let vr):
      let bytes = try window.bytes(offset, length)
      guard bytes.count == length else { throw Doubt.unreadableOutput }
      try checkText(bytes, tag, vr, depth, &state)
    case .binary, .fragment:
      try searchBinary(offset, length, window)
    }
  }

  private func checkTag(_ tag: Tag, _ depth: Int, _ state: inout State) throws {
    if depth == 0 { state.isInMethod = tag == .deidentificationMethodCodeSequence }
    if tag.isPrivate, !policy.options.contains(.retainSafePrivate) { throw Doubt.privateFound }
    guard ![0x50, 0x60].contains(tag.group >> 8), tag.group != 0xFFFC, tag.group != 0x0004 else {
      throw Doubt.privateFound
    }
  }

  // MARK: - Text

  private func checkText(_ bytes: [UInt8], _ tag: Tag, _ vr: VR, _ depth: Int, _ state: inout State) throws {
    func text() -> String { String(decoding: bytes, as: UTF8.self).trimmingPadding() }
    switch (tag, depth) {
    case (.patientIdentityRemoved, 0): state.isRemoved = text() == "YES"
    case (Tag(0x0028, 0x0303), 0): state.temporal = text()
    case (Tag(0x0008, 0x0100), _) where state.isInMethod: state.codes.insert(text())
    default: break
    }
    guard bytes.contains(where: { $0 != 0x20 && $0 != 0 }) else { return }
    switch vr {
    case .ui:
      guard ProfileRules.rule(tag)?.exception(under: policy.options)?.exception != .keep,
        !policy.options.contains(.retainUIDs)
      else { return }
      for uid in text().utf8.split(separator: 0x5C).map({ Substring($0).trimmingDots() }) {
        guard isKnownUID(uid), !tokens.uids.contains(uid) else { throw Doubt.uidFound }
      }
    case .ds, .is, .da, .tm, .dt, .as:
      guard bytes.allSatisfy({ Self.isOfNumbers($0, vr) }) else { throw Doubt.identifierFound }
      if vr == .ds || vr == .is, TellingNumbers.mayStand(in: bytes), tokens.numbers.contains(text()) {
        throw Doubt.identifierFound
      }
    default:
      try searchText(bytes)
      if bytes.contains(UInt8(ascii: ".")) { try searchUIDs(text()) }
    }
  }

  /// Digits and what goes with them, and the letters of an age or of an exponent.
  private static func isOfNumbers(_ byte: UInt8, _ vr: VR) -> Bool {
    switch byte {
    case 0x30...0x39, 0x20, 0x2B, 0x2D, 0x2E, 0x3A, 0x5C, 0x00: true
    case 0x44, 0x57, 0x4D, 0x59: vr == .as
    case 0x45, 0x65: vr == .ds
    default: false
    }
  }

  private func searchText(_ bytes: [UInt8]) throws {
    if let kind = tokens.kind(in: bytes) { throw Self.doubt(kind) }
  }

  private static func doubt(_ kind: SearchTokens.Kind) -> Doubt {
    switch kind {
    case .word, .name, .source: .nameFound
    case .identifier, .number: .identifierFound
    case .date: .dateFound
    }
  }

  private func searchUIDs(_ text: String) throws {
    guard !policy.options.contains(.retainUIDs) else { return }
    let runs = text.split { !($0 == "." || ("0"..."9").contains($0)) }
    if runs.contains(where: { tokens.uids.contains($0.trimmingDots()) }) { throw Doubt.uidFound }
  }

  // MARK: - Binary values and pixels

  private func searchBinary(_ offset: Int, _ length: Int, _ window: OutputWindow) throws {
    let end = offset + length
    var position = offset
    while position < end {
      // A pattern may lie across the edge of two pieces.
      let start = max(offset, position - LongPatternSearch.longest + 1)
      let count = position - start + min(Self.pieceLength, end - position)
      let bytes =
        length > Self.shortLength ? try window.piece(start, count, fresh: position) : try window.bytes(start, count)
      guard start + bytes.count > position else { throw Doubt.unreadableOutput }
      if let pattern = tokens.binarySearch.firstMatch(in: bytes) { throw Self.doubt(tokens.tokens[pattern].kind) }
      position = start + bytes.count
    }
  }
}
