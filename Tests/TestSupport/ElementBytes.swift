/// Writes data elements byte by byte in any native encoding, right or wrong, for tests that must not trust the code under test.
package struct ElementBytes {
  package enum Encoding: Sendable, CaseIterable {
    case implicit, explicit, bigEndian

    package var transferSyntax: String {
      switch self {
      case .implicit: "1.2.840.10008.1.2"
      case .explicit: "1.2.840.10008.1.2.1"
      case .bigEndian: "1.2.840.10008.1.2.2"
      }
    }
  }

  package let encoding: Encoding
  package private(set) var bytes: [UInt8] = []

  package init(_ encoding: Encoding = .explicit) {
    self.encoding = encoding
  }

  /// - Parameter tag: Group and element in one number.
  package mutating func add(_ tag: UInt32, _ vr: String, _ value: [UInt8]) {
    header(tag, vr, value.count)
    bytes += value
  }

  /// Text, padded to an even length.
  package mutating func add(_ tag: UInt32, _ vr: String, _ text: String) {
    let value = Array(text.utf8)
    add(tag, vr, value.count % 2 == 0 ? value : value + [vr == "UI" ? 0 : 0x20])
  }

  package mutating func add(_ tag: UInt32, word: Int) { add(tag, "US", number(word, 2)) }

  /// A sequence with items of undefined length, or one that says the lengths.
  package mutating func add(_ tag: UInt32, items: [[UInt8]], hasLengths: Bool = false, vr: String = "SQ") {
    var content: [UInt8] = []
    for item in items {
      content += tagBytes(0xFFFE_E000) + number(hasLengths ? item.count : 0xFFFF_FFFF, 4) + item
      if !hasLengths { content += tagBytes(0xFFFE_E00D) + number(0, 4) }
    }
    header(tag, vr, hasLengths ? content.count : 0xFFFF_FFFF)
    bytes += content + (hasLengths ? [] : tagBytes(0xFFFE_E0DD) + number(0, 4))
  }

  package mutating func append(_ more: [UInt8]) { bytes += more }

  private mutating func header(_ tag: UInt32, _ vr: String, _ length: Int) {
    bytes += tagBytes(tag)
    if encoding == .implicit {
      bytes += number(length, 4)
    } else if ["OB", "OW", "OF", "OD", "OL", "OV", "SQ", "UN", "UT", "UC", "UR"].contains(vr) {
      bytes += Array(vr.utf8) + [0, 0] + number(length, 4)
    } else {
      bytes += Array(vr.utf8) + number(length, 2)
    }
  }

  private func tagBytes(_ tag: UInt32) -> [UInt8] { number(Int(tag >> 16), 2) + number(Int(tag & 0xFFFF), 2) }

  package func number(_ value: Int, _ width: Int) -> [UInt8] {
    let little = (0..<width).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    return encoding == .bigEndian ? little.reversed() : little
  }

  /// A Part 10 file around the elements.
  ///
  /// - Parameter preamble: What stands in its first 128 bytes, filled with zeros.
  package func file(
    sopClass: String, instance: String, transferSyntax: String? = nil, preamble: String = "",
    meta extra: (inout ElementBytes) -> Void = { _ in }
  ) -> [UInt8] {
    var meta = ElementBytes(.explicit)
    meta.add(0x0002_0001, "OB", [0, 1])
    meta.add(0x0002_0002, "UI", sopClass)
    meta.add(0x0002_0003, "UI", instance)
    meta.add(0x0002_0010, "UI", transferSyntax ?? encoding.transferSyntax)
    extra(&meta)
    var head = ElementBytes(.explicit)
    head.add(0x0002_0000, "UL", meta.number(meta.bytes.count, 4))
    let start = Array(preamble.utf8) + [UInt8](repeating: 0, count: 128 - preamble.utf8.count)
    return start + Array("DICM".utf8) + head.bytes + meta.bytes + bytes
  }
}
