/// Damages a DICOM file in one of the ways that damage happens, and in some that only malice has.
///
/// What is done follows from the seed alone.
struct Mutation {
  private var random: FixedRandom

  init(seed: UInt64) { random = FixedRandom(seed: seed) }

  /// - Parameter other: Another file of the same kind, to take pieces of.
  mutating func apply(to file: MutableFile, splicing other: MutableFile) -> [UInt8] {
    var bytes = file.bytes
    // Most copies are damaged once; more than three times, and nothing but the damage is looked at.
    for round in 0..<[1, 1, 1, 2, 3][Int.random(in: 0..<5, using: &random)] where bytes.count > 8 {
      // Places are those of the whole file: true for the first round, somewhere near for the next ones.
      let headers = round == 0 ? file.headers : file.headers.filter { $0.end <= bytes.count }
      switch Int.random(in: 0..<14, using: &random) {
      case 0: flipBits(&bytes, in: 0..<bytes.count)
      case 1: flipBits(&bytes, in: 0..<min(bytes.count, 2048))
      case 2: setExtremes(&bytes)
      case 3: bytes.removeLast(place(in: bytes.count))
      case 4...5: editLength(&bytes, headers)
      case 6: editHeader(&bytes, headers)
      case 7: splice(&bytes, from: other.bytes)
      case 8: duplicate(&bytes, headers)
      case 9: insert(&bytes, headers, from: other)
      default: flipBits(&bytes, in: codeStream(headers, bytes.count))
      }
    }
    return bytes
  }

  private mutating func place(in count: Int) -> Int { Int.random(in: 0..<max(1, count), using: &random) }

  private mutating func flipBits(_ bytes: inout [UInt8], in range: Range<Int>) {
    guard !range.isEmpty else { return }
    for _ in 0..<Int.random(in: 1...8, using: &random) {
      bytes[Int.random(in: range, using: &random)] ^= 1 << UInt8.random(in: 0..<8, using: &random)
    }
  }

  private mutating func setExtremes(_ bytes: inout [UInt8]) {
    let start = place(in: bytes.count - 4)
    let value: UInt8 = [0, 0x7F, 0x80, 0xFF][place(in: 4)]
    for index in start..<start + Int.random(in: 1...4, using: &random) { bytes[index] = value }
  }

  /// The start of the last value, where the headers of code streams are; the whole file where nothing is known.
  private mutating func codeStream(_ headers: [MutableFile.Header], _ count: Int) -> Range<Int> {
    guard let last = headers.last(where: { $0.end - $0.value > 64 }), last.end <= count else { return 0..<count }
    let length = last.end - last.value
    return last.value..<last.value + min(length, Bool.random(using: &random) ? 256 : length)
  }

  private mutating func editLength(_ bytes: inout [UInt8], _ headers: [MutableFile.Header]) {
    guard let header = headers.randomElement(using: &random) else { return }
    let length = header.end - header.value
    let choices = [
      0, 1, length - 1, length + 1, length - 2, length + 2, length * 2, length / 2, 0x7FFF_FFFF, 0xFFFF_FFFE,
      0xFFFF_FFFF, 0x8000_0000, bytes.count, bytes.count - header.value, place(in: 1 << 16), place(in: 1 << 32),
    ]
    header.write(choices[place(in: choices.count)], to: &bytes)
  }

  /// Another tag, another VR, or any other byte of a header.
  private mutating func editHeader(_ bytes: inout [UInt8], _ headers: [MutableFile.Header]) {
    guard let header = headers.randomElement(using: &random), let other = headers.randomElement(using: &random) else {
      return
    }
    let part = [0..<4, 4..<6, 0..<8][place(in: 3)]
    if Bool.random(using: &random) {
      for offset in part { bytes[header.start + offset] = bytes[other.start + offset] }
    } else {
      bytes[header.start + place(in: header.value - header.start)] = UInt8.random(in: 0...255, using: &random)
    }
  }

  /// A block of another file over, or into, this one.
  private mutating func splice(_ bytes: inout [UInt8], from other: [UInt8]) {
    let length = min(other.count, Int.random(in: 1...4096, using: &random))
    let source = place(in: other.count - length)
    let start = place(in: bytes.count)
    let replaced = Bool.random(using: &random) ? min(length, bytes.count - start) : 0
    bytes.replaceSubrange(start..<start + replaced, with: other[source..<source + length])
  }

  /// One element a second time, or many times, beside another one.
  private mutating func duplicate(_ bytes: inout [UInt8], _ headers: [MutableFile.Header]) {
    guard let header = headers.randomElement(using: &random), let place = headers.randomElement(using: &random) else {
      return
    }
    let element = Array(bytes[header.start..<min(header.end, header.start + 65_536)])
    let times = element.count < 256 && Bool.random(using: &random) ? 64 : 1
    bytes.insert(contentsOf: [[UInt8]](repeating: element, count: times).joined(), at: place.start)
  }

  /// An element of another file between two of this one.
  private mutating func insert(_ bytes: inout [UInt8], _ headers: [MutableFile.Header], from other: MutableFile) {
    guard let place = headers.randomElement(using: &random), let element = other.headers.randomElement(using: &random)
    else { return }
    bytes.insert(contentsOf: other.bytes[element.start..<min(element.end, element.start + 65_536)], at: place.start)
  }
}

/// A sound file, and where its element headers are.
struct MutableFile {
  let name: String
  let bytes: [UInt8]
  /// Of elements, items and fragments, in order, those inside sequences too, as far as the file makes sense.
  let headers: [Header]

  struct Header {
    let start: Int
    let lengthPlace: Int
    let value: Int
    /// After the value; the same as `value` where elements or items follow.
    let end: Int
    let isBig: Bool

    func write(_ length: Int, to bytes: inout [UInt8]) {
      let width = value - lengthPlace
      for index in 0..<width {
        let shift = 8 * (isBig ? width - 1 - index : index)
        bytes[lengthPlace + index] = UInt8(truncatingIfNeeded: length >> shift)
      }
    }
  }

  init(name: String, bytes: [UInt8]) {
    (self.name, self.bytes) = (name, bytes)
    var walk = HeaderWalk(bytes)
    headers = walk.headers()
  }
}

/// Finds headers without any rule but their own form: what is found need only be right often.
private struct HeaderWalk {
  private let bytes: [UInt8]
  private var isExplicit = true
  private var isBig = false

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  mutating func headers() -> [MutableFile.Header] {
    var found: [MutableFile.Header] = []
    let hasPrefix = bytes.count > 132 && bytes[128..<132].elementsEqual("DICM".utf8)
    var (position, isMeta) = (hasPrefix ? 132 : 0, true)
    while position + 8 <= bytes.count, found.count < 20_000 {
      if isMeta, !(bytes[position] == 2 && bytes[position + 1] == 0) {
        isMeta = false
        isExplicit = isCapital(position + 4) && isCapital(position + 5)
        isBig = bytes[position] == 0 && bytes[position + 1] != 0
      }
      guard let header = header(at: position) else { break }
      found.append(header)
      position = header.end
    }
    return found
  }

  private func header(at start: Int) -> MutableFile.Header? {
    let isItem = number(start, 2) == 0xFFFE
    let vr = String(decoding: bytes[start + 4..<start + 6], as: UTF8.self)
    let isLong = ["OB", "OW", "OF", "OD", "OL", "OV", "SQ", "UN", "UT", "UC", "UR", "SV", "UV"].contains(vr)
    let place = isItem || !isExplicit ? start + 4 : isLong ? start + 8 : start + 6
    let value = isItem || !isExplicit ? start + 8 : isLong ? start + 12 : start + 8
    guard value <= bytes.count else { return nil }
    let length = number(place, value - place)
    let hasItems = length == 0xFFFF_FFFF || vr == "SQ" && isExplicit && !isItem || isItem && isElement(value)
    guard hasItems || length <= bytes.count - value else { return nil }
    return MutableFile.Header(
      start: start, lengthPlace: place, value: value, end: hasItems ? value : value + length, isBig: isBig)
  }

  /// Whether what an item holds looks like an element, and not like a fragment.
  private func isElement(_ position: Int) -> Bool {
    guard position + 8 <= bytes.count else { return false }
    let group = number(position, 2)
    return isExplicit ? isCapital(position + 4) && isCapital(position + 5) : group > 0 && group < 0x60
  }

  private func isCapital(_ position: Int) -> Bool {
    position < bytes.count && (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(bytes[position])
  }

  private func number(_ position: Int, _ count: Int) -> Int {
    let part = bytes[position..<position + count]
    return (isBig ? Array(part) : part.reversed()).reduce(0) { $0 << 8 | Int($1) }
  }
}
