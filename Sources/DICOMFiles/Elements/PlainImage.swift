package import DICOMCore

/// An image whose frames lie in its file just as they are: nothing has to be decoded, so that memory-safe Swift reads them and
/// no native parser is asked.
///
/// For grey and RGB frames of 8 or 16 bits in little endian order and in files that have no oddities; all others are decoded in
/// a child. Both give the same frames.
package struct PlainImage: Sendable {
  /// The attributes of the standard, without those that are left in the file.
  package let attributes: DataSet
  package let format: ImageFormat
  package let frameCount: Int
  private let file: ElementFile
  private let stored: StoredBytes

  /// Larger frames are left to those who share memory out.
  private static let largestFrame = 16 << 20

  /// `nil` for what is anything but plain.
  package init?(_ file: ElementFile) {
    guard file.hasPreamble, !file.metaTags.isEmpty,
      [.explicitVRLittleEndian, .implicitVRLittleEndian].contains(file.transferSyntax)
    else { return nil }
    let elements = file.dataSet.elements
    guard zip(elements, elements.dropFirst()).allSatisfy({ $0.tag < $1.tag }),
      let last = elements.last(where: { $0.tag.group == 0x7FE0 }), last.tag == .pixelData,
      elements.count(where: { $0.tag.group == 0x7FE0 && $0.tag.element != 0 }) == 1,
      case .stored(let stored) = last.value, stored.swap == 1, last.vr == .ow || last.vr == .ob
    else { return nil }
    let attributes = Self.attributes(of: file.dataSet)
    guard let format = try? ImageFormat(of: attributes), [8, 16].contains(format.bitsAllocated),
      [.monochrome1, .monochrome2, .rgb].contains(format.photometricInterpretation),
      format.frameBytes <= Self.largestFrame,
      let layout = try? NativeLayout(of: attributes, format, length: stored.length), layout.isAsStored(format)
    else { return nil }
    let length = layout.frameCount * format.frameBytes
    guard stored.length == length + length % 2 else { return nil }
    (self.attributes, self.format, frameCount) = (attributes, format, layout.frameCount)
    (self.file, self.stored) = (file, stored)
  }

  /// The stored values of a frame, without the bits that belong to none.
  ///
  /// - Parameter index: From 0.
  package func frame(_ index: Int) throws(DICOMFileError) -> StoredFrame {
    guard (0..<frameCount).contains(index) else { throw .frameOutOfRange(index: index, count: frameCount) }
    let bytes = try file.bytes(of: stored, from: index * format.frameBytes, count: format.frameBytes)
    return StoredFrame(format: format, bytes: bytes).withoutUnusedBits()
  }

  private static let unicode = TextDecoding(characterSets: "ISO_IR 192")

  /// As ``DICOMHeader`` has them: text is in Unicode already.
  private static func attributes(of raw: RawDataSet) -> DataSet {
    var dataSet = DataSet()
    for element in raw.elements {
      guard !element.tag.isPrivate, element.tag.element != 0, element.tag.group != 0xFFFC else { continue }
      switch element.value {
      case .bytes(let bytes): dataSet[element.tag] = ValueDecoding.element(element.vr, bytes, unicode)
      case .items(let items): dataSet[element.tag] = DataSet.Element(.sq, .items(items.map(attributes)))
      case .stored, .fragments: break
      }
    }
    return dataSet
  }
}
