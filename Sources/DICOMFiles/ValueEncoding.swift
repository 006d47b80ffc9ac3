internal import DICOMCore

/// From values to bytes: text in UTF-8, numbers in little endian order. The inverse of ``ValueDecoding``.
enum ValueEncoding {
  /// - Throws: `unwritableValue` when the value cannot stand under its VR.
  static func bytes(_ element: DataSet.Element, _ tag: Tag) throws(DICOMFileError) -> [UInt8] {
    switch element.value {
    case .strings(let values): try text(element.vr, values, tag)
    case .integers(let values): try integers(element.vr, values, tag)
    case .floats(let values): try floats(element.vr, values, tag)
    case .tags(let values) where element.vr == .at:
      values.flatMap { littleEndian($0.group) + littleEndian($0.element) }
    case .bytes(let values) where [.ob, .ow, .ol, .ov, .un].contains(element.vr): values
    default: throw .unwritableValue(tag)
    }
  }

  private static func text(_ vr: VR, _ values: [String], _ tag: Tag) throws(DICOMFileError) -> [UInt8] {
    // An element of Type 2 without a value may have any VR.
    if values.isEmpty { return [] }
    guard isText(vr) else { throw .unwritableValue(tag) }
    if vr.isSingleText {
      guard values.count == 1 else { throw .unwritableValue(tag) }
    } else if values.contains(where: { $0.utf8.contains(UInt8(ascii: "\\")) }) {
      throw .unwritableValue(tag)
    }
    // Control characters other than TAB, LF, FF and CR are forbidden (PS3.5 6.1.3); they would end or shift the text.
    let joined = Array(values.joined(separator: "\\").utf8)
    guard joined.allSatisfy({ $0 >= 0x20 || [0x09, 0x0A, 0x0C, 0x0D].contains($0) }) else {
      throw .unwritableValue(tag)
    }
    return joined
  }

  private static func integers(_ vr: VR, _ values: [Int], _ tag: Tag) throws(DICOMFileError) -> [UInt8] {
    func encoded<Number: FixedWidthInteger>(_: Number.Type) throws(DICOMFileError) -> [UInt8] {
      var bytes: [UInt8] = []
      for value in values {
        guard let number = Number(exactly: value) else { throw .unwritableValue(tag) }
        bytes += littleEndian(number)
      }
      return bytes
    }
    return switch vr {
    case .us: try encoded(UInt16.self)
    case .ss: try encoded(Int16.self)
    case .ul: try encoded(UInt32.self)
    case .sl: try encoded(Int32.self)
    case .uv: try encoded(UInt64.self)
    case .sv: try encoded(Int64.self)
    case .is: Array(values.map(String.init).joined(separator: "\\").utf8)
    default: throw .unwritableValue(tag)
    }
  }

  private static func floats(_ vr: VR, _ values: [Double], _ tag: Tag) throws(DICOMFileError) -> [UInt8] {
    switch vr {
    case .fl, .of: values.flatMap { littleEndian(Float($0).bitPattern) }
    case .fd, .od: values.flatMap { littleEndian($0.bitPattern) }
    default: throw .unwritableValue(tag)
    }
  }

  private static func isText(_ vr: VR) -> Bool {
    switch vr {
    case .ae, .as, .cs, .da, .ds, .dt, .is, .lo, .lt, .pn, .sh, .st, .tm, .uc, .ui, .ur, .ut: true
    default: false
    }
  }

  private static func littleEndian<Number: FixedWidthInteger>(_ number: Number) -> [UInt8] {
    (0..<Number.bitWidth / 8).map { UInt8(truncatingIfNeeded: number >> ($0 * 8)) }
  }
}
