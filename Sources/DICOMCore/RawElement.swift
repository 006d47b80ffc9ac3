/// A data set element by element as a file holds it, in the file's order, nothing left out: what de-identification works on, where
/// ``DataSet`` is what processing reads.
///
/// However the file was encoded, bytes here are little endian and text is UTF-8.
package struct RawDataSet: Sendable, Equatable {
  package var elements: [RawElement]

  package init(_ elements: [RawElement] = []) {
    self.elements = elements
  }

  /// The last element with `tag`; where a file repeats one, readers take the last.
  package subscript(_ tag: Tag) -> RawElement? { elements.last { $0.tag == tag } }

  /// Elements and, below sequences, those of all items.
  package var elementCount: Int { elements.reduce(0) { $0 + 1 + ($1.items?.reduce(0) { $0 + $1.elementCount } ?? 0) } }

  /// The first text value of `tag` without padding; `nil` when there is none or it is empty.
  package func text(_ tag: Tag) -> String? {
    guard let value = self[tag]?.texts.first, !value.isEmpty else { return nil }
    return value
  }
}

/// One data element with its value as bytes, as items, or left in the file.
package struct RawElement: Sendable, Equatable {
  package enum Value: Sendable, Equatable {
    case bytes([UInt8])
    /// Too long to be held; binary only.
    case stored(StoredBytes)
    case items([RawDataSet])
    /// Encapsulated Pixel Data: Basic Offset Table first (PS3.5 A.4).
    case fragments([RawFragment])
  }

  package let tag: Tag
  package var vr: VR
  package var value: Value
  /// The bytes of the file, where decoding the text changed them.
  package var source: [UInt8]?

  package init(_ tag: Tag, _ vr: VR, _ value: Value, source: [UInt8]? = nil) {
    (self.tag, self.vr, self.value, self.source) = (tag, vr, value, source)
  }

  /// An element whose value is text, several values joined by backslashes.
  package init(_ tag: Tag, _ vr: VR, text: String) {
    self.init(tag, vr, .bytes(Array(text.utf8)))
  }

  package var items: [RawDataSet]? { if case .items(let items) = value { items } else { nil } }
  package var bytes: [UInt8]? { if case .bytes(let bytes) = value { bytes } else { nil } }

  package var isEmpty: Bool {
    switch value {
    case .bytes(let bytes): bytes.isEmpty
    case .stored, .fragments: false
    case .items(let items): items.isEmpty
    }
  }

  /// The text as one string with its backslashes, without padding at the end; empty where the value is no text.
  package var text: String {
    guard vr.isText, var bytes = bytes?[...] else { return "" }
    while let last = bytes.last, last == 0x20 || last == 0 { bytes.removeLast() }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// The values of a text element without padding.
  package var texts: [String] {
    let text = text
    if text.isEmpty { return [] }
    if vr.isSingleText { return [text.trimmingPadding()] }
    return text.split(separator: "\\", omittingEmptySubsequences: false).map { String($0).trimmingPadding() }
  }
}

/// One item of encapsulated Pixel Data.
package enum RawFragment: Sendable, Equatable {
  case stored(StoredBytes)
  case bytes([UInt8])

  package var length: Int {
    switch self {
    case .stored(let stored): stored.length
    case .bytes(let bytes): bytes.count
    }
  }
}

/// A range of a file's bytes, or of what a deflated file inflates to.
package struct StoredBytes: Sendable, Equatable {
  package let offset: Int
  package let length: Int
  /// Bytes of one number where the order of its bytes has to be reversed; 1 where not.
  package let swap: Int

  package init(offset: Int, length: Int, swap: Int = 1) {
    (self.offset, self.length, self.swap) = (offset, length, swap)
  }
}

extension VR {
  /// Values of these are characters (PS3.5 6.2).
  package var isText: Bool {
    switch self {
    case .ob, .ow, .of, .od, .ol, .ov, .un, .sq, .us, .ss, .ul, .sl, .uv, .sv, .fl, .fd, .at: false
    default: true
    }
  }

  /// Text in the character sets of Specific Character Set (PS3.5 6.1.2.2).
  package var hasCharacterSet: Bool {
    switch self {
    case .sh, .lo, .uc, .st, .lt, .ut, .pn: true
    default: false
    }
  }

  /// Two reserved bytes and four of length in Explicit VR (PS3.5 7.1.2).
  package var hasLongLength: Bool {
    switch self {
    case .ob, .ow, .of, .od, .ol, .ov, .un, .sq, .uc, .ur, .ut, .uv, .sv: true
    default: false
    }
  }

  /// Bytes of one number of a binary value; 1 where order does not matter (PS3.5 7.3).
  package var unit: Int {
    switch self {
    case .us, .ss, .ow, .at: 2
    case .ul, .sl, .fl, .ol, .of: 4
    case .fd, .od, .ov, .sv, .uv: 8
    default: 1
    }
  }
}
