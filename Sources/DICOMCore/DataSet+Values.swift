extension DataSet {
  // MARK: Reading

  /// The text values of an element; empty when it is absent, has no value or is not text.
  package func strings(_ tag: Tag) -> [String] {
    guard case .strings(let values)? = self[tag]?.value else { return [] }
    return values
  }

  /// The first text value, or `nil` when the element is absent or that value is empty.
  package func string(_ tag: Tag) -> String? {
    guard let first = strings(tag).first, !first.isEmpty else { return nil }
    return first
  }

  /// The values as integers, from a binary VR or from IS; a value that is no integer ends in `nil` for the whole element.
  package func integers(_ tag: Tag) -> [Int]? {
    switch self[tag]?.value {
    case .integers(let values)?: return values
    case .strings(let texts)?:
      let values = texts.compactMap { Int(decimal: $0) }
      return values.count == texts.count ? values : nil
    default: return nil
    }
  }

  /// The first value as an integer.
  package func integer(_ tag: Tag) -> Int? { integers(tag)?.first }

  /// The values as numbers, from a binary VR or from DS and IS; a value that is no number ends in `nil`.
  package func doubles(_ tag: Tag) -> [Double]? {
    switch self[tag]?.value {
    case .floats(let values)?: return values
    case .integers(let values)?: return values.map(Double.init)
    case .strings(let texts)?:
      let values = texts.compactMap { Double($0.trimmingPadding()) }
      return values.count == texts.count && values.allSatisfy(\.isFinite) ? values : nil
    default: return nil
    }
  }

  /// The first value as a number.
  package func double(_ tag: Tag) -> Double? { doubles(tag)?.first }

  /// The first value as a UID; `nil` when absent or malformed.
  package func uid(_ tag: Tag) -> UID? { string(tag).flatMap { UID($0) } }

  /// The bytes of OB, OW and UN elements.
  package func bytes(_ tag: Tag) -> [UInt8]? {
    guard case .bytes(let bytes)? = self[tag]?.value else { return nil }
    return bytes
  }

  /// The items of a sequence; empty when it is absent.
  package func items(_ tag: Tag) -> [DataSet] {
    guard case .items(let items)? = self[tag]?.value else { return [] }
    return items
  }

  // MARK: Writing

  package mutating func set(_ tag: Tag, _ vr: VR, _ values: String...) {
    self[tag] = Element(vr, .strings(values))
  }

  package mutating func set(_ tag: Tag, _ vr: VR, strings: [String]) {
    self[tag] = Element(vr, .strings(strings))
  }

  package mutating func set(_ tag: Tag, _ vr: VR, integers: [Int]) {
    self[tag] = Element(vr, .integers(integers))
  }

  package mutating func set(_ tag: Tag, _ vr: VR, floats: [Double]) {
    self[tag] = Element(vr, .floats(floats))
  }

  package mutating func set(_ tag: Tag, _ vr: VR, bytes: [UInt8]) {
    self[tag] = Element(vr, .bytes(bytes))
  }

  package mutating func set(_ tag: Tag, _ uid: UID) {
    self[tag] = Element(.ui, .strings([uid.value]))
  }

  package mutating func set(_ tag: Tag, items: [DataSet]) {
    self[tag] = Element(.sq, .items(items))
  }

  /// An element of Type 2: present, with no value.
  package mutating func setEmpty(_ tag: Tag, _ vr: VR) {
    self[tag] = Element(vr, vr == .sq ? .items([]) : .strings([]))
  }
}

extension Int {
  /// An IS value: optional sign and digits; `12.0`, which some devices write, counts as 12.
  init?(decimal text: String) {
    let trimmed = text.trimmingPadding()
    if let value = Int(trimmed) {
      self = value
    } else if let number = Double(trimmed), let value = Int(exactly: number) {
      self = value
    } else {
      return nil
    }
  }
}
