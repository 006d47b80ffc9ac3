internal import CDCMTK
internal import DICOMCore

/// How much of a data set is copied into a value.
struct ReadingExtent {
  /// Sequences may be nested this deep; what nests deeper is refused.
  static let maximumDepth = 64

  /// Leaves private elements, functional groups, overlays and long binary values out.
  let isBrief: Bool

  /// Binary values above this many bytes are left out of a brief header.
  static let briefLimit: UInt32 = 4096

  func includes(_ info: cdcmtk_element_info) -> Bool {
    let tag = Tag(info.group, info.element)
    // Group lengths and paddings say nothing about the object (PS3.5 7.2).
    if tag.element == 0 || tag == Tag(0xFFFC, 0xFFFC) { return false }
    if info.is_encapsulated || Self.pixelTags.contains(tag) { return false }
    guard isBrief else { return true }
    return !tag.isPrivate && tag.group != 0x5200 && tag.group & 0xFF00 != 0x6000 && info.length <= Self.briefLimit
  }

  private static let pixelTags: Set<Tag> = [.pixelData, .floatPixelData, .doubleFloatPixelData]
}

extension ObjectHandle {
  /// The data set as a value, text in Unicode, without pixel data.
  func readDataSet(_ extent: ReadingExtent) throws(DICOMFileError) -> DataSet {
    try unsafe Self.read(cdcmtk_file_data_set(raw), extent, TextDecoding(characterSets: ""), depth: 0)
  }

  /// The transfer syntax that the meta information names, in its own words; `nil` when there is none.
  func statedTransferSyntax() throws(DICOMFileError) -> UID? {
    UID(String(decoding: try metaValue(of: .transferSyntaxUID), as: UTF8.self))
  }

  /// Whether the file has meta information (PS3.10 7.1).
  var hasMetaInformation: Bool {
    unsafe cdcmtk_item_next(cdcmtk_file_meta(raw), nil) != nil
  }

  /// The value of an element of the data set itself, empty when it is absent.
  func value(of tag: Tag) throws(DICOMFileError) -> [UInt8] {
    try unsafe Self.value(of: tag, in: cdcmtk_file_data_set(raw))
  }

  /// The value of an element of the meta information, empty when it is absent.
  func metaValue(of tag: Tag) throws(DICOMFileError) -> [UInt8] {
    try unsafe Self.value(of: tag, in: cdcmtk_file_meta(raw))
  }

  private static func value(of tag: Tag, in item: OpaquePointer) throws(DICOMFileError) -> [UInt8] {
    guard let element = unsafe cdcmtk_item_find(item, tag.group, tag.element) else { return [] }
    let info = unsafe cdcmtk_element_describe(element)
    return info.is_sequence || info.is_encapsulated ? [] : try unsafe Self.bytes(of: element, info)
  }

  // MARK: - Walking

  private static func read(
    _ item: OpaquePointer, _ extent: ReadingExtent, _ outer: TextDecoding, depth: Int
  ) throws(DICOMFileError) -> DataSet {
    // An item may name its own character sets, otherwise those around it hold (PS3.3 C.12.1.1.2).
    let tag = Tag.specificCharacterSet
    if let element = unsafe cdcmtk_item_find(item, tag.group, tag.element) {
      let bytes = try unsafe Self.bytes(of: element, cdcmtk_element_describe(element))
      let own = TextDecoding(characterSets: String(decoding: bytes, as: UTF8.self))
      return try unsafe readElements(item, extent, own, depth: depth)
    }
    return try unsafe readElements(item, extent, outer, depth: depth)
  }

  private static func readElements(
    _ item: OpaquePointer, _ extent: ReadingExtent, _ text: TextDecoding, depth: Int
  ) throws(DICOMFileError) -> DataSet {
    var dataSet = DataSet()
    var current = unsafe cdcmtk_item_next(item, nil)
    while let element = unsafe current {
      let info = unsafe cdcmtk_element_describe(element)
      if extent.includes(info) {
        dataSet[Tag(info.group, info.element)] = try unsafe value(element, info, extent, text, depth: depth)
      }
      unsafe current = unsafe cdcmtk_item_next(item, element)
    }
    return dataSet
  }

  private static func value(
    _ element: OpaquePointer, _ info: cdcmtk_element_info, _ extent: ReadingExtent, _ text: TextDecoding,
    depth: Int
  ) throws(DICOMFileError) -> DataSet.Element {
    if info.is_sequence {
      guard depth < ReadingExtent.maximumDepth else { throw .nestingTooDeep(limit: ReadingExtent.maximumDepth) }
      var items: [DataSet] = []
      var current = unsafe cdcmtk_element_next_item(element, nil)
      while let item = unsafe current {
        items.append(try unsafe read(item, extent, text, depth: depth + 1))
        unsafe current = unsafe cdcmtk_element_next_item(element, item)
      }
      return DataSet.Element(.sq, .items(items))
    }
    let name = String(decoding: [UInt8(bitPattern: info.vr.0), UInt8(bitPattern: info.vr.1)], as: UTF8.self)
    let vr = VR(rawValue: name) ?? .un
    return ValueDecoding.element(vr, try unsafe bytes(of: element, info), text)
  }

  /// The value of an element in little endian order.
  private static func bytes(of element: OpaquePointer, _ info: cdcmtk_element_info) throws(DICOMFileError) -> [UInt8] {
    try unsafe CopiedBytes.make(Int(info.length)) { destination, error in
      unsafe cdcmtk_element_read(element, 0, info.length, destination, &error)
    }
  }
}

/// Arrays that a function of the shim fills.
enum CopiedBytes {
  /// An array of `count` bytes, all written by `fill`, which returns false and an error when it fails.
  static func make(
    _ count: Int, failure: (cdcmtk_error) -> DICOMFileError = { DICOMFileError(reading: $0) },
    _ fill: (UnsafeMutableRawPointer, inout cdcmtk_error) -> Bool
  ) throws(DICOMFileError) -> [UInt8] {
    guard count > 0 else { return [] }
    var error = cdcmtk_error()
    var succeeded = false
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      guard let start = buffer.baseAddress else { return }
      succeeded = unsafe fill(UnsafeMutableRawPointer(start), &error)
      filled = succeeded ? count : 0
    }
    guard succeeded else { throw failure(error) }
    return bytes
  }
}
