// How far every sample stands out from what is wider than a stroke, light and dark at once: a plane less its opening by a square
// of 7 x 7, and its closing less the plane. Rows pass through once; what a row needs of those before it stays near the processor.

#define EXTREME(a, b) (smallest ? least(a, b) : greatest(a, b))

// What two rows need of the six before them: the odd ones of these, and the extremes of pairs.
typedef struct {
  int16_t *odd[3], *pairs[3];
} cs_delay;

// The extremes of seven rows of which `even`, and of which `odd` is the last, at one place. `step` counts pairs of rows.
INLINE void seven_rows(cs_delay *d, size_t step, size_t at, lanes *even, lanes *odd, bool smallest) {
  int16_t *oldest = d->pairs[step % 3] + at, *odd_row = d->odd[step % 3] + at;
  lanes middle = EXTREME(load(d->pairs[(step + 1) % 3] + at), load(d->pairs[(step + 2) % 3] + at));
  lanes pair = EXTREME(*even, *odd), last = *odd;
  *even = EXTREME(EXTREME(load(oldest), middle), *even);
  *odd = EXTREME(EXTREME(load(odd_row), middle), pair);
  store(oldest, pair);
  store(odd_row, last);
}

// The extreme of seven samples of a row around a place; three more at both ends repeat the first and the last.
INLINE lanes seven_columns(const int16_t *p, bool smallest) {
#if defined(PATH_HAS_WIDE_SHUFFLE)
  // Loads that are not aligned cost two each; words are moved between registers instead.
  lanes own = load(p), before = load(p - LANES), behind = load(p + LANES);
  lanes a = EXTREME(FOLLOWING(before, own, 29), FOLLOWING(before, own, 30));
  lanes b = EXTREME(FOLLOWING(before, own, 31), FOLLOWING(own, behind, 1));
  lanes c = EXTREME(FOLLOWING(own, behind, 2), FOLLOWING(own, behind, 3));
#else
  lanes own = load(p);
  lanes a = EXTREME(load(p - 3), load(p - 2)), b = EXTREME(load(p - 1), load(p + 1));
  lanes c = EXTREME(load(p + 2), load(p + 3));
#endif
  return EXTREME(EXTREME(a, b), EXTREME(c, own));
}
#undef EXTREME

// What lies outside of a row is never more extreme than its ends.
static void extend(int16_t *row, size_t width) {
  for (int i = 1; i <= 3; i++) {
    row[-i] = row[0];
    row[width - 1 + (size_t)i] = row[width - 1];
  }
}

static void clear_delay(cs_delay *d, int16_t **memory, size_t stride, int16_t neutral) {
  for (size_t i = 0; i < 3; i++) {
    d->odd[i] = *memory;
    d->pairs[i] = *memory + stride;
    for (size_t k = 0; k < 2 * stride; k++) (*memory)[k] = neutral;
    *memory += 2 * stride;
  }
}

INLINE void put_response(lanes v, uint16_t *target, size_t count, ulanes *peak) {
  if (count >= LANES) {
    memcpy(target, &v, sizeof v);
  } else {
    lanes part = 0;
    memcpy(&part, &v, count * sizeof(int16_t));
    v = part;
    memcpy(target, &v, count * sizeof(int16_t));
  }
  *peak = __builtin_elementwise_max(*peak, (ulanes)v);
}

static void put_peaks(ulanes *peaks, size_t columns, uint16_t *target) {
  for (size_t i = 0; i < columns; i++) {
    target[i] = __builtin_reduce_max(peaks[i]);
    peaks[i] = 0;
  }
}

// What one pass works with: rows with their ends, two of each, and what lies between the windows.
typedef struct {
  size_t width, height, columns;
  int16_t *rows[2], *erosions[2], *dilations[2];
  cs_delay eroded, dilated, opened, closed;
} cs_pass;

// Erosion and dilation of the rows three above the pair `step`.
static void narrow(cs_pass *p, size_t step) {
  bool inside[2] = {2 * step < p->height, 2 * step + 1 < p->height};
  for (size_t at = 0; at < p->columns * LANES; at += LANES) {
    lanes small[2], large[2];
    for (int i = 0; i < 2; i++) {
      small[i] = inside[i] ? seven_columns(p->rows[i] + at, true) : (lanes)INT16_MAX;
      large[i] = inside[i] ? seven_columns(p->rows[i] + at, false) : (lanes)INT16_MIN;
    }
    seven_rows(&p->eroded, step, at, &small[0], &small[1], true);
    seven_rows(&p->dilated, step, at, &large[0], &large[1], false);
    for (int i = 0; i < 2; i++) {
      store(p->erosions[i] + at, small[i]);
      store(p->dilations[i] + at, large[i]);
    }
  }
  for (int i = 0; i < 2; i++) {
    extend(p->erosions[i], p->width);
    extend(p->dilations[i], p->width);
  }
}

static bool respond(
  cs_workspace *workspace, const int16_t *values, size_t width, size_t height, uint16_t *light, uint16_t *dark,
  uint16_t *light_peaks, uint16_t *dark_peaks) {
  cs_pass p = {.width = width, .height = height, .columns = (width + LANES - 1) / LANES};
  size_t stride = (p.columns + 2) * LANES;
  // Four delays of six rows, six rows with their ends, two of peaks.
  int16_t *memory = cs_workspace_rows(workspace, stride * 32 * sizeof(int16_t));
  if (!memory) return false;
  clear_delay(&p.eroded, &memory, stride, INT16_MAX);
  clear_delay(&p.dilated, &memory, stride, INT16_MIN);
  clear_delay(&p.opened, &memory, stride, INT16_MIN);
  clear_delay(&p.closed, &memory, stride, INT16_MAX);
  memset(memory, 0, 8 * stride * sizeof(int16_t));
  for (size_t i = 0; i < 2; i++) {
    p.rows[i] = memory + i * stride + LANES;
    p.erosions[i] = p.rows[i] + 2 * stride;
    p.dilations[i] = p.rows[i] + 4 * stride;
  }
  ulanes *peaks[2] = {(ulanes *)(memory + 6 * stride), (ulanes *)(memory + 7 * stride)};
  // Rows come in pairs. The middle of seven rows is three behind the last: a pair's erosion is that of the rows three above it,
  // and the opening of these is three rows higher again.
  for (size_t step = 0; 2 * step < height + 6; step++) {
    for (size_t i = 0; i < 2 && 2 * step + i < height; i++) {
      memcpy(p.rows[i], values + (2 * step + i) * width, width * sizeof(int16_t));
      extend(p.rows[i], width);
    }
    narrow(&p, step);
    // Erosions of rows outside count for nothing.
    bool inside[2];
    for (size_t i = 0; i < 2; i++) inside[i] = 2 * step + i >= 3 && 2 * step + i - 3 < height;
    for (size_t at = 0; at < p.columns * LANES; at += LANES) {
      lanes large[2], small[2];
      for (int i = 0; i < 2; i++) {
        large[i] = inside[i] ? seven_columns(p.erosions[i] + at, false) : (lanes)INT16_MIN;
        small[i] = inside[i] ? seven_columns(p.dilations[i] + at, true) : (lanes)INT16_MAX;
      }
      seven_rows(&p.opened, step, at, &large[0], &large[1], false);
      seven_rows(&p.closed, step, at, &small[0], &small[1], true);
      if (step < 3) continue;
      size_t count = width - at < LANES ? width - at : LANES;
      for (size_t i = 0; i < 2 && 2 * step + i - 6 < height; i++) {
        size_t place = (2 * step + i - 6) * width + at;
        lanes v = load_part(values + place, count);
        put_response(v - large[i], light + place, count, &peaks[0][at / LANES]);
        put_response(small[i] - v, dark + place, count, &peaks[1][at / LANES]);
      }
    }
    // Blocks have an even number of rows.
    if (step >= 3 && ((2 * step - 5) % CS_BLOCK == CS_BLOCK - 1 || 2 * step - 5 >= height - 1)) {
      size_t first = (2 * step - 6) / CS_BLOCK * p.columns;
      put_peaks(peaks[0], p.columns, light_peaks + first);
      put_peaks(peaks[1], p.columns, dark_peaks + first);
    }
  }
  return true;
}
