#include "CFreeType.h"

#include <ft2build.h>
#include FT_FREETYPE_H

#include <stdio.h>
#include <stdlib.h>

struct cfreetype_face {
  /* A library of its own: FreeType's libraries are not shared between threads. */
  FT_Library library;
  FT_Face face;
};

enum { load_flags = FT_LOAD_NO_HINTING | FT_LOAD_NO_BITMAP };

static cfreetype_face *fail(cfreetype_face *face, cfreetype_error *error, const char *reason, FT_Error code) {
  snprintf(error->text, sizeof error->text, "%s (FreeType error %d)", reason, (int)code);
  cfreetype_free(face);
  return NULL;
}

cfreetype_face *cfreetype_open(const char *path, int32_t pixels, cfreetype_error *error) {
  error->text[0] = '\0';
  cfreetype_face *face = calloc(1, sizeof *face);
  if (face == NULL) return fail(NULL, error, "out of memory", 0);
  if (pixels < 1 || pixels > 512) return fail(face, error, "a size outside 1 to 512 pixels", 0);
  FT_Error code = FT_Init_FreeType(&face->library);
  if (code != 0) return fail(face, error, "the library cannot be started", code);
  code = FT_New_Face(face->library, path, 0, &face->face);
  if (code != 0) return fail(face, error, "the font cannot be opened", code);
  code = FT_Set_Pixel_Sizes(face->face, 0, (FT_UInt)pixels);
  if (code != 0) return fail(face, error, "the font cannot be scaled", code);
  return face;
}

void cfreetype_free(cfreetype_face *face) {
  if (face == NULL) return;
  if (face->face != NULL) FT_Done_Face(face->face);
  if (face->library != NULL) FT_Done_FreeType(face->library);
  free(face);
}

/* From 26.6 fixed point to pixels, rounded up. */
static int32_t pixels_up(FT_Pos value) { return (int32_t)((value + 63) >> 6); }

int32_t cfreetype_ascent(const cfreetype_face *face) { return pixels_up(face->face->size->metrics.ascender); }

int32_t cfreetype_line_height(const cfreetype_face *face) { return pixels_up(face->face->size->metrics.height); }

int32_t cfreetype_measure(cfreetype_face *face, const uint32_t *scalars, size_t count) {
  FT_Pos width = 0;
  for (size_t index = 0; index < count; index++)
    if (FT_Load_Char(face->face, scalars[index], load_flags) == 0) width += face->face->glyph->advance.x;
  return pixels_up(width);
}

static void copy_glyph(const FT_Bitmap *glyph, uint8_t *coverage, int32_t width, int32_t height, int32_t left,
                       int32_t top) {
  for (int32_t row = 0; row < (int32_t)glyph->rows; row++) {
    const int32_t y = top + row;
    if (y < 0 || y >= height) continue;
    for (int32_t column = 0; column < (int32_t)glyph->width; column++) {
      const int32_t x = left + column;
      if (x < 0 || x >= width) continue;
      const uint8_t value = glyph->buffer[row * glyph->pitch + column];
      uint8_t *pixel = &coverage[(size_t)y * (size_t)width + (size_t)x];
      if (value > *pixel) *pixel = value;
    }
  }
}

void cfreetype_draw(cfreetype_face *face, const uint32_t *scalars, size_t count, uint8_t *coverage, int32_t width,
                    int32_t height, int32_t x, int32_t baseline) {
  /* Glyphs start at whole pixels; the remainder is carried, so that a line is as long as it measures. */
  FT_Pos position = (FT_Pos)x * 64;
  for (size_t index = 0; index < count; index++) {
    if (FT_Load_Char(face->face, scalars[index], load_flags | FT_LOAD_RENDER) != 0) continue;
    const FT_GlyphSlot slot = face->face->glyph;
    if (slot->bitmap.pixel_mode == FT_PIXEL_MODE_GRAY)
      copy_glyph(&slot->bitmap, coverage, width, height, (int32_t)(position >> 6) + slot->bitmap_left,
                 baseline - slot->bitmap_top);
    position += slot->advance.x;
  }
}

void cfreetype_version(char text[32]) {
  FT_Library library = NULL;
  FT_Int major = 0, minor = 0, patch = 0;
  if (FT_Init_FreeType(&library) == 0) {
    FT_Library_Version(library, &major, &minor, &patch);
    FT_Done_FreeType(library);
  }
  snprintf(text, 32, "%d.%d.%d", (int)major, (int)minor, (int)patch);
}
