internal import DICOMCore

/// From the bytes of a value, numbers in little endian order, to the form its VR suggests (PS3.5 6.2).
enum ValueDecoding {
  static func element(_ vr: VR, _ bytes: [UInt8], _ text: TextDecoding) -> DataSet.Element {
    switch vr {
    case .sq: DataSet.Element(.sq, .items([]))
    case .ob, .ow, .ol, .ov, .un: DataSet.Element(vr, .bytes(bytes))
    case .us: DataSet.Element(vr, .integers(numbers(bytes, UInt16.self).map(Int.init)))
    case .ss: DataSet.Element(vr, .integers(numbers(bytes, UInt16.self).map { Int(Int16(bitPattern: $0)) }))
    case .ul: DataSet.Element(vr, .integers(numbers(bytes, UInt32.self).map(Int.init)))
    case .sl: DataSet.Element(vr, .integers(numbers(bytes, UInt32.self).map { Int(Int32(bitPattern: $0)) }))
    case .sv: DataSet.Element(vr, .integers(numbers(bytes, UInt64.self).map { Int(Int64(bitPattern: $0)) }))
    case .uv: DataSet.Element(vr, .integers(numbers(bytes, UInt64.self).map { Int(clamping: $0) }))
    case .fl, .of: DataSet.Element(vr, .floats(numbers(bytes, UInt32.self).map { Double(Float(bitPattern: $0)) }))
    case .fd, .od: DataSet.Element(vr, .floats(numbers(bytes, UInt64.self).map { Double(bitPattern: $0) }))
    case .at: DataSet.Element(vr, .tags(tags(bytes)))
    default: DataSet.Element(vr, .strings(strings(vr, bytes, text)))
    }
  }

  /// Whole numbers of the width of `Number`; bytes left over at the end are dropped.
  static func numbers<Number: FixedWidthInteger>(_ bytes: [UInt8], _: Number.Type) -> [Number] {
    let width = Number.bitWidth / 8
    return (0..<bytes.count / width).map { index in
      var number: Number = 0
      for offset in (0..<width).reversed() {
        number = number << 8 | Number(truncatingIfNeeded: bytes[index * width + offset])
      }
      return number
    }
  }

  private static func tags(_ bytes: [UInt8]) -> [Tag] {
    let words = numbers(bytes, UInt16.self)
    return (0..<words.count / 2).map { Tag(words[2 * $0], words[2 * $0 + 1]) }
  }

  private static func strings(_ vr: VR, _ bytes: [UInt8], _ text: TextDecoding) -> [String] {
    guard !bytes.isEmpty else { return [] }
    let values = text.values(bytes, vr)
    // Leading spaces belong to the text of ST, LT, UT and UC, trailing ones never do (PS3.5 6.2).
    return vr.isSingleText || vr == .uc ? values.map(trimmingEnd) : values.map { $0.trimmingPadding() }
  }

  private static func trimmingEnd(_ text: String) -> String {
    var view = text.unicodeScalars[...]
    while let last = view.last, last == " " || last == "\0" { view.removeLast() }
    return String(view)
  }
}
