// How far every sample stands out from what is wider than a stroke, light and dark at once: a plane less its opening by a square
// of 7 x 7, and its closing less the plane. Rows pass through once; what a row needs of those before it stays near the processor.

// Rows of one extreme between two windows: the last row, and the extremes of two and of four rows as long as they are needed.
typedef struct {
  int16_t *last, *pairs[2], *fours[3];
} cs_delay;

// The extreme of seven rows of which `v` is the last, at one place.
INLINE lanes seven_rows(cs_delay *d, size_t row, size_t at, lanes v, bool smallest) {
#define EXTREME(a, b) (smallest ? least(a, b) : greatest(a, b))
  lanes pair = EXTREME(load(d->last + at), v);
  store(d->last + at, v);
  int16_t *pairs = d->pairs[row % 2] + at, *fours = d->fours[row % 3] + at;
  lanes four = EXTREME(load(pairs), pair);
  store(pairs, pair);
  lanes seven = EXTREME(load(fours), four);
  store(fours, four);
  return seven;
}

// The extreme of seven samples of a row around a place; three more at both ends repeat the first and the last.
INLINE lanes seven_columns(const int16_t *p, bool smallest) {
  lanes a = EXTREME(load(p - 3), load(p - 2)), b = EXTREME(load(p - 1), load(p + 1));
  lanes c = EXTREME(load(p + 2), load(p + 3));
  return EXTREME(EXTREME(a, b), EXTREME(c, load(p)));
#undef EXTREME
}

// What lies outside of a row is never more extreme than its ends.
static void extend(int16_t *row, size_t width) {
  for (int i = 1; i <= 3; i++) {
    row[-i] = row[0];
    row[width - 1 + (size_t)i] = row[width - 1];
  }
}

static void clear_delay(cs_delay *d, int16_t **memory, size_t stride, int16_t neutral) {
  int16_t **rows[] = {&d->last, &d->pairs[0], &d->pairs[1], &d->fours[0], &d->fours[1], &d->fours[2]};
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    *rows[i] = *memory;
    *memory += stride;
    for (size_t k = 0; k < stride; k++) (*rows[i])[k] = neutral;
  }
}

static void put_response(lanes v, uint16_t *target, size_t count, ulanes *peak) {
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

static bool respond(
  cs_workspace *workspace, const int16_t *values, size_t width, size_t height, uint16_t *light, uint16_t *dark,
  uint16_t *light_peaks, uint16_t *dark_peaks) {
  size_t columns = (width + LANES - 1) / LANES, stride = columns * LANES + 2 * LANES;
  // Four windows of six rows, three rows with their ends, two of peaks.
  int16_t *memory = cs_workspace_rows(workspace, stride * 29 * sizeof(int16_t));
  if (!memory) return false;
  cs_delay eroded, opened, dilated, closed;
  clear_delay(&eroded, &memory, stride, INT16_MAX);
  clear_delay(&opened, &memory, stride, INT16_MIN);
  clear_delay(&dilated, &memory, stride, INT16_MIN);
  clear_delay(&closed, &memory, stride, INT16_MAX);
  int16_t *row = memory + LANES, *erosion = row + stride, *dilation = erosion + stride;
  ulanes *peaks[2] = {(ulanes *)(memory + 3 * stride), (ulanes *)(memory + 4 * stride)};
  memset(memory, 0, 5 * stride * sizeof(int16_t));
  // The middle of a window of seven rows is three rows behind its last one, in both passes.
  for (size_t r = 0; r < height + 6; r++) {
    if (r < height) {
      memcpy(row, values + r * width, width * sizeof(int16_t));
      extend(row, width);
    }
    if (r < height + 3) {
      for (size_t at = 0; at < columns * LANES; at += LANES) {
        lanes small = INT16_MAX, large = INT16_MIN;
        if (r < height) {
          small = seven_columns(row + at, true);
          large = seven_columns(row + at, false);
        }
        store(erosion + at, seven_rows(&eroded, r, at, small, true));
        store(dilation + at, seven_rows(&dilated, r, at, large, false));
      }
      extend(erosion, width);
      extend(dilation, width);
    }
    if (r < 3) continue;
    bool is_inside = r < height + 3, has_result = r >= 6;
    const int16_t *source = has_result ? values + (r - 6) * width : NULL;
    for (size_t at = 0; at < columns * LANES; at += LANES) {
      lanes large = INT16_MIN, small = INT16_MAX;
      if (is_inside) {
        large = seven_columns(erosion + at, false);
        small = seven_columns(dilation + at, true);
      }
      lanes opening = seven_rows(&opened, r, at, large, false), closing = seven_rows(&closed, r, at, small, true);
      if (!has_result) continue;
      size_t count = width - at < LANES ? width - at : LANES, place = (r - 6) * width + at;
      lanes v = load_part(source + at, count);
      put_response(v - opening, light + place, count, &peaks[0][at / LANES]);
      put_response(closing - v, dark + place, count, &peaks[1][at / LANES]);
    }
    if (has_result && ((r - 6) % CS_BLOCK == CS_BLOCK - 1 || r - 6 == height - 1)) {
      size_t first = (r - 6) / CS_BLOCK * columns;
      put_peaks(peaks[0], columns, light_peaks + first);
      put_peaks(peaks[1], columns, dark_peaks + first);
    }
  }
  return true;
}
