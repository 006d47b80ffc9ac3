// A plain-C view of DCMTK and OpenJPEG: read a DICOM file, walk its elements, decode frames, build and write a file.
//
// Rules that hold for every function:
// - Nothing is thrown across this header: a function that can fail returns NULL or false and fills `*error`.
// - The caller owns every error struct and every buffer it passes in. A handle from a `..._open` or `..._create`
//   function is owned by the caller and ends with the `..._free` function of its type, which takes NULL too.
// - `cdcmtk_item` and `cdcmtk_element` are borrowed from the `cdcmtk_file` they were reached through. They are valid
//   until that file is freed, or until the element (or an element that contains it) is replaced by a put function.
// - A handle may move between threads but is used by one thread at a time. Different handles are independent.
// - DCMTK's own log is switched off, as it may hold patient data. Error texts hold no attribute values.
// - No policy: limits, tolerance and the meaning of attributes are the caller's business.

#ifndef CDCMTK_H
#define CDCMTK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
#define CDCMTK_NOEXCEPT noexcept
extern "C" {
#else
#define CDCMTK_NOEXCEPT
#endif

#pragma clang assume_nonnull begin

/// Why a call failed.
typedef enum __attribute__((enum_extensibility(closed))) cdcmtk_status {
  CDCMTK_STATUS_OK = 0,
  /// The file could not be opened, read, written or flushed; see `system_error`.
  CDCMTK_STATUS_SYSTEM = 1,
  /// The file ends inside a data element, item or sequence.
  CDCMTK_STATUS_TRUNCATED = 2,
  /// The bytes do not parse as a DICOM data set.
  CDCMTK_STATUS_MALFORMED = 3,
  /// No codec or character set converter is at hand for what was asked.
  CDCMTK_STATUS_UNSUPPORTED = 4,
  /// A code stream or a text could not be decoded, or a frame not encoded.
  CDCMTK_STATUS_CODING = 5,
  /// The arguments contradict each other or the object.
  CDCMTK_STATUS_ARGUMENT = 6,
  CDCMTK_STATUS_NO_MEMORY = 7,
  /// A C++ exception other than `std::bad_alloc` reached the boundary.
  CDCMTK_STATUS_EXCEPTION = 8,
  /// Sequences are nested so deeply that parsing them takes more stack than allowed.
  CDCMTK_STATUS_NESTING = 9,
  /// A deflated data set inflates to more bytes than allowed.
  CDCMTK_STATUS_INFLATED = 10,
} cdcmtk_status;

/// What went wrong, filled by the failing call; owned by the caller.
typedef struct cdcmtk_error {
  cdcmtk_status status;
  /// `errno` for CDCMTK_STATUS_SYSTEM, otherwise 0.
  int32_t system_error;
  /// DCMTK's condition text, NUL-terminated, cut where necessary.
  char text[160];
} cdcmtk_error;

/// What the parser may use.
typedef struct cdcmtk_limits {
  /// Stack for nested sequences, in bytes; a level takes about 1.5 KB.
  size_t stack_bytes;
  /// Bytes of a deflated data set once inflated; they are held in memory.
  uint64_t inflated_bytes;
} cdcmtk_limits;

/// A DICOM file in memory: meta information and data set. Large values stay on disk until they are read.
typedef struct cdcmtk_file cdcmtk_file;
/// A data set, the meta information, or an item of a sequence. Borrowed.
typedef struct cdcmtk_item cdcmtk_item;
/// A data element. Borrowed.
typedef struct cdcmtk_element cdcmtk_element;
/// Bytes made by a call. Owned by the caller.
typedef struct cdcmtk_buffer cdcmtk_buffer;

/// What an element says of itself.
typedef struct cdcmtk_element_info {
  uint16_t group;
  uint16_t element;
  /// The VR as PS3.5 spells it, NUL-terminated; DCMTK's internal VRs are resolved to valid ones.
  char vr[3];
  /// A sequence of items: has items instead of a value.
  bool is_sequence;
  /// Pixel Data as a sequence of fragments: has neither items nor a readable value.
  bool is_encapsulated;
  /// Length of the value in bytes; 0 for sequences and encapsulated Pixel Data.
  uint32_t length;
} cdcmtk_element_info;

// Library ------------------------------------------------------------------------------------------------------------

/// Registers codecs and switches DCMTK's log off. Any thread, any number of times; every entry point calls it as needed.
void cdcmtk_prepare(void) CDCMTK_NOEXCEPT;

/// DCMTK's version, such as "3.6.7". Static.
const char *cdcmtk_version(void) CDCMTK_NOEXCEPT;

/// OpenJPEG's version, such as "2.5.0". Static.
const char *cdcmtk_openjpeg_version(void) CDCMTK_NOEXCEPT;

/// True when the data dictionary was found; without it implicit VR data sets come out as UN.
bool cdcmtk_has_dictionary(void) CDCMTK_NOEXCEPT;

/// The keyword of a well-known UID, such as "CTImageStorage", or NULL. Static.
const char *_Nullable cdcmtk_uid_keyword(const char *uid) CDCMTK_NOEXCEPT;

// Buffers ------------------------------------------------------------------------------------------------------------

/// The bytes, valid until the buffer is freed.
const uint8_t *cdcmtk_buffer_bytes(const cdcmtk_buffer *buffer) CDCMTK_NOEXCEPT;
size_t cdcmtk_buffer_length(const cdcmtk_buffer *buffer) CDCMTK_NOEXCEPT;
void cdcmtk_buffer_free(cdcmtk_buffer *_Nullable buffer) CDCMTK_NOEXCEPT;

// Reading ------------------------------------------------------------------------------------------------------------

/// Parses the whole element structure of a regular file; values above 4 KiB stay on disk (deflated files excepted).
///
/// - descriptor: open for reading; borrowed until the file is freed. Its position neither matters nor changes.
cdcmtk_file *_Nullable cdcmtk_file_open(int descriptor, cdcmtk_limits limits, cdcmtk_error *error) CDCMTK_NOEXCEPT;

/// The same, stopping before Pixel Data: for a file whose pixels are cut short. Only its attributes can be read.
cdcmtk_file *_Nullable cdcmtk_file_open_before_pixels(int descriptor, cdcmtk_limits limits,
                                                     cdcmtk_error *error) CDCMTK_NOEXCEPT;

/// An empty file, to be filled and written.
cdcmtk_file *_Nullable cdcmtk_file_create(cdcmtk_error *error) CDCMTK_NOEXCEPT;

void cdcmtk_file_free(cdcmtk_file *_Nullable file) CDCMTK_NOEXCEPT;

/// Where in the file reading ended, in bytes: for a file opened before its pixels the first byte of their value. Of no
/// use for deflated files.
uint64_t cdcmtk_file_end_of_reading(cdcmtk_file *file) CDCMTK_NOEXCEPT;

/// The meta information, empty when the file has none.
cdcmtk_item *cdcmtk_file_meta(cdcmtk_file *file) CDCMTK_NOEXCEPT;
cdcmtk_item *cdcmtk_file_data_set(cdcmtk_file *file) CDCMTK_NOEXCEPT;

/// The UID of the transfer syntax DCMTK read the data set with; empty when DCMTK does not know it. Static.
const char *cdcmtk_file_transfer_syntax(cdcmtk_file *file) CDCMTK_NOEXCEPT;

/// The element after `previous` in ascending order of tags (NULL: the first), or NULL at the end.
cdcmtk_element *_Nullable cdcmtk_item_next(cdcmtk_item *item, cdcmtk_element *_Nullable previous) CDCMTK_NOEXCEPT;

/// The element with this tag in `item` itself, or NULL.
cdcmtk_element *_Nullable cdcmtk_item_find(cdcmtk_item *item, uint16_t group, uint16_t element) CDCMTK_NOEXCEPT;

cdcmtk_element_info cdcmtk_element_describe(cdcmtk_element *element) CDCMTK_NOEXCEPT;

/// Copies `length` bytes of the value from `offset` on, numbers in little endian order.
bool cdcmtk_element_read(cdcmtk_element *element, uint32_t offset, uint32_t length, void *destination,
                         cdcmtk_error *error) CDCMTK_NOEXCEPT;

/// The item after `previous` (NULL: the first) of a sequence, or NULL at the end or when `element` is no sequence.
cdcmtk_item *_Nullable cdcmtk_element_next_item(cdcmtk_element *element,
                                                cdcmtk_item *_Nullable previous) CDCMTK_NOEXCEPT;

/// Copies `length` bytes of native Pixel Data from `offset` on, words in little endian order. The file stays open from
/// one call to the next.
bool cdcmtk_file_read_pixels(cdcmtk_file *file, uint32_t offset, uint32_t length, void *destination,
                             cdcmtk_error *error) CDCMTK_NOEXCEPT;

// Text ---------------------------------------------------------------------------------------------------------------

/// Loads the C library's converter for an encoding and keeps it, so that it works where no file can be opened any more.
bool cdcmtk_text_keep(const char *encoding) CDCMTK_NOEXCEPT;

/// Converts text to UTF-8.
///
/// - encoding: a name of the C library's converter, such as "ISO-8859-7" or "EUC-JP". Escape sequences are not followed.
cdcmtk_buffer *_Nullable cdcmtk_text_to_utf8(const char *encoding, const void *bytes, size_t length,
                                             cdcmtk_error *error) CDCMTK_NOEXCEPT;

// Compressed frames --------------------------------------------------------------------------------------------------

/// The number of fragments of encapsulated Pixel Data; fragment 0 is the Basic Offset Table. 0 for native Pixel Data.
uint32_t cdcmtk_file_fragment_count(cdcmtk_file *file) CDCMTK_NOEXCEPT;

/// The length of a fragment in bytes, 0 for an index out of range.
uint32_t cdcmtk_file_fragment_length(cdcmtk_file *file, uint32_t index) CDCMTK_NOEXCEPT;

bool cdcmtk_file_fragment_read(cdcmtk_file *file, uint32_t index, uint32_t offset, uint32_t length, void *destination,
                               cdcmtk_error *error) CDCMTK_NOEXCEPT;

/// The Image Pixel Module that a code stream is decoded for (PS3.3 C.7.6.3).
typedef struct cdcmtk_frame_format {
  uint16_t rows;
  uint16_t columns;
  uint16_t samples;
  /// 8, 16 or, for JPEG 2000, 32.
  uint16_t bits_allocated;
  uint16_t bits_stored;
} cdcmtk_frame_format;

/// Decodes one JPEG or JPEG-LS code stream, samples interleaved, without any colour conversion. The caller has compared
/// its frame header with `format`.
///
/// - transfer_syntax: a UID of the JPEG or JPEG-LS families.
/// - destination, size: size at least the frame's bytes, plus one where that is odd.
bool cdcmtk_code_stream_decode(const char *transfer_syntax, const uint8_t *bytes, size_t length,
                               cdcmtk_frame_format format, void *destination, uint32_t size,
                               cdcmtk_error *error) CDCMTK_NOEXCEPT;

/// Decodes one bare JPEG 2000 or HTJ2K code stream, samples interleaved and in little endian order. A component transform
/// that the code stream states is undone; nothing else is converted. Negative samples fill their container with the sign.
///
/// - destination, size: size at least the frame's bytes.
bool cdcmtk_jpeg2000_decode(const uint8_t *bytes, size_t length, cdcmtk_frame_format format, void *destination,
                            size_t size, cdcmtk_error *error) CDCMTK_NOEXCEPT;

/// Inflates one bare deflated stream (RFC 1951), which must end within `size` bytes.
///
/// - produced: receives the number of bytes.
bool cdcmtk_inflate(const uint8_t *bytes, size_t length, void *destination, size_t size, size_t *produced,
                    cdcmtk_error *error) CDCMTK_NOEXCEPT;

// Writing ------------------------------------------------------------------------------------------------------------

/// Puts an element with a value into `item`, replacing one with the same tag.
///
/// - vr: a VR of PS3.5, NUL-terminated, other than SQ.
/// - bytes, length: text in the character set of the object, or numbers in little endian order; copied.
bool cdcmtk_item_put(cdcmtk_item *item, uint16_t group, uint16_t element, const char *vr, const void *_Nullable bytes,
                     size_t length, cdcmtk_error *error) CDCMTK_NOEXCEPT;

/// Puts an empty sequence into `item`, replacing an element with the same tag, and returns it.
cdcmtk_element *_Nullable cdcmtk_item_put_sequence(cdcmtk_item *item, uint16_t group, uint16_t element,
                                                   cdcmtk_error *error) CDCMTK_NOEXCEPT;

/// Appends an empty item to a sequence and returns it.
cdcmtk_item *_Nullable cdcmtk_element_append_item(cdcmtk_element *sequence, cdcmtk_error *error) CDCMTK_NOEXCEPT;

/// Sets native Pixel Data: OB for at most 8 bits allocated, OW otherwise, in little endian order; copied.
bool cdcmtk_file_put_pixels(cdcmtk_file *file, bool words, const void *bytes, size_t length,
                            cdcmtk_error *error) CDCMTK_NOEXCEPT;

/// Replaces native Pixel Data by a lossless encoding: RLE, JPEG lossless SV1 or JPEG-LS. Other attributes stay.
bool cdcmtk_file_encode(cdcmtk_file *file, const char *transfer_syntax, cdcmtk_error *error) CDCMTK_NOEXCEPT;

/// Encodes one frame of 8-bit samples, interleaved, as JPEG baseline; RGB becomes YCbCr 4:2:2.
cdcmtk_buffer *_Nullable cdcmtk_jpeg_baseline_encode(const void *bytes, size_t length, uint16_t rows, uint16_t columns,
                                                     uint16_t samples, uint8_t quality,
                                                     cdcmtk_error *error) CDCMTK_NOEXCEPT;

/// Sets encapsulated Pixel Data from code streams, one fragment a frame, with a Basic Offset Table.
bool cdcmtk_file_put_fragments(cdcmtk_file *file, const char *transfer_syntax,
                               const cdcmtk_buffer *_Nonnull const *_Nonnull frames, size_t count,
                               cdcmtk_error *error) CDCMTK_NOEXCEPT;

/// Writes preamble, meta information as it stands (group length computed) and data set, and flushes to the disk.
/// An existing file is overwritten; on failure a partial file may be left behind.
bool cdcmtk_file_save(cdcmtk_file *file, const char *path, const char *transfer_syntax,
                      cdcmtk_error *error) CDCMTK_NOEXCEPT;

#pragma clang assume_nonnull end

#include "cdcmtk_encoding.h"

#ifdef __cplusplus
}
#endif

#endif
