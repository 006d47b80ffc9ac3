// Connected samples, diagonal neighbours included, from the runs of every row: rows become bits, runs are read off the bits.

// Hands over the stretches of set bits in a row.
#define FOR_EACH_RUN(mask, word_count, width, start, end)                                                      \
  for (size_t start = next_bit(mask, word_count, 0, true), end;                                                \
       start < (width) && ((end = next_bit(mask, word_count, start, false)) > start);                          \
       start = next_bit(mask, word_count, end, true))

// The first place from `from` on whose bit is set, or is not; the end of the mask where there is none.
INLINE size_t next_bit(const uint32_t *mask, size_t word_count, size_t from, bool set) {
  size_t word = from / 32;
  if (word >= word_count) return word_count * 32;
  uint32_t value = (set ? mask[word] : ~mask[word]) & ~0u << (from % 32);
  while (value == 0) {
    if (++word == word_count) return word_count * 32;
    value = set ? mask[word] : ~mask[word];
  }
  return word * 32 + (size_t)__builtin_ctz(value);
}

static size_t strokes(
  cs_workspace *workspace, const int16_t *values, const uint16_t *response, const uint16_t *thresholds, size_t width,
  size_t height, bool is_dark, cs_wanted wanted, bool *complete) {
  size_t columns = (width + CS_BLOCK - 1) / CS_BLOCK;
  // One more word, so that a run that ends with the row ends within the mask.
  uint32_t *mask = cs_collection_begin(workspace, width, columns + 1);
  *complete = mask != NULL;
  if (!mask) return 0;
  mask[columns] = 0;
  for (size_t row = 0; row < height; row++) {
    const uint16_t *bounds = thresholds + row / CS_BLOCK * columns;
    bool is_silent = true;
    for (size_t i = 0; i < columns; i++) is_silent = is_silent && bounds[i] == UINT16_MAX;
    if (is_silent) continue;
    if (cs_collection_is_full(workspace)) break;
    cs_collection_row(workspace, (int32_t)row);
    const int16_t *line = values + row * width;
    const uint16_t *responses = response + row * width;
    for (size_t i = 0; i < columns; i++) {
      size_t count = width - i * LANES < LANES ? width - i * LANES : LANES;
      mask[i] = 0;
      if (bounds[i] == UINT16_MAX) continue;
      ulanes r = (ulanes)load_part((const int16_t *)responses + i * LANES, count);
      mask[i] = bits((lanes)(r > (ulanes)bounds[i])) & first_bits(count);
    }
    FOR_EACH_RUN(mask, columns + 1, width, start, end) {
      size_t last = end - 1, middle = (start + last) / 2;
      size_t outside = start > 0 ? start - 1 : 0, beyond = end < width ? end : width - 1;
      size_t second = start + 1 < last ? start + 1 : last, before = last > start ? last - 1 : start;
      int64_t value = line[middle];
      int64_t steps = (int64_t)line[second] - line[outside] + line[before] - line[beyond];
      if (is_dark) value = -1 - value, steps = -steps;
      if (!cs_collection_add(workspace, start, end, value, responses[middle], steps)) break;
    }
  }
  size_t found = cs_collection_end(workspace, wanted);
  *complete = !cs_collection_is_full(workspace);
  return found;
}

// Takes single samples that touch no other out of a row, and says how many: nearly all of noise that happens to have a value.
INLINE size_t drop_specks(uint32_t *mask, const uint32_t *above, const uint32_t *below, size_t word_count) {
  size_t count = 0;
  uint32_t others = 0, before = 0;
  for (size_t i = 0; i < word_count; i++) {
    uint32_t own = mask[i], beside = above[i] | below[i];
    bool is_last = i + 1 == word_count;
    uint32_t next = is_last ? 0 : mask[i + 1], next_beside = is_last ? 0 : above[i + 1] | below[i + 1];
    uint32_t touched = own << 1 | own >> 1 | before >> 31 | next << 31 | beside | beside << 1 | beside >> 1
      | others >> 31 | next_beside << 31;
    before = own;
    others = beside;
    count += (size_t)__builtin_popcount(own & ~touched);
    mask[i] = own & touched;
  }
  return count;
}

INLINE void pen_mask(const int16_t *line, size_t width, size_t columns, int16_t value, uint32_t *mask) {
  for (size_t i = 0; i < columns; i++) {
    size_t count = width - i * LANES < LANES ? width - i * LANES : LANES;
    mask[i] = bits((lanes)(load_part(line + i * LANES, count) == (lanes)value)) & first_bits(count);
  }
  mask[columns] = 0;
}

static size_t pens(
  cs_workspace *workspace, const int16_t *values, size_t width, size_t height, int16_t value, cs_wanted wanted,
  bool *complete) {
  size_t columns = (width + LANES - 1) / LANES, words = columns + 1;
  uint32_t *memory = cs_collection_begin(workspace, width, 3 * words);
  *complete = memory != NULL;
  if (!memory) return 0;
  uint32_t *above = memory, *mask = above + words, *below = mask + words;
  memset(above, 0, words * sizeof *above);
  pen_mask(values, width, columns, value, mask);
  for (size_t row = 0; row < height; row++) {
    if (cs_collection_is_full(workspace)) break;
    cs_collection_row(workspace, (int32_t)row);
    const int16_t *line = values + row * width;
    if (row + 1 < height) pen_mask(line + width, width, columns, value, below);
    else memset(below, 0, words * sizeof *below);
    if (wanted.least_long > 1) cs_collection_pass(workspace, drop_specks(mask, above, below, words));
    FOR_EACH_RUN(mask, words, width, start, end) {
      // Two samples away a soft edge has ended.
      int64_t before = (int64_t)value - line[start > 2 ? start - 2 : 0];
      int64_t behind = (int64_t)value - line[end + 1 < width ? end + 1 : width - 1];
      int64_t steps = (before < 0 ? -before : before) + (behind < 0 ? -behind : behind);
      if (!cs_collection_add(workspace, start, end, value, steps, steps)) break;
    }
    uint32_t *free_words = above;
    above = mask;
    mask = below;
    below = free_words;
  }
  size_t found = cs_collection_end(workspace, wanted);
  *complete = !cs_collection_is_full(workspace);
  return found;
}
