import CDCMTK
import DICOMCore
import DICOMFiles
import Glibc
import TestSupport
import Testing

/// The C header itself: ownership, errors and refusal of wrong arguments.
struct ShimTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private let limits = cdcmtk_limits(stack_bytes: 1 << 20, inflated_bytes: 1 << 30)

  private func text(_ error: cdcmtk_error) -> String {
    unsafe withUnsafeBytes(of: error.text) { bytes in unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self) }
  }

  private func descriptor(_ path: String) throws -> Int32 {
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
    try #require(descriptor >= 0)
    return descriptor
  }

  @Test func `the library tells its version and finds its dictionary`() {
    #expect(unsafe String(cString: cdcmtk_version()).hasPrefix("3."))
    #expect(unsafe String(cString: cdcmtk_openjpeg_version()).hasPrefix("2."))
    #expect(cdcmtk_has_dictionary())
    #expect(unsafe cdcmtk_uid_keyword("1.2.3.4.5.6.7.8") == nil)
    #expect(SOPClass.keyword(.ctImageStorage) == "CTImageStorage")
  }

  @Test func `freeing nothing is allowed`() {
    cdcmtk_file_free(nil)
    cdcmtk_buffer_free(nil)
  }

  @Test func `a failing call fills the caller's error`() throws {
    var error = cdcmtk_error()
    #expect(unsafe cdcmtk_file_open(-1, limits, &error) == nil)
    #expect(error.status != .CDCMTK_STATUS_OK)
    #expect(!text(error).isEmpty)

    let garbage = try descriptor(folder.write([UInt8](repeating: 0x41, count: 500), to: "garbage"))
    defer { close(garbage) }
    #expect(unsafe cdcmtk_file_open(garbage, limits, &error) == nil)
    #expect(error.status != .CDCMTK_STATUS_OK)
    #expect(error.system_error == 0)
  }

  @Test func `a deflated data set must not inflate beyond its limit`() throws {
    let path = folder.path("deflated")
    try DICOMFileWriter.write(
      SampleObjects.secondaryCapture(), transferSyntax: .deflatedExplicitVRLittleEndian,
      frames: [SampleObjects.gradient(200, 200, .monochrome2)], to: path)
    let deflated = try descriptor(path)
    defer { close(deflated) }
    var error = cdcmtk_error()
    let tight = cdcmtk_limits(stack_bytes: 1 << 20, inflated_bytes: 30_000)
    #expect(unsafe cdcmtk_file_open(deflated, tight, &error) == nil)
    #expect(error.status == .CDCMTK_STATUS_INFLATED)
    let file = unsafe cdcmtk_file_open(deflated, limits, &error)
    #expect(unsafe file != nil)
    unsafe cdcmtk_file_free(file)
  }

  @Test func `elements are put, found, described and read back`() {
    var error = cdcmtk_error()
    let created = unsafe cdcmtk_file_create(&error)
    defer { unsafe cdcmtk_file_free(created) }
    guard let file = unsafe created else {
      Issue.record("no file")
      return
    }
    let dataSet = unsafe cdcmtk_file_data_set(file)
    let value: [UInt8] = [0x34, 0x12, 0x78, 0x56]
    #expect(unsafe cdcmtk_item_put(dataSet, 0x0028, 0x0106, "US", value, value.count, &error))
    #expect(unsafe cdcmtk_item_find(dataSet, 0x0028, 0x0107) == nil)
    guard let element = unsafe cdcmtk_item_find(dataSet, 0x0028, 0x0106) else {
      Issue.record("no element")
      return
    }
    let info = unsafe cdcmtk_element_describe(element)
    #expect((info.group, info.element, info.length) == (0x0028, 0x0106, 4))
    #expect(info.vr.0 == 0x55 && info.vr.1 == 0x53 && info.vr.2 == 0)
    #expect(!info.is_sequence && !info.is_encapsulated)
    var bytes = [UInt8](repeating: 0, count: 2)
    #expect(unsafe cdcmtk_element_read(element, 2, 2, &bytes, &error))
    #expect(bytes == [0x78, 0x56])
    #expect(unsafe !cdcmtk_element_read(element, 2, 4, &bytes, &error))
    #expect(error.status == .CDCMTK_STATUS_ARGUMENT)
    #expect(unsafe cdcmtk_element_next_item(element, nil) == nil)
    #expect(unsafe cdcmtk_item_next(dataSet, element) == nil)
  }

  @Test func `sequences hold items and no value`() {
    var error = cdcmtk_error()
    let created = unsafe cdcmtk_file_create(&error)
    defer { unsafe cdcmtk_file_free(created) }
    guard let file = unsafe created,
      let sequence = unsafe cdcmtk_item_put_sequence(cdcmtk_file_data_set(file), 0x0040, 0xA730, &error),
      let item = unsafe cdcmtk_element_append_item(sequence, &error)
    else {
      Issue.record("not built")
      return
    }
    #expect(unsafe cdcmtk_element_describe(sequence).is_sequence)
    #expect(unsafe cdcmtk_element_next_item(sequence, nil) == item)
    #expect(unsafe cdcmtk_element_next_item(sequence, item) == nil)
    var byte: UInt8 = 0
    #expect(unsafe !cdcmtk_element_read(sequence, 0, 0, &byte, &error))
    #expect(unsafe !cdcmtk_item_put(item, 0x0008, 0x0100, "SQ", nil, 0, &error))
    #expect(unsafe !cdcmtk_item_put(item, 0x0008, 0x0100, "??", nil, 0, &error))
    #expect(error.status == .CDCMTK_STATUS_ARGUMENT)
  }

  @Test func `frames are refused where there are none`() {
    var error = cdcmtk_error()
    let created = unsafe cdcmtk_file_create(&error)
    defer { unsafe cdcmtk_file_free(created) }
    guard let file = unsafe created else { return }
    var frame = [UInt8](repeating: 0, count: 16)
    #expect(unsafe cdcmtk_file_fragment_count(file) == 0)
    #expect(unsafe cdcmtk_file_fragment_length(file, 7) == 0)
    #expect(unsafe !cdcmtk_file_fragment_read(file, 0, 0, 1, &frame, &error))
    #expect(unsafe !cdcmtk_file_read_pixels(file, 0, 1, &frame, &error))
    #expect(error.status == .CDCMTK_STATUS_ARGUMENT)
    #expect(unsafe !cdcmtk_file_encode(file, "1.2.840.10008.1.2.4.90", &error))
    #expect(error.status == .CDCMTK_STATUS_UNSUPPORTED)
    #expect(unsafe !cdcmtk_file_save(file, folder.path("x"), "1.2.3", &error))
    #expect(error.status == .CDCMTK_STATUS_UNSUPPORTED)
  }

  @Test func `code streams that are none are refused`() {
    var error = cdcmtk_error()
    let format = cdcmtk_frame_format(rows: 2, columns: 2, samples: 1, bits_allocated: 8, bits_stored: 8)
    var frame: [UInt8] = [7, 7, 7, 7]
    let garbage = [UInt8](repeating: 0x41, count: 40)
    for transferSyntax in ["1.2.3", "1.2.840.10008.1.2.1"] {
      #expect(unsafe !cdcmtk_code_stream_decode(transferSyntax, garbage, 40, format, &frame, 4, &error))
      #expect(error.status == .CDCMTK_STATUS_UNSUPPORTED)
    }
    #expect(unsafe !cdcmtk_code_stream_decode("1.2.840.10008.1.2.4.70", garbage, 0, format, &frame, 4, &error))
    #expect(error.status == .CDCMTK_STATUS_ARGUMENT)
    #expect(unsafe !cdcmtk_code_stream_decode("1.2.840.10008.1.2.4.70", garbage, 40, format, &frame, 4, &error))
    #expect(error.status == .CDCMTK_STATUS_CODING)
    #expect(unsafe !cdcmtk_jpeg2000_decode(garbage, 40, format, &frame, 3, &error))
    #expect(error.status == .CDCMTK_STATUS_ARGUMENT)
    #expect(unsafe !cdcmtk_jpeg2000_decode(garbage, 40, format, &frame, 4, &error))
    #expect(error.status == .CDCMTK_STATUS_CODING)
    #expect(!text(error).isEmpty)
  }

  @Test func `RFC 1951: what inflates to more than the buffer, or does not end, is refused`() {
    var error = cdcmtk_error()
    // A stored block: final, five bytes, their count and its complement.
    let stream: [UInt8] = [1, 5, 0, 0xFA, 0xFF, 1, 2, 3, 4, 5]
    var bytes = [UInt8](repeating: 0, count: 8)
    var count = 0
    #expect(unsafe cdcmtk_inflate(stream, stream.count, &bytes, 8, &count, &error))
    #expect(bytes == [1, 2, 3, 4, 5, 0, 0, 0] && count == 5)
    #expect(unsafe !cdcmtk_inflate(stream, stream.count, &bytes, 4, &count, &error))
    #expect(text(error) == "inflates to more bytes than a frame has")
    #expect(unsafe !cdcmtk_inflate(stream, stream.count - 1, &bytes, 8, &count, &error))
    #expect(text(error) == "not a whole deflated stream")
  }

  @Test func `text errors do not repeat the text`() {
    var error = cdcmtk_error()
    #expect(unsafe cdcmtk_text_to_utf8("NO-SUCH", "secret", 6, &error) == nil)
    #expect(error.status == .CDCMTK_STATUS_UNSUPPORTED)
    #expect(!text(error).contains("secret"))
    #expect(unsafe cdcmtk_text_to_utf8("EUC-KR", [0xFF, 0xFF] as [UInt8], 2, &error) == nil)
    #expect(error.status == .CDCMTK_STATUS_CODING)
  }

  @Test func `a frame whose size disagrees with its format is not encoded`() {
    var error = cdcmtk_error()
    #expect(unsafe cdcmtk_jpeg_baseline_encode([1, 2, 3] as [UInt8], 3, 2, 2, 1, 90, &error) == nil)
    #expect(error.status == .CDCMTK_STATUS_ARGUMENT)
    #expect(unsafe cdcmtk_jpeg_baseline_encode([1] as [UInt8], 0, 0, 2, 1, 90, &error) == nil)
  }
}
