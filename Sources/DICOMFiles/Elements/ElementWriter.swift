package import DICOMCore
internal import Glibc

/// Writes a ``RawDataSet`` as a Part 10 file: always the same bytes for the same elements.
///
/// Preamble of zeros, file meta information made anew, Explicit VR Little Endian, sequences and items of undefined length,
/// elements sorted by tag. What was left in the source file is copied from there piece by piece.
package struct ElementWriter: ~Copyable {
  private let source: ElementFile
  private let samples: NativeSamples?
  private let descriptor: Int32
  private var pending: [UInt8] = []

  /// Writes `dataSet` to `path`, which is overwritten, and does not flush it to the disk.
  ///
  /// - Parameters:
  ///   - dataSet: SOP Class UID and SOP Instance UID at least. Text is UTF-8: outside of ISO 646 only with Specific Character
  ///     Set ISO_IR 192.
  ///   - transferSyntax: Explicit VR Little Endian, or the encapsulated one that the fragments are in.
  ///   - source: Where values lie that are not held.
  ///   - samples: What Pixel Data that is copied from there consists of: anything else in it is left behind. `nil` to copy it as
  ///     it is.
  /// - Throws: `missingAttribute`, `cannotWrite`, or what reading the source throws. A partial file may be left.
  package static func write(
    _ dataSet: RawDataSet, transferSyntax: UID, source: ElementFile, samples: NativeSamples? = nil, to path: String
  ) throws(DICOMFileError) {
    guard let sopClass = dataSet.text(.sopClassUID) else { throw .missingAttribute(.sopClassUID) }
    guard let instance = dataSet.text(.sopInstanceUID) else { throw .missingAttribute(.sopInstanceUID) }
    let descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard descriptor >= 0 else { throw .cannotWrite(errno: errno) }
    var writer = ElementWriter(source: source, samples: samples, descriptor: descriptor)
    writer.putMetaInformation(sopClass: sopClass, instance: instance, transferSyntax.value)
    try writer.put(dataSet)
    try writer.flush()
  }

  private init(source: ElementFile, samples: NativeSamples?, descriptor: Int32) {
    (self.source, self.samples, self.descriptor) = (source, samples, descriptor)
  }

  deinit {
    close(descriptor)
  }

  // MARK: - Elements

  private mutating func putMetaInformation(sopClass: String, instance: String, _ transferSyntax: String) {
    var meta: [UInt8] = []
    meta.putHeader(Tag(0x0002, 0x0001), .ob, length: 2)
    meta += [0, 1]
    for (element, vr, text): (UInt16, VR, String) in [
      (0x0002, .ui, sopClass), (0x0003, .ui, instance), (0x0010, .ui, transferSyntax),
      (0x0012, .ui, DICOMFileWriter.implementationClassUID.value),
      (0x0013, .sh, DICOMFileWriter.implementationVersionName),
    ] { meta.putValue(Array(text.utf8), Tag(0x0002, element), vr) }
    pending = Array(repeating: 0, count: 128) + Array("DICM".utf8)
    pending.putHeader(Tag(0x0002, 0x0000), .ul, length: 4)
    pending.put(UInt32(meta.count))
    pending += meta
  }

  private mutating func put(_ dataSet: RawDataSet) throws(DICOMFileError) {
    let elements = dataSet.elements
    let isSorted = zip(elements, elements.dropFirst()).allSatisfy { $0.tag <= $1.tag }
    for element in isSorted ? elements : elements.sorted(by: { $0.tag < $1.tag }) { try put(element) }
  }

  private mutating func put(_ element: RawElement) throws(DICOMFileError) {
    switch element.value {
    case .bytes(let bytes):
      pending.putValue(bytes, element.tag, element.vr)
    case .stored(let whole):
      let isPixels = element.tag == .pixelData && samples != nil
      let stored = isPixels ? samples?.stored ?? whole : whole
      let vr = element.vr.hasLongLength ? element.vr : .un
      putHeader(element.tag, vr, length: stored.length + stored.length % 2)
      try copy(stored, isPixels ? samples : nil)
      if stored.length % 2 == 1 { pending.append(0) }
    case .items(let items):
      guard !items.isEmpty else { return putHeader(element.tag, .sq, length: 0) }
      putHeader(element.tag, .sq, length: ElementHeader.undefinedLength)
      for item in items {
        putDelimiter(ElementHeader.item, length: UInt32.max)
        try put(item)
        putDelimiter(ElementHeader.itemDelimitation, length: 0)
      }
      putDelimiter(ElementHeader.sequenceDelimitation, length: 0)
    case .fragments(let fragments):
      putHeader(element.tag, .ob, length: ElementHeader.undefinedLength)
      for fragment in fragments {
        putDelimiter(ElementHeader.item, length: UInt32(fragment.length + fragment.length % 2))
        switch fragment {
        case .stored(let stored): try copy(stored)
        case .bytes(let bytes): pending += bytes
        }
        if fragment.length % 2 == 1 { pending.append(0) }
      }
      putDelimiter(ElementHeader.sequenceDelimitation, length: 0)
    }
    if pending.count >= Self.pieceLength { try flush() }
  }

  private mutating func putHeader(_ tag: Tag, _ vr: VR, length: Int) {
    pending.putHeader(tag, vr, length: length)
  }

  private mutating func putDelimiter(_ tag: UInt32, length: UInt32) {
    pending.put(UInt16(tag >> 16))
    pending.put(UInt16(truncatingIfNeeded: tag))
    pending.put(length)
  }

  // MARK: - Bytes

  /// A multiple of every width that is swapped.
  private static let pieceLength = 1 << 20
  /// Pieces of this length go to the file without being put behind what waits.
  private static let directLength = 1 << 16

  private mutating func copy(_ stored: StoredBytes, _ samples: NativeSamples? = nil) throws(DICOMFileError) {
    var start = 0
    while start < stored.length {
      var piece = try source.bytes(of: stored, from: start, count: Self.pieceLength)
      samples?.clear(&piece, isLast: start + piece.count == stored.length)
      start += piece.count
      if piece.count >= Self.directLength || pending.count + piece.count >= Self.pieceLength {
        try flush()
        try FileBytes.append(piece, to: descriptor)
      } else {
        pending += piece
      }
    }
  }

  private mutating func flush() throws(DICOMFileError) {
    try FileBytes.append(pending, to: descriptor)
    pending.removeAll(keepingCapacity: true)
  }
}

/// Bytes in Explicit VR Little Endian.
extension [UInt8] {
  fileprivate mutating func put(_ number: UInt16) {
    append(UInt8(truncatingIfNeeded: number))
    append(UInt8(number >> 8))
  }

  fileprivate mutating func put(_ number: UInt32) {
    put(UInt16(truncatingIfNeeded: number))
    put(UInt16(number >> 16))
  }

  fileprivate mutating func putHeader(_ tag: Tag, _ vr: VR, length: Int) {
    put(tag.group)
    put(tag.element)
    put(vr.letters.byteSwapped)
    if vr.hasLongLength {
      put(UInt16(0))
      put(UInt32(truncatingIfNeeded: length))
    } else {
      put(UInt16(truncatingIfNeeded: length))
    }
  }

  /// An element whose value gets an even length: text gets a space, UIDs and bytes a zero (PS3.5 6.2).
  fileprivate mutating func putValue(_ bytes: [UInt8], _ tag: Tag, _ vr: VR) {
    let length = bytes.count + bytes.count % 2
    // A value too long for its VR's length field is written as UN (PS3.5 6.2.2).
    putHeader(tag, length > 0xFFFE && !vr.hasLongLength ? .un : vr, length: length)
    self += bytes
    if bytes.count % 2 == 1 { append(vr.isText && vr != .ui ? 0x20 : 0) }
  }
}
