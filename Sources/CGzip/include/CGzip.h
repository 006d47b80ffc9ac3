#ifndef CGZIP_H
#define CGZIP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A thin C layer over zlib's deflate, there because its entry points are macros and its state is a struct of raw pointers. */

/* A gzip member (RFC 1952) that grows. Its header holds no name, no time and no operating system. */
typedef struct cgzip_stream cgzip_stream;

/* A stream of compression level 1 to 9, or NULL when there is no memory for it. Freed with cgzip_free. */
cgzip_stream *_Nullable cgzip_create(int level);

/*
 * Takes `length` bytes, and with `finish` ends the member. Call again with the bytes that are left while fewer than
 * `length` were taken or, with `finish`, while `ended` is false.
 *
 * destination: receives at most `capacity` compressed bytes.
 * taken:       bytes taken of `bytes`.
 * produced:    bytes written to `destination`.
 * Returns false when zlib refuses, which only a mistake of the caller brings about.
 */
bool cgzip_deflate(cgzip_stream *_Nonnull stream, const uint8_t *_Nullable bytes, size_t length, bool finish,
                   uint8_t *_Nonnull destination, size_t capacity, size_t *_Nonnull taken, size_t *_Nonnull produced,
                   bool *_Nonnull ended);

void cgzip_free(cgzip_stream *_Nullable stream);

#ifdef __cplusplus
}
#endif

#endif
