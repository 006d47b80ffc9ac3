// Attention in 8-bit integers: scores, and weights with values.
//
// A row of weights reaches over many orders, and 8 bits do not. So keys go in blocks, each with weights on a scale of its own
// for every query. Weights below a step would be rounded to nothing, however many there are: a threshold that changes from key
// to key decides which of them count as a whole step, so that they keep their sum.
#if !defined(_WIN32)
#include <time.h>
#endif

INLINE uint64_t nanoseconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

// Exponents of `rows` keys against 64 queries, to base 2: scores with the scale of the key's values, and the largest so far.
INLINE void exponents_of_tile(
  const ck_attention *p, const int rows, size_t key, summands s, const floats factor[4], word *exponents,
  floats largest[4]) {
#pragma clang loop unroll(full)
  for (int v = 0; v < 4; v += TILE_VECTORS) {
    words sums[TILE_ROWS][TILE_VECTORS];
    add_up(CK_INT8, SIGNED_COLUMNS, rows, TILE_VECTORS, s, sums);
#pragma clang loop unroll(full)
    for (int r = 0; r < rows; r++) {
      float scale = p->key_scales[key + (size_t)r];
      floats offset = p->value_scales[2 * (key + (size_t)r)];
#pragma clang loop unroll(full)
      for (int u = 0; u < TILE_VECTORS; u++) {
        floats x = fused(__builtin_convertvector(sums[r][u], floats), factor[v + u] * scale, offset);
        largest[v + u] = larger(largest[v + u], x);
        store(exponents + r * CK_PANEL + LANES * (v + u), x);
      }
    }
    s.b += TILE_VECTORS * LANES;
    s.start += TILE_VECTORS * LANES;
  }
}

static __attribute__((noinline)) void make_exponents(
  const ck_attention *p, size_t first, size_t count, const summands *queries, const floats factor[4], word *exponents,
  floats largest[4]) {
  summands s = *queries;
  floats most[4] = {-__builtin_inff(), -__builtin_inff(), -__builtin_inff(), -__builtin_inff()};
  for (size_t i = 0; i < count; i += TILE_ROWS) {
    s.a = (const word *)p->keys + (first + i) * s.a_row;
    word *tile = exponents + i * CK_PANEL;
    switch (count - i) {
      case 1: exponents_of_tile(p, 1, first + i, s, factor, tile, most); break;
      case 2: exponents_of_tile(p, 2, first + i, s, factor, tile, most); break;
      case 3: exponents_of_tile(p, 3, first + i, s, factor, tile, most); break;
      case 4: exponents_of_tile(p, 4, first + i, s, factor, tile, most); break;
      case 5: exponents_of_tile(p, 5, first + i, s, factor, tile, most); break;
      default: exponents_of_tile(p, 6, first + i, s, factor, tile, most); break;
    }
  }
  for (int v = 0; v < 4; v++) largest[v] = most[v];
}

// 2 to the power of t - 192, to a relative 7e-4, for t below 256; below 128 it counts as 128.
//
// Such a t has 16 binary places, which a shift moves to where a float has its fraction, and its whole part to the exponent: that
// is -(1 + f)·2^(n - 63) for the power n + f. What is missing from 2^f, 2^f / (1 + f), is a cubic polynomial, here with the factor
// -2^63.
INLINE floats byte_power(floats t) {
  words least = as_words((floats)128.0f), pattern = as_words(t);
  pattern = (pattern > least ? pattern : least) << 7;
  floats m = as_floats((pattern & 0x007FFFFF) | 0x3F800000);
  floats series = fused(m, (floats)(-0x1p63f * -0.1064493f), (floats)(-0x1p63f * 0.707493f));
  series = fused(series, m, (floats)(-0x1p63f * -1.3773343f));
  series = fused(series, m, (floats)(-0x1p63f * 1.7756283f));
  return as_floats(pattern) * series;
}

// The weights of up to four keys against sixteen queries as bytes of a word, added to `sum` before rounding and without the
// scales of the values.
INLINE words word_of_weights(
  const int count, const word *exponents, floats offset, const float *threshold, const float *inverse, floats *sum) {
  words byte[4];
#pragma clang loop unroll(full)
  for (int i = 0; i < count; i++) {
    floats weight = byte_power(load(exponents + i * CK_PANEL) + offset);
    *sum = fused(weight, (floats)inverse[i], *sum);
    // Behind 1.5·2^15 a float has 8 binary places; those above become the byte.
    byte[i] = as_words(weight + (weight < 1.0f ? (floats)threshold[i] : (floats)49152.5f));
  }
  words packed = byte[0] >> 8 & 0xFF;
  if (count > 1) packed |= byte[1] & 0xFF00;
  if (count > 2) packed |= byte[2] << 8 & 0xFF0000;
  if (count > 3) packed |= byte[3] << 16 & (int32_t)0xFF000000;
  return packed;
}

// The weights of a block as bytes, four keys to a word, [keys / 4][64], and their sums.
static __attribute__((noinline)) void make_bytes(
  const ck_attention *p, size_t first, size_t count, const word *exponents, const floats largest[4], word *weights,
  floats sums[4]) {
  floats offset[4], total[4];
  for (int v = 0; v < 4; v++) {
    total[v] = 0;
    offset[v] = (192.0f + 7.98868469f) - largest[v];  // the largest weight becomes 254
  }
  for (size_t key = 0; key < count; key += 4) {
    float threshold[4], inverse[4];
    for (size_t i = 0; i < 4 && key + i < count; i++) {
      // Multiples of the golden section fill the unit evenly over any number of keys.
      uint32_t fraction = (uint32_t)(first + key + i) * 0x9E3779B9u >> 24;
      threshold[i] = 49152.0f + (float)(int32_t)fraction * 0x1p-8f;
      inverse[i] = p->value_scales[2 * (first + key + i) + 1];
    }
#pragma clang loop unroll(full)
    for (int v = 0; v < 4; v++) {
      const word *place = exponents + key * CK_PANEL + LANES * v;
      words packed;
      switch (count - key) {
        case 1: packed = word_of_weights(1, place, offset[v], threshold, inverse, &total[v]); break;
        case 2: packed = word_of_weights(2, place, offset[v], threshold, inverse, &total[v]); break;
        case 3: packed = word_of_weights(3, place, offset[v], threshold, inverse, &total[v]); break;
        default: packed = word_of_weights(4, place, offset[v], threshold, inverse, &total[v]); break;
      }
      store_words(weights + key / 4 * CK_PANEL + LANES * v, packed);
    }
  }
  for (int v = 0; v < 4; v++) sums[v] = total[v];
}

// means += factor · (weights · values), or = where they are the first; `rows` of them.
INLINE void add_means_of_tile(const int rows, summands s, const floats factor[4], int adding, word *means) {
#pragma clang loop unroll(full)
  for (int v = 0; v < 4; v += TILE_VECTORS) {
    words sums[TILE_ROWS][TILE_VECTORS];
    add_up(CK_INT8, SIGNED_ROWS, rows, TILE_VECTORS, s, sums);
#pragma clang loop unroll(full)
    for (int r = 0; r < rows; r++) {
#pragma clang loop unroll(full)
      for (int u = 0; u < TILE_VECTORS; u++) {
        word *place = means + r * CK_PANEL + LANES * (v + u);
        floats x = __builtin_convertvector(sums[r][u], floats);
        store(place, adding ? fused(x, factor[v + u], load(place)) : x * factor[v + u]);
      }
    }
    s.b += TILE_VECTORS * LANES;
  }
}

static __attribute__((noinline)) void add_means(
  const ck_attention *p, const summands *weights, const floats factor[4], int adding, word *means) {
  summands s = *weights;
  for (size_t d = 0; d < p->head_size; d += TILE_ROWS, s.a += TILE_ROWS) {
    word *tile = means + d * CK_PANEL;
    switch (p->head_size - d) {
      case 1: add_means_of_tile(1, s, factor, adding, tile); break;
      case 2: add_means_of_tile(2, s, factor, adding, tile); break;
      case 3: add_means_of_tile(3, s, factor, adding, tile); break;
      case 4: add_means_of_tile(4, s, factor, adding, tile); break;
      case 5: add_means_of_tile(5, s, factor, adding, tile); break;
      default: add_means_of_tile(6, s, factor, adding, tile); break;
    }
  }
}

// What the weights of each block are multiplied with: its share of all, divided by the sum. `blocks` holds the largest exponents,
// then the sums, of each. A query that is not a number has `factor` to show for it.
INLINE void share_out(size_t count, const floats factors[4], floats (*blocks)[8]) {
  for (int v = 0; v < 4; v++) {
    floats most = blocks[0][v], sum = factors[v] * 0.0f;
    for (size_t b = 1; b < count; b++) most = larger(most, blocks[b][v]);
    for (size_t b = 0; b < count; b++) {
      floats share = power_of_two(blocks[b][v] - most);
      sum = fused(share, blocks[b][4 + v], sum);
      blocks[b][v] = share;
    }
    floats factor = 1.0f / sum;
    for (size_t b = 0; b < count; b++) blocks[b][v] = blocks[b][v] * factor;
  }
}

static void attend_in_bytes(const ck_attention *p, size_t first, size_t count, int32_t *scratch, ck_times *times) {
  size_t steps = ck_words(CK_INT8, p->head_size), tokens = p->tokens;
  size_t block_count = (tokens + CK_KEY_BLOCK - 1) / CK_KEY_BLOCK;
  word *panel = (word *)scratch;
  word *means = panel + steps * CK_PANEL;
  word *exponents = means + p->head_size * CK_PANEL;
  word *weights = exponents + CK_KEY_BLOCK * CK_PANEL;
  floats(*blocks)[8] = (floats(*)[8])(weights + ck_words(CK_INT8, tokens) * CK_PANEL);
  float scales[CK_PANEL] __attribute__((aligned(64))) = {0};
  word start_sums[CK_PANEL] __attribute__((aligned(64)));
  uint64_t start = times ? nanoseconds() : 0;
  pack_queries(p, first, count, panel, scales, start_sums);
  summands queries = {
    .a_row = steps, .a_step = 1, .b = panel, .b_step = CK_PANEL, .steps = steps, .start = start_sums};
  floats factor[4];
  for (int v = 0; v < 4; v++) factor[v] = load(scales + LANES * v) * (p->scale * 1.44269504f);
  for (size_t b = 0; b < block_count; b++) {
    size_t key = b * CK_KEY_BLOCK, keys = tokens - key < CK_KEY_BLOCK ? tokens - key : CK_KEY_BLOCK;
    make_exponents(p, key, keys, &queries, factor, exponents, blocks[b]);
    uint64_t scored = times ? nanoseconds() : 0;
    make_bytes(p, key, keys, exponents, blocks[b], weights + key / 4 * CK_PANEL, blocks[b] + 4);
    if (!times) continue;
    uint64_t weighted = nanoseconds();
    times->scores += scored - start;
    times->weights += weighted - scored;
    start = weighted;
  }
  share_out(block_count, factor, blocks);
  for (size_t b = 0; b < block_count; b++) {
    size_t key = b * CK_KEY_BLOCK, keys = tokens - key < CK_KEY_BLOCK ? tokens - key : CK_KEY_BLOCK;
    summands s = {
      .a = (const word *)p->values + key / 4 * p->head_size, .a_row = 1, .a_step = p->head_size,
      .b = weights + key / 4 * CK_PANEL, .b_step = CK_PANEL, .steps = ck_words(CK_INT8, keys)};
    add_means(p, &s, blocks[b], b > 0, means);
  }
  write_context(p, means, first, count);
  if (times) times->means += nanoseconds() - start;
}
