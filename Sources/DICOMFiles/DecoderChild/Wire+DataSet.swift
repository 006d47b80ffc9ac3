internal import DICOMCore

extension WireWriter {
  mutating func put(_ tag: Tag) {
    put(tag.group)
    put(tag.element)
  }

  mutating func put(_ dataSet: DataSet) {
    put(count: dataSet.count)
    for tag in dataSet.tags {
      guard let element = dataSet[tag] else { continue }
      put(tag)
      bytes.append(contentsOf: element.vr.rawValue.utf8)
      put(element.value)
    }
  }

  private mutating func put(_ value: DataSet.Value) {
    put(WireValueKind(value).rawValue)
    switch value {
    case .strings(let texts):
      put(count: texts.count)
      for text in texts { put(text: text) }
    case .integers(let numbers):
      put(count: numbers.count)
      for number in numbers { put(integer: number) }
    case .floats(let numbers):
      put(count: numbers.count)
      for number in numbers { put(number.bitPattern) }
    case .tags(let tags):
      put(count: tags.count)
      for tag in tags { put(tag) }
    case .bytes(let raw): put(raw: raw)
    case .items(let items):
      put(count: items.count)
      for item in items { put(item) }
    }
  }
}

extension WireReader {
  mutating func tag() throws(WireError) -> Tag { Tag(try number(), try number()) }

  /// A data set: tags in ascending order, sequences nested no deeper than files may nest them.
  mutating func dataSet(depth: Int = 0) throws(WireError) -> DataSet {
    var dataSet = DataSet()
    var last: Tag?
    for _ in 0..<(try count(width: 11)) {
      let tag = try tag()
      if let last, tag <= last { throw WireError(fact: "tags are not in ascending order") }
      last = tag
      let name = String(decoding: [try number(UInt8.self), try number(UInt8.self)], as: UTF8.self)
      guard let vr = VR(rawValue: name) else { throw WireError(fact: "a VR does not exist") }
      dataSet[tag] = DataSet.Element(vr, try value(depth: depth))
    }
    return dataSet
  }

  private mutating func value(depth: Int) throws(WireError) -> DataSet.Value {
    guard let kind = WireValueKind(rawValue: try number()) else { throw WireError(fact: "a value is of no kind") }
    switch kind {
    case .strings: return .strings(try list(width: 4) { reader throws(WireError) in try reader.text() })
    case .integers: return .integers(try list(width: 8) { reader throws(WireError) in try reader.integer() })
    case .floats:
      return .floats(try list(width: 8) { reader throws(WireError) in Double(bitPattern: try reader.number()) })
    case .tags: return .tags(try list(width: 4) { reader throws(WireError) in try reader.tag() })
    case .bytes: return .bytes(try raw())
    case .items:
      guard depth < ReadingExtent.maximumDepth else { throw WireError(fact: "sequences are nested too deep") }
      return .items(try list(width: 4) { reader throws(WireError) in try reader.dataSet(depth: depth + 1) })
    }
  }

  private mutating func list<Element>(
    width: Int, _ element: (inout WireReader) throws(WireError) -> Element
  ) throws(WireError) -> [Element] {
    let count = try count(width: width)
    var elements: [Element] = []
    elements.reserveCapacity(count)
    for _ in 0..<count { elements.append(try element(&self)) }
    return elements
  }
}

/// The cases of `DataSet.Value`.
private enum WireValueKind: UInt8 {
  case strings, integers, floats, tags, bytes, items

  init(_ value: DataSet.Value) {
    self =
      switch value {
      case .strings: .strings
      case .integers: .integers
      case .floats: .floats
      case .tags: .tags
      case .bytes: .bytes
      case .items: .items
      }
  }
}
