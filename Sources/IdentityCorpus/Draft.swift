internal import DICOMCore

/// A data set as it is planted: tags, VRs and values, right or wrong, written byte by byte in any native encoding.
struct Draft {
  enum Value {
    case bytes([UInt8])
    case items([Draft], hasLengths: Bool)
    /// Code streams behind an empty Basic Offset Table, or the one given.
    case fragments([[UInt8]], table: [UInt8])
  }

  enum Encoding: Sendable, CaseIterable {
    case explicit, implicit, bigEndian

    var transferSyntax: UID {
      switch self {
      case .explicit: .explicitVRLittleEndian
      case .implicit: .implicitVRLittleEndian
      case .bigEndian: .explicitVRBigEndian
      }
    }
  }

  struct Element {
    let vr: String
    let value: Value
  }

  private(set) var elements: [UInt32: Element] = [:]

  // MARK: - Building

  /// Bytes in little endian order, an odd length as it is.
  mutating func set(_ tag: UInt32, _ vr: String, bytes: [UInt8]) {
    elements[tag] = Element(vr: vr, value: .bytes(bytes))
  }

  mutating func set(_ tag: UInt32, _ element: Element) { elements[tag] = element }

  /// Text with an even length.
  mutating func set(_ tag: UInt32, _ vr: String, _ text: String) {
    let bytes = Array(text.utf8)
    set(tag, vr, bytes: bytes.count % 2 == 0 ? bytes : bytes + [vr == "UI" ? 0 : 0x20])
  }

  mutating func set(_ tag: UInt32, words: [Int]) {
    set(tag, "US", bytes: words.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8(truncatingIfNeeded: $0 >> 8)] })
  }

  mutating func set(_ tag: UInt32, items: [Draft], vr: String = "SQ", hasLengths: Bool = false) {
    elements[tag] = Element(vr: vr, value: .items(items, hasLengths: hasLengths))
  }

  mutating func set(fragments: [[UInt8]], table: [UInt8] = []) {
    elements[0x7FE0_0010] = Element(vr: "OB", value: .fragments(fragments, table: table))
  }

  /// A code of a coding scheme.
  static func code(_ value: String, _ scheme: String, _ meaning: String) -> Draft {
    var code = Draft()
    code.set(0x0008_0100, "SH", value)
    code.set(0x0008_0102, "SH", scheme)
    code.set(0x0008_0104, "LO", meaning)
    return code
  }

  // MARK: - Writing

  /// Elements in the order of their tags.
  func encoded(_ encoding: Encoding) -> [UInt8] {
    elements.sorted { $0.key < $1.key }.flatMap { tag, element in
      Self.encoded(tag, element.vr, element.value, encoding)
    }
  }

  private static func encoded(_ tag: UInt32, _ vr: String, _ value: Value, _ encoding: Encoding) -> [UInt8] {
    switch value {
    case .bytes(let bytes):
      return header(tag, vr, bytes.count, encoding) + (encoding == .bigEndian ? swapped(bytes, vr) : bytes)
    case .items(let items, let hasLengths):
      // What is hidden in an unknown value is in implicit encoding (PS3.5 6.2.2).
      let inner = vr == "UN" ? .implicit : encoding
      var content: [UInt8] = []
      for item in items {
        let bytes = item.encoded(inner)
        content += delimiter(0xE000, hasLengths ? bytes.count : nil, inner) + bytes
        if !hasLengths { content += delimiter(0xE00D, 0, inner) }
      }
      guard !hasLengths else { return header(tag, vr, content.count, encoding) + content }
      return header(tag, vr, nil, encoding) + content + delimiter(0xE0DD, 0, inner)
    case .fragments(let streams, let table):
      let items = ([table] + streams).flatMap { stream in
        delimiter(0xE000, stream.count + stream.count % 2, encoding) + stream + (stream.count % 2 == 0 ? [] : [0])
      }
      return header(tag, vr, nil, encoding) + items + delimiter(0xE0DD, 0, encoding)
    }
  }

  private static let long: Set<String> = ["OB", "OW", "OF", "OD", "OL", "OV", "SQ", "UN", "UT", "UC", "UR", "SV", "UV"]

  private static func header(_ tag: UInt32, _ vr: String, _ length: Int?, _ encoding: Encoding) -> [UInt8] {
    let start = number(Int(tag >> 16), 2, encoding) + number(Int(tag & 0xFFFF), 2, encoding)
    let size = length ?? 0xFFFF_FFFF
    if encoding == .implicit { return start + number(size, 4, encoding) }
    let name = Array(vr.utf8)
    return start + name + (long.contains(vr) ? [0, 0] + number(size, 4, encoding) : number(size, 2, encoding))
  }

  private static func delimiter(_ element: Int, _ length: Int?, _ encoding: Encoding) -> [UInt8] {
    number(0xFFFE, 2, encoding) + number(element, 2, encoding) + number(length ?? 0xFFFF_FFFF, 4, encoding)
  }

  static func number(_ value: Int, _ width: Int, _ encoding: Encoding = .explicit) -> [UInt8] {
    let little = (0..<width).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    return encoding == .bigEndian ? little.reversed() : little
  }

  private static func swapped(_ bytes: [UInt8], _ vr: String) -> [UInt8] {
    let unit = VR(rawValue: vr)?.unit ?? 1
    guard unit > 1, bytes.count % unit == 0 else { return bytes }
    return stride(from: 0, to: bytes.count, by: unit).flatMap { bytes[$0..<$0 + unit].reversed() }
  }
}

extension Draft {
  /// What stands around a data set in a file.
  struct Envelope {
    var encoding = Encoding.explicit
    /// `nil` for that of the encoding.
    var transferSyntax: UID?
    /// The first 128 bytes; `nil` for a data set without preamble and file meta information.
    var preamble: [UInt8]? = []
    var meta = Draft()
    /// Bytes behind the last element.
    var trailer: [UInt8] = []
  }

  /// A file around the data set.
  func file(sopClass: String, instance: String, _ envelope: Envelope = Envelope()) -> [UInt8] {
    let content = encoded(envelope.encoding) + envelope.trailer
    guard let preamble = envelope.preamble else { return content }
    var meta = envelope.meta
    meta.set(0x0002_0001, "OB", bytes: [0, 1])
    meta.set(0x0002_0002, "UI", sopClass)
    meta.set(0x0002_0003, "UI", instance)
    meta.set(0x0002_0010, "UI", (envelope.transferSyntax ?? envelope.encoding.transferSyntax).value)
    let group = meta.encoded(.explicit)
    var length = Draft()
    length.set(0x0002_0000, "UL", bytes: Self.number(group.count, 4))
    return preamble + [UInt8](repeating: 0, count: 128 - preamble.count) + Array("DICM".utf8)
      + length.encoded(.explicit) + group + content
  }
}
