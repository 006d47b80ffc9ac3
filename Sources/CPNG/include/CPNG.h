#ifndef CPNG_H
#define CPNG_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A thin C layer over libpng, there because libpng reports errors by longjmp, which must not cross Swift frames. */

/* What a PNG holds: grey (1 channel) or RGB (3 channels), 8 or 16 bits a sample, not interlaced. */
typedef struct {
  uint32_t width;
  uint32_t height;
  int channels;  /* 1 or 3 */
  int bit_depth; /* 8 or 16 */
} cpng_format;

/* Failure text, owned by the caller; terminated by NUL, empty after success. */
typedef struct {
  char text[128];
} cpng_error;

/*
 * Encodes `samples` as a PNG with fixed filter and compression level, so that the same samples give the same bytes.
 *
 * samples: height x width x channels samples, rows top down, channels interleaved; 16-bit samples in host order.
 * length:  bytes in `samples`; must be what the format asks for.
 * png:     receives a buffer that the caller frees with cpng_free; NULL after failure.
 * Returns 0, or -1 with the reason in `error`.
 */
int cpng_encode(const uint8_t *_Nonnull samples, size_t length, cpng_format format, uint8_t *_Nullable *_Nonnull png,
                size_t *_Nonnull png_length, cpng_error *_Nonnull error);

/*
 * Decodes a PNG as cpng_encode writes it; other colour types, depths and interlacing are refused.
 *
 * max_samples bounds width x height x channels, checked before anything is allocated.
 * samples: receives a buffer that the caller frees with cpng_free; NULL after failure.
 * Returns 0, or -1 with the reason in `error`.
 */
int cpng_decode(const uint8_t *_Nonnull png, size_t png_length, size_t max_samples, cpng_format *_Nonnull format,
                uint8_t *_Nullable *_Nonnull samples, size_t *_Nonnull length, cpng_error *_Nonnull error);

/* libpng's version, such as "1.6.39". Static. */
const char *_Nonnull cpng_library_version(void);

/* Frees a buffer that one of the functions above handed out; NULL is allowed. */
void cpng_free(void *_Nullable buffer);

#ifdef __cplusplus
}
#endif

#endif
