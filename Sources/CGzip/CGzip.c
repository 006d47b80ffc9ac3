#include "CGzip.h"

#include <stdlib.h>
/* For pointers to constant input. */
#define ZLIB_CONST
#include <zlib.h>

struct cgzip_stream {
  z_stream zlib;
  gz_header header;
};

/* 15 bits of window, and 16 to ask for a gzip member in place of a zlib stream. */
enum { gzip_window = 15 + 16, default_memory = 8, unknown_system = 255 };

cgzip_stream *cgzip_create(int level) {
  cgzip_stream *stream = calloc(1, sizeof *stream);
  if (stream == NULL) return NULL;
  if (deflateInit2(&stream->zlib, level, Z_DEFLATED, gzip_window, default_memory, Z_DEFAULT_STRATEGY) != Z_OK) {
    free(stream);
    return NULL;
  }
  /* All zero but for the system: whoever writes the file leaves no trace in it. */
  stream->header.os = unknown_system;
  deflateSetHeader(&stream->zlib, &stream->header);
  return stream;
}

bool cgzip_deflate(cgzip_stream *stream, const uint8_t *bytes, size_t length, bool finish, uint8_t *destination,
                   size_t capacity, size_t *taken, size_t *produced, bool *ended) {
  static const uInt most = 1u << 30;
  const uInt offered = length > most ? most : (uInt)length;
  const uInt room = capacity > most ? most : (uInt)capacity;
  stream->zlib.next_in = bytes;
  stream->zlib.avail_in = offered;
  stream->zlib.next_out = destination;
  stream->zlib.avail_out = room;
  const int status = deflate(&stream->zlib, finish && offered == length ? Z_FINISH : Z_NO_FLUSH);
  *taken = offered - stream->zlib.avail_in;
  *produced = room - stream->zlib.avail_out;
  *ended = status == Z_STREAM_END;
  /* Nothing taken and nothing produced is no failure to zlib, and nothing was left to do. */
  return status == Z_OK || status == Z_STREAM_END || status == Z_BUF_ERROR;
}

void cgzip_free(cgzip_stream *stream) {
  if (stream == NULL) return;
  deflateEnd(&stream->zlib);
  free(stream);
}
