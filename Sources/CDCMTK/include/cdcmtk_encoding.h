// Lossless code streams of single frames; part of CDCMTK.h, whose rules hold here too.

#ifndef CDCMTK_ENCODING_H
#define CDCMTK_ENCODING_H

#pragma clang assume_nonnull begin

/// Encodes one frame as a bare reversible JPEG 2000 code stream of one tile and one layer.
///
/// - bytes, length: samples interleaved, in little endian order, 8 or 16 bits allocated, sign-extended where signed.
/// - transforms_colour: applies the reversible component transform (YBR_RCT) to three samples.
cdcmtk_buffer *_Nullable cdcmtk_jpeg2000_encode(const uint8_t *bytes, size_t length, cdcmtk_frame_format format,
                                                bool is_signed, bool transforms_colour,
                                                cdcmtk_error *error) CDCMTK_NOEXCEPT;

/// Copies all fragments of Pixel Data that `cdcmtk_file_encode` has made, without the offset table, one after the other.
cdcmtk_buffer *_Nullable cdcmtk_file_copy_code_stream(cdcmtk_file *file, cdcmtk_error *error) CDCMTK_NOEXCEPT;

#pragma clang assume_nonnull end

#endif
