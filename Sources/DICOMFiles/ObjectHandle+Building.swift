internal import CDCMTK
internal import DICOMCore

extension ObjectHandle {
  /// Copies a value into the data set, item by item.
  func put(_ dataSet: DataSet) throws(DICOMFileError) {
    try unsafe Self.put(dataSet, into: cdcmtk_file_data_set(raw))
  }

  /// Copies a value into the meta information.
  func putMeta(_ meta: DataSet) throws(DICOMFileError) {
    try unsafe Self.put(meta, into: cdcmtk_file_meta(raw))
  }

  private static func put(_ dataSet: DataSet, into item: OpaquePointer) throws(DICOMFileError) {
    var error = cdcmtk_error()
    for tag in dataSet.tags {
      guard let element = dataSet[tag] else { continue }
      if element.vr == .sq {
        guard case .items(let items) = element.value else { throw .unwritableValue(tag) }
        guard let sequence = unsafe cdcmtk_item_put_sequence(item, tag.group, tag.element, &error) else {
          throw DICOMFileError(writing: error)
        }
        for content in items {
          guard let child = unsafe cdcmtk_element_append_item(sequence, &error) else {
            throw DICOMFileError(writing: error)
          }
          try unsafe put(content, into: child)
        }
      } else {
        let bytes = try ValueEncoding.bytes(element, tag)
        guard unsafe cdcmtk_item_put(item, tag.group, tag.element, element.vr.rawValue, bytes, bytes.count, &error)
        else { throw .unwritableValue(tag) }
      }
    }
  }

  /// Sets native Pixel Data.
  func putPixels(_ bytes: [UInt8], words: Bool) throws(DICOMFileError) {
    var error = cdcmtk_error()
    guard unsafe cdcmtk_file_put_pixels(raw, words, bytes, bytes.count, &error) else {
      throw DICOMFileError(writing: error)
    }
  }

  /// Replaces native Pixel Data by a lossless encoding.
  func encode(_ transferSyntax: UID) throws(DICOMFileError) {
    var error = cdcmtk_error()
    guard unsafe cdcmtk_file_encode(raw, transferSyntax.value, &error) else { throw DICOMFileError(writing: error) }
  }

  /// The code stream of the one frame that was encoded.
  func codeStream() throws(DICOMFileError) -> [UInt8] {
    var error = cdcmtk_error()
    guard let buffer = unsafe cdcmtk_file_copy_code_stream(raw, &error) else { throw DICOMFileError(writing: error) }
    defer { unsafe cdcmtk_buffer_free(buffer) }
    return unsafe Array(UnsafeBufferPointer(start: cdcmtk_buffer_bytes(buffer), count: cdcmtk_buffer_length(buffer)))
  }

  /// Encodes frames of 8-bit samples as JPEG baseline and makes them the Pixel Data.
  ///
  /// - Returns: The bytes of all code streams.
  func putJPEGBaseline(_ frames: [StoredFrame], quality: Int) throws(DICOMFileError) -> Int {
    var error = cdcmtk_error()
    var streams: [OpaquePointer] = unsafe []
    defer { unsafe streams.forEach { unsafe cdcmtk_buffer_free($0) } }
    var byteCount = 0
    for frame in frames {
      let format = frame.format
      guard let rows = UInt16(exactly: format.rows), let columns = UInt16(exactly: format.columns),
        let level = UInt8(exactly: quality)
      else { throw .inconsistentFrames }
      let encoded = unsafe cdcmtk_jpeg_baseline_encode(
        frame.bytes, frame.bytes.count, rows, columns, UInt16(format.samplesPerPixel), level, &error)
      guard let stream = unsafe encoded else { throw DICOMFileError(writing: error) }
      unsafe streams.append(stream)
      unsafe byteCount += cdcmtk_buffer_length(stream)
    }
    guard unsafe cdcmtk_file_put_fragments(raw, UID.jpegBaseline8Bit.value, streams, streams.count, &error) else {
      throw DICOMFileError(writing: error)
    }
    return byteCount
  }

  /// Writes the file and flushes it to the disk.
  func save(to path: String, _ transferSyntax: UID) throws(DICOMFileError) {
    var error = cdcmtk_error()
    guard unsafe cdcmtk_file_save(raw, path, transferSyntax.value, &error) else {
      throw DICOMFileError(writing: error)
    }
  }
}
