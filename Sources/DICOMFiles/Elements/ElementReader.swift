internal import DICOMCore

/// Builds a ``RawDataSet``, sequences by recursion: the pre-scan has bounded their depth.
struct ElementReader: ~Copyable {
  private var input: ScanInput

  init(input: consuming ScanInput) {
    self.input = input
  }

  /// What elements of a data set inherit from those before and around them.
  private struct Context {
    var encoding: ElementEncoding
    var text = TextDecoding(characterSets: "")
    /// Pixel Representation (0028,0103) is 1.
    var isSigned = false
    var bitsAllocated = 16
    /// Where the innermost item or sequence of defined length ends.
    var end: Int?
    var depth = 0
  }

  mutating func readAll(_ encoding: ElementEncoding) throws(ScanFailure) -> RawDataSet {
    try readDataSet(Context(encoding: encoding, end: input.end), isItem: false)
  }

  // MARK: - Structure

  private mutating func readDataSet(_ outer: Context, isItem: Bool) throws(ScanFailure) -> RawDataSet {
    var context = outer
    var elements: [RawElement] = []
    while true {
      if let end = context.end, input.position >= end { break }
      guard try input.has(1) else { break }
      let start = input.position
      guard let header = try input.readHeader(context.encoding) else {
        guard !isItem, try input.hasOnlyPadding() else { throw .finding(PreScanFinding(.valueBeyondEnd, at: start)) }
        break
      }
      if header.isDelimiter {
        if header.tag == ElementHeader.itemDelimitation, isItem, outer.end == nil || input.position <= outer.end ?? 0 {
          break
        }
        // The pre-scan has let superfluous delimiters pass.
        if header.tag != ElementHeader.item { continue }
        throw .finding(PreScanFinding(.sequenceStructure, at: start, tag: header.tag))
      }
      let element = try readElement(header, context)
      elements.append(element)
      note(element, &context)
    }
    return RawDataSet(elements)
  }

  private func note(_ element: RawElement, _ context: inout Context) {
    switch element.tag {
    case .specificCharacterSet: context.text = TextDecoding(characterSets: element.text)
    case .pixelRepresentation: context.isSigned = element.bytes?.first == 1
    case .bitsAllocated: context.bitsAllocated = Int(element.bytes?.first ?? 16)
    default: break
    }
  }

  private mutating func readItems(_ outer: Context, end: Int?) throws(ScanFailure) -> [RawDataSet] {
    var items: [RawDataSet] = []
    guard outer.depth < PreScanLimits().nestingDepth else {
      throw .finding(PreScanFinding(.nestingDepth, at: input.position))
    }
    while true {
      if let end, input.position >= end { break }
      let start = input.position
      guard let header = try input.readHeader(outer.encoding) else {
        throw .finding(PreScanFinding(.valueBeyondEnd, at: start))
      }
      if header.tag == ElementHeader.sequenceDelimitation {
        if end == nil { break }
        continue
      }
      guard header.tag == ElementHeader.item else {
        throw .finding(PreScanFinding(.sequenceStructure, at: start, tag: header.tag))
      }
      var inner = outer
      inner.depth += 1
      inner.end = header.hasUndefinedLength ? nil : input.position + header.length
      if let itemEnd = inner.end, let limit = end ?? outer.end, itemEnd > limit {
        throw .finding(PreScanFinding(.valueBeyondParent, at: start, tag: header.tag))
      }
      items.append(try readDataSet(inner, isItem: true))
    }
    return items
  }

  // MARK: - Elements

  private mutating func readElement(_ header: ElementHeader, _ context: Context) throws(ScanFailure) -> RawElement {
    let tag = Tag(header.tag)
    let stated = header.vr == 0 ? nil : VR(header.vr)
    let vr = Self.representation(of: tag, stated: stated, context)
    if header.hasUndefinedLength {
      if tag == .pixelData || stated == .ob || stated == .ow {
        return RawElement(tag, vr, .fragments(try readFragments(context)))
      }
      return try readSequence(tag, vr == .sq ? .sq : .un, stated, context, end: nil)
    }
    let end = input.position + header.length
    if let limit = context.end, end > limit, !(ElementHeader.pixelTags.contains(header.tag) && context.depth == 0) {
      throw .finding(PreScanFinding(.valueBeyondParent, at: header.position, tag: header.tag))
    }
    if vr == .sq {
      // What only should be a sequence and does not begin as one is a value that nobody can read.
      if stated == .sq || header.length == 0 { return try readSequence(tag, .sq, stated, context, end: end) }
      guard try input.startsWithItem() else { return try readValue(tag, .un, .un, header.length, context) }
      return try readSequence(tag, .sq, stated, context, end: end)
    }
    return try readValue(tag, vr, stated, header.length, context)
  }

  /// The VR that the file states, unless it says nothing or what cannot be: then that of the standard.
  private static func representation(of tag: Tag, stated: VR?, _ context: Context) -> VR {
    let known: VR? =
      switch AttributeDictionary.entry(tag) {
      case .vr(let vr)?: vr
      case .unsignedOrSigned?: context.isSigned ? .ss : .us
      case nil: tag.isPrivate && (0x10...0xFF).contains(tag.element) ? .lo : nil
      }
    guard let stated, stated != .un else { return known ?? .un }
    guard let known, known != stated else { return stated }
    // Sequences, and text that hides as bytes or the other way round, are what the standard says they are.
    return known == .sq || stated == .sq || known.isText != stated.isText ? known : stated
  }

  private mutating func readSequence(
    _ tag: Tag, _ vr: VR, _ stated: VR?, _ context: Context, end: Int?
  ) throws(ScanFailure) -> RawElement {
    var inner = context
    inner.depth += 1
    // An unknown sequence is in Implicit VR Little Endian whatever is around it (PS3.5 6.2.2).
    if stated == .un { inner.encoding = .implicitLittleEndian }
    inner.end = end ?? context.end
    return RawElement(tag, vr, .items(try readItems(inner, end: end)))
  }

  private mutating func readFragments(_ context: Context) throws(ScanFailure) -> [RawFragment] {
    var fragments: [RawFragment] = []
    while let header = try input.readHeader(context.encoding), header.tag == ElementHeader.item {
      fragments.append(.stored(StoredBytes(offset: input.position, length: header.length)))
      guard try input.skip(header.length) else {
        throw .finding(PreScanFinding(.valueBeyondEnd, at: header.position, tag: ElementHeader.pixelData))
      }
    }
    return fragments
  }

  private mutating func readValue(
    _ tag: Tag, _ vr: VR, _ stated: VR?, _ length: Int, _ context: Context
  ) throws(ScanFailure) -> RawElement {
    // Values of UN are little endian whatever is around them.
    var swap = context.encoding == .explicitBigEndian && stated != .un ? vr.unit : 1
    let isPixels = ElementHeader.pixelTags.contains(UInt32(tag.group) << 16 | UInt32(tag.element))
    if isPixels, swap > 1 || context.encoding == .explicitBigEndian, context.bitsAllocated > 8 {
      swap = context.bitsAllocated / 8
    }
    let isTooLong = vr.isText ? length > ElementFile.longestText : length >= ElementFile.longestValue
    if isTooLong || isPixels {
      let available = min(length, (input.end ?? .max) - input.position)
      let stored = StoredBytes(offset: input.position, length: available, swap: swap)
      guard try input.skip(available) else { throw .finding(PreScanFinding(.valueBeyondEnd, at: input.position)) }
      return RawElement(tag, vr.isText ? .un : vr, .stored(stored))
    }
    guard let value = try input.read(length) else {
      throw .finding(PreScanFinding(.valueBeyondEnd, at: input.position))
    }
    let bytes = Array(value)
    if vr.isText, !bytes.isPlainText {
      return RawElement(tag, vr, .bytes(Self.unicode(bytes, vr, context.text)), source: bytes)
    }
    return RawElement(tag, vr, .bytes(bytes.swapped(swap)))
  }

  /// The same text in UTF-8. Where the VR allows ISO 646 alone, anything else becomes a question mark.
  private static func unicode(_ bytes: [UInt8], _ vr: VR, _ text: TextDecoding) -> [UInt8] {
    guard vr.hasCharacterSet else { return bytes.map { $0 < 0x80 && $0 != 0x1B ? $0 : UInt8(ascii: "?") } }
    return Array(text.values(bytes, vr).joined(separator: "\\").utf8)
  }
}

extension VR {
  fileprivate init?(_ letters: UInt16) {
    self.init(UInt8(letters >> 8), UInt8(letters & 0xFF))
  }
}

extension [UInt8] {
  /// Characters of ISO 646 without escape sequences: the same in every character set here.
  fileprivate var isPlainText: Bool { allSatisfy { $0 < 0x80 && $0 != 0x1B } }
}
