// Exact attention for one head and up to 64 queries. The lanes of a vector are queries: scores are made transposed, so that
// maximum and sum run down the keys without a sum across lanes, and a head size such as 72 needs no padding.
// Scores of every key against 64 queries, [keys][64], and the largest of each query.
INLINE void make_scores(const ck_attention *p, const word *panel, word *scores, floats largest[4]) {
  size_t steps = ck_words(p->format, p->head_size);
  summands s = {.a_row = steps, .a_step = 1, .b = panel, .b_step = CK_PANEL, .steps = steps};
  for (int v = 0; v < 4; v++) largest[v] = -__builtin_inff();
  for (size_t key = 0; key < p->tokens; key += TILE_ROWS) {
    int rows = (int)(p->tokens - key < TILE_ROWS ? p->tokens - key : TILE_ROWS);
    word *tile = scores + key * CK_PANEL;
    s.a = (const word *)p->keys + key * steps;
    sums_of(p->format, rows, CK_PANEL / LANES, &s, tile);
    for (int r = 0; r < rows; r++) {
#pragma clang loop unroll(full)
      for (int v = 0; v < 4; v++) largest[v] = larger(largest[v], load(tile + r * CK_PANEL + LANES * v));
    }
  }
}

// Replaces scores by e^(scale · (score - largest)), as floats [keys][64] or as pairs of bfloat16 [keys / 2][64] that begin
// at the same place; gives the sums.
INLINE void make_weights(const ck_attention *p, word *scores, const floats largest[4], floats sums[4]) {
  float factor = p->scale * 1.44269504f;
  floats offset[4];
  for (int v = 0; v < 4; v++) {
    sums[v] = 0;
    offset[v] = -largest[v] * factor;
  }
  size_t tokens = p->tokens;
  if (p->format == CK_FLOAT32) {
    for (size_t key = 0; key < tokens; key++) {
#pragma clang loop unroll(full)
      for (int v = 0; v < 4; v++) {
        word *place = scores + key * CK_PANEL + LANES * v;
        floats weight = power_of_two((load(place) - largest[v]) * factor);
        sums[v] += weight;
        store(place, weight);
      }
    }
    return;
  }
  for (size_t key = 0; key < tokens; key += 2) {
    const word *even = scores + key * CK_PANEL;
#pragma clang loop unroll(full)
    for (int v = 0; v < 4; v++) {
      floats first = coarse_power_of_two(fused(load(even + LANES * v), (floats)factor, offset[v])), second = 0;
      if (key + 1 < tokens) {
        second = coarse_power_of_two(fused(load(even + CK_PANEL + LANES * v), (floats)factor, offset[v]));
      }
      sums[v] += first + second;
      store_words(scores + key / 2 * CK_PANEL + LANES * v, rounded_pair(first, second));
    }
  }
}

// The weighted means of the values, [head_size][64].
INLINE void make_means(const ck_attention *p, const word *weights, const floats sums[4], word *means) {
  size_t size = p->head_size, steps = ck_words(p->format, p->tokens);
  floats factor[4];
  for (int v = 0; v < 4; v++) factor[v] = 1.0f / sums[v];
  summands s = {.a_row = 1, .a_step = size, .b = weights, .b_step = CK_PANEL, .steps = steps};
  for (size_t d = 0; d < size; d += TILE_ROWS) {
    int rows = (int)(size - d < TILE_ROWS ? size - d : TILE_ROWS);
    s.a = (const word *)p->values + d;
    sums_of(p->format, rows, CK_PANEL / LANES, &s, means + d * CK_PANEL);
    for (int r = 0; r < rows; r++) {
      for (int v = 0; v < 4; v++) {
        word *place = means + (d + (size_t)r) * CK_PANEL + LANES * v;
        store(place, load(place) * factor[v]);
      }
    }
  }
}

static void attend(const ck_attention *p, size_t first, size_t count, int32_t *scratch, ck_times *times) {
  if (p->format == CK_INT8) return attend_in_bytes(p, first, count, scratch, times);
  word *panel = (word *)scratch;
  word *means = panel + ck_words(p->format, p->head_size) * CK_PANEL;
  word *scores = means + p->head_size * CK_PANEL;
  floats largest[4], sums[4];
  uint64_t start = times ? nanoseconds() : 0;
  pack_queries(p, first, count, panel, NULL, NULL);
  make_scores(p, panel, scores, largest);
  uint64_t scored = times ? nanoseconds() : 0;
  make_weights(p, scores, largest, sums);
  uint64_t weighted = times ? nanoseconds() : 0;
  make_means(p, scores, sums, means);
  write_context(p, means, first, count);
  if (!times) return;
  times->scores += scored - start;
  times->weights += weighted - scored;
  times->means += nanoseconds() - weighted;
}
