// Exact attention for one head and up to 64 queries. The lanes of a vector are queries: scores are made transposed, so that
// maximum and sum run down the keys without a sum across lanes, and a head size such as 72 needs no padding.
#if !defined(_WIN32)
#include <time.h>
#endif

INLINE uint64_t nanoseconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

// A head's query or key as words, zeros behind the last value.
INLINE void copy_values(ck_format format, const void *row, size_t count, word *output) {
  size_t whole = count / ck_values_per_word(format), i = 0;
  for (; i + LANES <= whole; i += LANES) store_words(output + i, load_words((const word *)row + i));
  for (; i < whole; i++) memcpy(output + i, (const word *)row + i, sizeof(word));
  if (count % ck_values_per_word(format) != 0) {
    uint16_t last;
    memcpy(&last, (const uint16_t *)row + count - 1, sizeof last);
    output[whole] = last;
  }
}

// A head's query or key of bfloat16 as 8-bit integers around `zero`; returns the scale.
INLINE float quantize_values(const uint16_t *row, size_t count, int32_t zero, uint8_t *output) {
  words largest = 0;
  size_t whole = count - count % LANES;
  for (size_t i = 0; i < whole; i += LANES) largest = larger_bits(largest, load_bf16(row + i, LANES));
  if (whole < count) largest = larger_bits(largest, load_bf16(row + whole, count - whole));
  float factor;
  float scale = scale_of(largest_bits(largest), 127, &factor);
  for (size_t i = 0; i < count; i += LANES) {
    store_bytes(output + i, quantized(load_bf16(row + i, count - i), factor, zero), count - i);
  }
  return scale;
}

static void pack_heads(const ck_heads *heads, const void *projections, size_t stride, size_t first, size_t count) {
  size_t size = heads->head_size, steps = ck_words(heads->format, size), width = heads->heads * size;
  ck_format value_format = heads->format == CK_FLOAT32 ? CK_FLOAT32 : CK_BFLOAT16;
  size_t value_steps = ck_words(value_format, heads->tokens);
  for (size_t head = 0; head < heads->heads; head++) {
    word *keys = (word *)heads->keys + (head * heads->tokens + first) * steps;
    word *values = (word *)heads->values + head * value_steps * size;
    for (size_t t = 0; t < count; t++) {
      size_t key = t * stride + width + head * size;
      if (heads->format == CK_FLOAT32) {
        const float *row = (const float *)projections + key;
        copy_values(CK_FLOAT32, row, size, keys + t * steps);
        copy_values(CK_FLOAT32, row + width, size, values + (first + t) * size);
      } else if (heads->format == CK_BFLOAT16) {
        copy_values(CK_BFLOAT16, (const uint16_t *)projections + key, size, keys + t * steps);
      } else {
        if (size % 4 != 0) keys[t * steps + steps - 1] = 0;
        heads->key_scales[head * heads->tokens + first + t] =
          quantize_values((const uint16_t *)projections + key, size, 128, (uint8_t *)(keys + t * steps));
      }
    }
    if (heads->format == CK_FLOAT32) continue;
    for (size_t t = 0; t < count; t += 2) {
      const uint16_t *even = (const uint16_t *)projections + t * stride + 2 * width + head * size;
      const uint16_t *odd = even + stride;
      word *pairs = values + (first + t) / 2 * size;
      for (size_t d = 0; d < size; d += LANES) {
        size_t part = size - d;
        bits low = as_bits(load_bf16(even + d, part)) >> 16;
        bits high = t + 1 < count ? as_bits(load_bf16(odd + d, part)) : (bits)0;
        store_part((float *)(pairs + d), as_floats((words)(low | high)), part);
      }
    }
  }
}

// The queries of a block as a panel [words of a query][64]; lanes without a query are zero. For CK_INT8 the lanes' scales
// are given back, and what their sums start with because keys are stored around 128.
INLINE void pack_queries(
  const ck_attention *p, size_t first, size_t count, word *panel, float *scales, word *start) {
  size_t steps = ck_words(p->format, p->head_size);
  size_t width = p->format == CK_FLOAT32 ? sizeof(float) : sizeof(uint16_t);
  // Rows of a multiple of sixteen words, to be turned square by square.
  size_t padded = (steps + LANES - 1) / LANES * LANES;
  word rows[LANES * padded];
  for (size_t lane = 0; lane < CK_PANEL; lane += LANES) {
    memset(rows, 0, LANES * padded * sizeof(word));
    for (size_t q = 0; q < LANES; q++) {
      scales[lane + q] = 0;
      start[lane + q] = 0;
      if (lane + q >= count) continue;
      const char *query = (const char *)p->queries + (first + lane + q) * p->query_stride * width;
      word *row = rows + q * padded;
      if (p->format != CK_INT8) {
        copy_values(p->format, query, p->head_size, row);
        continue;
      }
      scales[lane + q] = quantize_values((const uint16_t *)query, p->head_size, 0, (uint8_t *)row);
      int32_t sum = 0;
      for (size_t d = 0; d < p->head_size; d++) sum += ((const int8_t *)row)[d];
      start[lane + q] = -128 * sum;
    }
    for (size_t step = 0; step < steps; step += LANES) {
      words square[LANES];
      for (size_t q = 0; q < LANES; q++) square[q] = load_words(rows + q * padded + step);
      transpose(square);
      for (size_t s = 0; s < LANES && step + s < steps; s++) {
        store_words(panel + (step + s) * CK_PANEL + lane, square[s]);
      }
    }
  }
}

// Scores of every key against 64 queries, [keys][64], and the largest of each query. For CK_INT8 they lack the factor of
// the query.
INLINE void make_scores(
  const ck_attention *p, const word *panel, const word *start, word *scores, floats largest[4]) {
  size_t steps = ck_words(p->format, p->head_size);
  summands s = {
    .a_row = steps, .a_step = 1, .b = panel, .b_step = CK_PANEL, .steps = steps, .start = start};
  for (int v = 0; v < 4; v++) largest[v] = -__builtin_inff();
  for (size_t key = 0; key < p->tokens; key += TILE_ROWS) {
    int rows = (int)(p->tokens - key < TILE_ROWS ? p->tokens - key : TILE_ROWS);
    word *tile = scores + key * CK_PANEL;
    s.a = (const word *)p->keys + key * steps;
    sums_of(p->format, rows, CK_PANEL / LANES, &s, tile);
    for (int r = 0; r < rows; r++) {
#pragma clang loop unroll(full)
      for (int v = 0; v < 4; v++) {
        word *place = tile + r * CK_PANEL + LANES * v;
        floats score = load(place);
        if (p->format == CK_INT8) {
          score = __builtin_convertvector(as_words(score), floats) * p->key_scales[key + (size_t)r];
          store(place, score);
        }
        largest[v] = larger(largest[v], score);
      }
    }
  }
}

// Replaces scores by e^(scale · (score - largest)), as floats [keys][64] or as pairs of bfloat16 [keys / 2][64] that begin
// at the same place; gives the sums.
INLINE void make_weights(
  const ck_attention *p, const float *query_scales, word *scores, const floats largest[4], floats sums[4]) {
  floats factor[4], offset[4];
  for (int v = 0; v < 4; v++) {
    sums[v] = 0;
    factor[v] = (floats)(p->scale * 1.44269504f);
    if (p->format == CK_INT8) factor[v] = factor[v] * load(query_scales + LANES * v);
    offset[v] = -largest[v] * factor[v];
  }
  size_t tokens = p->tokens;
  if (p->format == CK_FLOAT32) {
    for (size_t key = 0; key < tokens; key++) {
#pragma clang loop unroll(full)
      for (int v = 0; v < 4; v++) {
        word *place = scores + key * CK_PANEL + LANES * v;
        floats weight = power_of_two((load(place) - largest[v]) * factor[v]);
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
      floats first = coarse_power_of_two(fused(load(even + LANES * v), factor[v], offset[v])), second = 0;
      if (key + 1 < tokens) {
        second = coarse_power_of_two(fused(load(even + CK_PANEL + LANES * v), factor[v], offset[v]));
      }
      sums[v] += first + second;
      store_words(scores + key / 2 * CK_PANEL + LANES * v, rounded_pair(first, second));
    }
  }
}

// The weighted means of the values, [head_size][64].
INLINE void make_means(const ck_attention *p, const word *weights, const floats sums[4], word *means) {
  ck_format format = p->format == CK_FLOAT32 ? CK_FLOAT32 : CK_BFLOAT16;
  size_t size = p->head_size, steps = ck_words(format, p->tokens);
  floats factor[4];
  for (int v = 0; v < 4; v++) factor[v] = 1.0f / sums[v];
  summands s = {.a_row = 1, .a_step = size, .b = weights, .b_step = CK_PANEL, .steps = steps};
  for (size_t d = 0; d < size; d += TILE_ROWS) {
    int rows = (int)(size - d < TILE_ROWS ? size - d : TILE_ROWS);
    s.a = (const word *)p->values + d;
    sums_of(format, rows, CK_PANEL / LANES, &s, means + d * CK_PANEL);
    for (int r = 0; r < rows; r++) {
      for (int v = 0; v < 4; v++) {
        word *place = means + (d + (size_t)r) * CK_PANEL + LANES * v;
        store(place, load(place) * factor[v]);
      }
    }
  }
}

// The means, turned back into a row for each query.
INLINE void write_context(const ck_attention *p, const word *means, size_t first, size_t count) {
  size_t size = p->head_size;
  for (size_t lane = 0; lane < count; lane += LANES) {
    for (size_t d = 0; d < size; d += LANES) {
      words square[LANES];
      for (size_t i = 0; i < LANES; i++) {
        square[i] = d + i < size ? load_words(means + (d + i) * CK_PANEL + lane) : (words)0;
      }
      transpose(square);
      for (size_t q = 0; q < LANES && lane + q < count; q++) {
        size_t place = (first + lane + q) * p->context_stride + d;
        floats row = as_floats(square[q]);
        if (p->format == CK_FLOAT32) {
          store_part((float *)p->context + place, row, size - d);
        } else {
          store_bf16((uint16_t *)p->context + place, row, size - d);
        }
      }
    }
  }
}

static void attend(const ck_attention *p, size_t first, size_t count, int32_t *scratch, ck_times *times) {
  size_t steps = ck_words(p->format, p->head_size);
  word *panel = (word *)scratch;
  word *means = panel + steps * CK_PANEL;
  word *scores = means + p->head_size * CK_PANEL;
  float scales[CK_PANEL] __attribute__((aligned(64)));
  word start_sums[CK_PANEL] __attribute__((aligned(64)));
  floats largest[4], sums[4];
  uint64_t start = times ? nanoseconds() : 0;
  pack_queries(p, first, count, panel, scales, start_sums);
  make_scores(p, panel, start_sums, scores, largest);
  uint64_t scored = times ? nanoseconds() : 0;
  make_weights(p, scales, scores, largest, sums);
  uint64_t weighted = times ? nanoseconds() : 0;
  make_means(p, scores, sums, means);
  write_context(p, means, first, count);
  if (!times) return;
  times->scores += scored - start;
  times->weights += weighted - scored;
  times->means += nanoseconds() - weighted;
}
