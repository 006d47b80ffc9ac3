// Input for OpenJPEG from bytes in memory.

#ifndef CDCMTK_JPEG2000_STREAM_HPP
#define CDCMTK_JPEG2000_STREAM_HPP

#include <openjpeg-2.5/openjpeg.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace cdcmtk {

/// Borrowed bytes and how far they have been read.
struct MemoryInput {
  const uint8_t *bytes;
  size_t length;
  size_t position;
};

inline OPJ_SIZE_T read_memory(void *buffer, OPJ_SIZE_T count, void *context) {
  auto &input = *static_cast<MemoryInput *>(context);
  const size_t available = std::min<size_t>(count, input.length - input.position);
  // OpenJPEG knows the end of the input by this value alone.
  if (available == 0) return static_cast<OPJ_SIZE_T>(-1);
  std::memcpy(buffer, input.bytes + input.position, available);
  input.position += available;
  return available;
}

inline OPJ_OFF_T skip_memory(OPJ_OFF_T count, void *context) {
  auto &input = *static_cast<MemoryInput *>(context);
  if (count < 0) return -1;
  const size_t skipped = std::min<size_t>(static_cast<size_t>(count), input.length - input.position);
  input.position += skipped;
  return skipped == 0 && count > 0 ? -1 : static_cast<OPJ_OFF_T>(skipped);
}

inline OPJ_BOOL seek_memory(OPJ_OFF_T position, void *context) {
  auto &input = *static_cast<MemoryInput *>(context);
  if (position < 0 || static_cast<uint64_t>(position) > input.length) return OPJ_FALSE;
  input.position = static_cast<size_t>(position);
  return OPJ_TRUE;
}

/// A stream over `input`, which must outlive it; null when there is no memory.
inline opj_stream_t *open_stream(MemoryInput &input) {
  // OpenJPEG copies through a buffer of this size; a frame smaller than the usual one needs no more than itself.
  const size_t chunk = std::clamp<size_t>(input.length, 1024, OPJ_J2K_STREAM_CHUNK_SIZE);
  opj_stream_t *stream = opj_stream_create(chunk, OPJ_TRUE);
  if (stream == nullptr) return nullptr;
  opj_stream_set_user_data(stream, &input, nullptr);
  opj_stream_set_user_data_length(stream, input.length);
  opj_stream_set_read_function(stream, read_memory);
  opj_stream_set_skip_function(stream, skip_memory);
  opj_stream_set_seek_function(stream, seek_memory);
  return stream;
}

} // namespace cdcmtk

#endif
