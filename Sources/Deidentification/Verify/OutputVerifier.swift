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

  /// - Parameters:
  ///   - size: Of the file, in bytes.
  ///   - read: Gives the bytes from an offset on, at most so many.
  /// - Throws: ``Doubt``, the first that there is.
  package func verify(size: Int, read: @escaping (_ offset: Int, _ count: Int) throws -> [UInt8]) throws -> Proof {
    let window = Window(read: read)
    var state = State()
    var scanner = OutputScanner(size: size) { offset, count in try window.bytes(offset, count) }
    do {
      let preamble = try window.bytes(0, min(132, size))
      state.hasher.update(preamble)
      try scanner.scan { content, offset, length, depth in
        try check(content, offset, length, depth, window, &state)
      }
    } catch let doubt as Doubt {
      throw doubt
    } catch {
      throw Doubt.unreadableOutput
    }
    guard state.codes == Set(markers.codes.map(\.code)), state.isRemoved, state.temporal == markers.temporal else {
      throw Doubt.markersMissing
    }
    return Proof(digest: state.hasher.finish(), size: size, elementCount: state.elements)
  }

  /// What has been read so far.
  private struct State {
    var hasher = ContentHasher()
    var elements = 0
    var codes: Set<String> = []
    var isRemoved = false
    var temporal = ""
    var isInMethod = false
  }

  private func check(
    _ content: OutputScanner.Content, _ offset: Int, _ length: Int, _ depth: Int, _ window: Window,
    _ state: inout State
  ) throws {
    switch content {
    case .header:
      let bytes = try window.bytes(offset, length)
      state.hasher.update(bytes)
      if bytes[0] != 0xFE || bytes[1] != 0xFF { state.elements += 1 }
      try checkTag(
        Tag(UInt16(bytes[1]) << 8 | UInt16(bytes[0]), UInt16(bytes[3]) << 8 | UInt16(bytes[2])), depth, &state)
    case .text(let tag, let vr):
      let bytes = try window.bytes(offset, length)
      state.hasher.update(bytes)
      try checkText(bytes, tag, vr, depth, &state)
    case .binary, .fragment:
      try searchBinary(offset, length, window, &state)
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
    let text = String(decoding: bytes, as: UTF8.self).trimmingPadding()
    switch (tag, depth) {
    case (.patientIdentityRemoved, 0): state.isRemoved = text == "YES"
    case (Tag(0x0028, 0x0303), 0): state.temporal = text
    case (Tag(0x0008, 0x0100), _) where state.isInMethod: state.codes.insert(text)
    default: break
    }
    guard !text.isEmpty else { return }
    switch vr {
    case .ui:
      guard ProfileRules.rule(tag)?.exception(under: policy.options)?.exception != .keep,
        !policy.options.contains(.retainUIDs)
      else { return }
      for uid in text.split(separator: "\\").map({ $0.trimmingDots() }) {
        guard isKnownUID(uid), !tokens.uids.contains(uid) else { throw Doubt.uidFound }
      }
    case .ds, .is, .da, .tm, .dt, .as:
      guard bytes.allSatisfy({ Self.isOfNumbers($0, vr) }) else { throw Doubt.identifierFound }
      if vr == .ds || vr == .is, tokens.numbers.contains(text) { throw Doubt.identifierFound }
    default:
      try searchText(bytes)
      try searchUIDs(text)
    }
  }

  /// Digits and what goes with them, and the letters of an age or of an exponent.
  private static func isOfNumbers(_ byte: UInt8, _ vr: VR) -> Bool {
    if (0x30...0x39).contains(byte) || [0x20, 0x2B, 0x2D, 0x2E, 0x3A, 0x5C, 0x00].contains(byte) { return true }
    switch vr {
    case .as: return [0x44, 0x57, 0x4D, 0x59].contains(byte)
    case .ds: return byte == 0x45 || byte == 0x65
    default: return false
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
    guard text.contains("."), !policy.options.contains(.retainUIDs) else { return }
    let runs = text.split { !($0 == "." || ("0"..."9").contains($0)) }
    if runs.contains(where: { tokens.uids.contains($0.trimmingDots()) }) { throw Doubt.uidFound }
  }

  // MARK: - Binary values and pixels

  private func searchBinary(_ offset: Int, _ length: Int, _ window: Window, _ state: inout State) throws {
    var position = offset
    var carried: [UInt8] = []
    while position < offset + length {
      let bytes = try window.bytes(position, min(Self.pieceLength, offset + length - position))
      guard !bytes.isEmpty else { throw Doubt.unreadableOutput }
      state.hasher.update(bytes)
      carried += bytes
      if let pattern = tokens.binarySearch.firstMatch(in: carried) { throw Self.doubt(tokens.tokens[pattern].kind) }
      carried.removeFirst(max(0, carried.count - LongPatternSearch.longest + 1))
      position += bytes.count
    }
  }
}

/// Bytes of a file near the last ones that were asked for.
private final class Window {
  private let read: (Int, Int) throws -> [UInt8]
  private var start = 0
  private var held: [UInt8] = []

  init(read: @escaping (Int, Int) throws -> [UInt8]) {
    self.read = read
  }

  func bytes(_ offset: Int, _ count: Int) throws -> [UInt8] {
    if offset < start || offset + count > start + held.count {
      let wanted = max(count, 1 << 16)
      held = try read(offset, wanted)
      start = offset
    }
    let from = offset - start
    return Array(held[from..<min(held.count, from + count)])
  }
}
