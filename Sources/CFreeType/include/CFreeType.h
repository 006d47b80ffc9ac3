#ifndef CFREETYPE_H
#define CFREETYPE_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#pragma clang assume_nonnull begin

/* A thin C layer over FreeType: one font at one size, and lines of text drawn into a plane of coverage values. */

/* A font at a size. Owned by the caller; used by one thread at a time. */
typedef struct cfreetype_face cfreetype_face;

/* Why a call failed; owned by the caller, terminated by NUL. */
typedef struct {
  char text[128];
} cfreetype_error;

/*
 * Opens the first face of a font file.
 *
 * pixels: height of the em square, from 1 to 512.
 * Returns NULL with the reason in `error`.
 */
cfreetype_face *_Nullable cfreetype_open(const char *path, int32_t pixels, cfreetype_error *error);

void cfreetype_free(cfreetype_face *_Nullable face);

/* From the top of a line to its baseline, and from one baseline to the next, in pixels. */
int32_t cfreetype_ascent(const cfreetype_face *face);
int32_t cfreetype_line_height(const cfreetype_face *face);

/* The width of a line of Unicode scalars in pixels. A scalar that the font lacks counts as its replacement glyph. */
int32_t cfreetype_measure(cfreetype_face *face, const uint32_t *_Nullable scalars, size_t count);

/*
 * Draws a line without hinting, so that the shapes do not depend on the build of the library.
 *
 * coverage: width x height bytes, row by row; 0 is untouched, 255 covered. Where glyphs meet, the greater value stays.
 * x, baseline: where the line starts; what lies outside the plane is cut off.
 */
void cfreetype_draw(cfreetype_face *face, const uint32_t *_Nullable scalars, size_t count, uint8_t *coverage,
                    int32_t width, int32_t height, int32_t x, int32_t baseline);

/* FreeType's version, such as "2.12.1", written to 32 bytes. */
void cfreetype_version(char text[_Nonnull 32]);

#pragma clang assume_nonnull end

#ifdef __cplusplus
}
#endif

#endif
