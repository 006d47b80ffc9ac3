/// Walks elements, items and fragments without recursion.
struct ElementScanner {
  let limits: PreScanLimits
  var outline = PixelOutline()
  private(set) var elementCount = 0
  private(set) var deepestNesting = 0
  private var open: [Container] = []

  /// A sequence, an item or the fragments of encapsulated pixel data that has begun.
  private struct Container {
    enum Kind { case sequence, item, fragments }

    let kind: Kind
    /// Where it ends; `nil` when a delimiter tells.
    let end: Int?
    let encoding: ElementEncoding
    /// It may be a value that only looks like a sequence; then what is wrong inside is nobody's business.
    let isGuess: Bool
    let tag: UInt32
  }

  init(limits: PreScanLimits) {
    self.limits = limits
  }

  mutating func scan(_ input: inout ScanInput) throws(ScanFailure) {
    let encoding = try scanMetaInformation(&input)
    while true {
      try closeFinished(at: input.position)
      guard try input.has(1) else { break }
      do throws(ScanFailure) {
        try scanNext(&input, encoding)
      } catch {
        try recover(from: error, &input)
      }
    }
    guard let unfinished = open.first(where: { !$0.isGuess && $0.end == nil }) else { return }
    throw .finding(PreScanFinding(.valueBeyondEnd, at: input.position, tag: unfinished.tag))
  }

  // MARK: - Containers

  private mutating func closeFinished(at position: Int) throws(ScanFailure) {
    while let last = open.last, let end = last.end, position >= end {
      guard position == end else {
        throw .finding(PreScanFinding(.valueBeyondParent, at: position, tag: last.tag))
      }
      open.removeLast()
    }
  }

  private mutating func push(_ container: Container, at position: Int) throws(ScanFailure) {
    open.append(container)
    let depth = open.reduce(0) { $0 + ($1.kind == .sequence ? 1 : 0) }
    deepestNesting = max(deepestNesting, depth)
    guard depth <= limits.nestingDepth else {
      throw .finding(
        PreScanFinding(.nestingDepth, at: position, tag: container.tag, found: depth, bound: limits.nestingDepth))
    }
  }

  /// What is wrong inside a value that was only taken for a sequence does not count; the limits always do.
  private mutating func recover(from failure: ScanFailure, _ input: inout ScanInput) throws(ScanFailure) {
    guard case .finding(let finding) = failure,
      [.sequenceStructure, .valueBeyondParent, .valueBeyondEnd].contains(finding.rule),
      let guess = open.firstIndex(where: \.isGuess), let end = open[guess].end
    else { throw failure }
    open.removeLast(open.count - guess)
    if end > input.position { _ = try input.skip(end - input.position) }
    guard input.position == end else { throw failure }
  }

  // MARK: - Elements

  private mutating func scanNext(_ input: inout ScanInput, _ encoding: ElementEncoding) throws(ScanFailure) {
    let start = input.position
    let parent = open.last
    guard let header = try input.readHeader(parent?.encoding ?? encoding) else {
      // A few zero bytes after the last element are padding that some writers leave.
      guard parent == nil, try input.hasOnlyPadding() else {
        throw .finding(PreScanFinding(.valueBeyondEnd, at: start, tag: parent?.tag))
      }
      return
    }
    elementCount += 1
    guard elementCount <= limits.elementCount else { throw .finding(PreScanFinding(.elementCount, at: start)) }
    if header.isDelimiter {
      try scanDelimiter(header, parent, &input)
    } else {
      guard parent == nil || parent?.kind == .item else {
        throw .finding(PreScanFinding(.sequenceStructure, at: start, tag: header.tag))
      }
      try scanElement(header, parent, &input, parent?.encoding ?? encoding)
    }
  }

  private mutating func scanDelimiter(
    _ header: ElementHeader, _ parent: Container?, _ input: inout ScanInput
  ) throws(ScanFailure) {
    let misplaced = ScanFailure.finding(PreScanFinding(.sequenceStructure, at: header.position, tag: header.tag))
    switch (header.tag, parent?.kind) {
    case (ElementHeader.item, .sequence?):
      guard let parent else { throw misplaced }
      let end = header.hasUndefinedLength ? nil : input.position + header.length
      try checkEnd(end, header, parent, &input)
      try push(
        Container(
          kind: .item, end: end, encoding: parent.encoding, isGuess: false, tag: header.tag), at: header.position)
    case (ElementHeader.item, .fragments?):
      guard !header.hasUndefinedLength else { throw misplaced }
      try skip(header, parent, &input)
      if open.count == 1 { outline.addFragment(header.length) }
    case (ElementHeader.itemDelimitation, .item?), (ElementHeader.sequenceDelimitation, .sequence?),
      (ElementHeader.sequenceDelimitation, .fragments?):
      // Where the length is defined, the delimiter is superfluous, and a mistake that other readers forgive.
      if parent?.end == nil { open.removeLast() }
    case (ElementHeader.sequenceDelimitation, nil), (ElementHeader.itemDelimitation, nil):
      // Left behind at the top level by writers that close what they did not open.
      break
    default: throw misplaced
    }
  }

  private mutating func scanElement(
    _ header: ElementHeader, _ parent: Container?, _ input: inout ScanInput, _ encoding: ElementEncoding
  ) throws(ScanFailure) {
    let isTop = parent == nil
    if header.hasUndefinedLength {
      let holdsFragments = header.tag == ElementHeader.pixelData || header.vr == .ob || header.vr == .ow
      guard holdsFragments || header.vr == .sq || header.vr == .un || header.vr == 0 else {
        throw .finding(PreScanFinding(.sequenceStructure, at: header.position, tag: header.tag))
      }
      if isTop, header.tag == ElementHeader.pixelData { outline.beginFragments(at: header.position) }
      // An unknown sequence is in Implicit VR Little Endian whatever is around it (PS3.5 6.2.2).
      try push(
        Container(
          kind: holdsFragments ? .fragments : .sequence, end: nil,
          encoding: header.vr == .un ? .implicitLittleEndian : encoding, isGuess: false, tag: header.tag),
        at: header.position)
      return
    }
    let isSequence = header.vr == .sq
    if isSequence || header.vr == .un || header.vr == 0, header.length >= 8 {
      let startsWithItem = try input.startsWithItem()
      if isSequence || startsWithItem {
        let end = input.position + header.length
        try checkEnd(end, header, parent, &input)
        try push(
          Container(
            kind: .sequence, end: end, encoding: header.vr == .un ? .implicitLittleEndian : encoding,
            isGuess: !isSequence, tag: header.tag), at: header.position)
        return
      }
    }
    if isTop, PixelOutline.isOfInterest(header), let value = try input.read(header.length) {
      outline.note(header, Array(value), isBigEndian: encoding == .explicitBigEndian)
      return
    }
    if isTop, ElementHeader.pixelTags.contains(header.tag) {
      let available = input.end.map { $0 - input.position } ?? header.length
      outline.noteNative(header, available: available)
      if header.tag == ElementHeader.pixelData { outline.noteValue(at: input.isInflated ? nil : input.position) }
      if available < header.length {
        // Whether there are pixels enough all the same is told when the attributes are compared.
        _ = try input.skip(available)
        return
      }
    }
    try skip(header, parent, &input)
  }

  private func skip(_ header: ElementHeader, _ parent: Container?, _ input: inout ScanInput) throws(ScanFailure) {
    try checkEnd(input.position + header.length, header, parent, &input)
    guard try input.skip(header.length) else {
      throw .finding(PreScanFinding(.valueBeyondEnd, at: header.position, tag: header.tag))
    }
  }

  /// A value must end before what it is in, and before the file.
  private func checkEnd(
    _ end: Int?, _ header: ElementHeader, _ parent: Container?, _ input: inout ScanInput
  ) throws(ScanFailure) {
    guard let end else { return }
    if let limit = open.last(where: { $0.end != nil })?.end, end > limit {
      throw .finding(PreScanFinding(.valueBeyondParent, at: header.position, tag: header.tag))
    }
    if let last = input.end, end > last {
      throw .finding(PreScanFinding(.valueBeyondEnd, at: header.position, tag: header.tag))
    }
  }
}

extension ScanInput {
  /// Whether the next bytes are an item's tag, in either byte order; nothing is consumed.
  mutating func startsWithItem() throws(ScanFailure) -> Bool {
    guard let bytes = try peek(4) else { return false }
    return bytes == [0xFE, 0xFF, 0x00, 0xE0] || bytes == [0xFF, 0xFE, 0xE0, 0x00]
  }

  /// Whether fewer than eight bytes are left and all are zero; they are consumed.
  mutating func hasOnlyPadding() throws(ScanFailure) -> Bool {
    while try has(1) {
      guard let byte = try read(1)?.first, byte == 0 else { return false }
    }
    return true
  }
}
