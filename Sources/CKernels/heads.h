// Queries, keys and values of heads, put in the order in which attention reads them.

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

INLINE float largest_of(const uint16_t *row, size_t count) {
  words largest = 0;
  for (size_t i = 0; i < count; i += LANES) largest = larger_bits(largest, load_bf16(row + i, count - i));
  return largest_bits(largest);
}

// A head's query or key of bfloat16 as 8-bit integers around `zero`; returns the scale.
INLINE float quantize_values(const uint16_t *row, size_t count, int32_t zero, uint8_t *output) {
  float factor;
  float scale = scale_of(largest_of(row, count), 127, &factor);
  for (size_t i = 0; i < count; i += LANES) {
    store_bytes(output + i, quantized(load_bf16(row + i, count - i), factor, zero), count - i);
  }
  return scale;
}

// The scale of a token's values and its logarithm: the least of 2^(n/4), n whole, with which `largest` is stored as 127 at most,
// so that logarithms have no digits to lose.
INLINE float quarter_scale(float largest, float *logarithm) {
  const float quarters[4] = {1, 1.18920712f, 1.41421356f, 1.68179283f};
  // Smaller values count as zero; reciprocals stay far from overflow. What is not finite becomes NaN through the scale of the key.
  float least = largest / 127;
  least = least > 1e-12f ? least : 1e-12f;
  least = least < 1e36f ? least : 1e36f;
  uint32_t pattern;
  memcpy(&pattern, &least, sizeof pattern);
  uint32_t mantissa = (pattern & 0x007FFFFFu) | 0x3F800000u;
  float fraction;
  memcpy(&fraction, &mantissa, sizeof fraction);
  uint32_t quarter = (uint32_t)(fraction > quarters[0]) + (fraction > quarters[1]) + (fraction > quarters[2])
    + (fraction > quarters[3]);
  uint32_t exponent = (pattern >> 23) + quarter / 4;
  uint32_t power = exponent << 23;
  float scale;
  memcpy(&scale, &power, sizeof scale);
  *logarithm = (float)(int32_t)exponent - 127.0f + 0.25f * (float)(int32_t)(quarter & 3);
  return scale * quarters[quarter & 3];
}

// Values of up to four tokens as bytes of one word for each of `size` columns, from byte `begin` on; the others stay as they are.
INLINE void pack_byte_values(
  const uint16_t *rows, size_t stride, size_t size, size_t begin, size_t count, const float *factors, word *values) {
  for (size_t d = 0; d < size; d += LANES) {
    words packed = 0;
    for (size_t i = 0; i < count; i++) {
      floats x = load_bf16(rows + i * stride + d, size - d) * factors[i] + 12582912.0f;
      packed |= (as_words(x) & 0xFF) << (int32_t)(8 * (begin + i));
    }
    if (count == 4) {
      store_part((float *)(values + d), as_floats(packed), size - d);
      continue;
    }
    // Another thread may write the other bytes at the same time.
    for (size_t lane = 0; lane < LANES && d + lane < size; lane++) {
      memcpy((uint8_t *)(values + d + lane) + begin, (const uint8_t *)&packed + 4 * lane + begin, count);
    }
  }
}

// Keys and values as bytes; projections are read row by row, as they lie.
INLINE void pack_byte_heads(
  const ck_heads *heads, const uint16_t *projections, size_t stride, size_t first, size_t count) {
  size_t size = heads->head_size, steps = ck_words(CK_INT8, size), width = heads->heads * size, tokens = heads->tokens;
  for (size_t t = first, group; t < first + count; t += group) {
    size_t begin = t % 4;
    group = first + count - t < 4 - begin ? first + count - t : 4 - begin;
    for (size_t head = 0; head < heads->heads; head++) {
      const uint16_t *rows = projections + (t - first) * stride + width + head * size;
      float factors[4];
      for (size_t i = 0; i < group; i++) {
        const uint16_t *row = rows + i * stride;
        size_t place = head * tokens + t + i;
        word *key = (word *)heads->keys + place * steps;
        if (size % 4 != 0) key[steps - 1] = 0;
        float scale = quantize_values(row, size, 128, (uint8_t *)key);
        heads->key_scales[place] = scale;
        float largest = largest_of(row + width, size);
        factors[i] = 1 / quarter_scale(largest, heads->value_scales + 2 * place);
        // Integers have no NaN: this is where one of key or value, or what is infinite, gets into the sum of the weights.
        heads->value_scales[2 * place + 1] = factors[i] + 0 * scale + 0 * largest;
      }
      word *values = (word *)heads->values + (head * ck_words(CK_INT8, tokens) + t / 4) * size;
      pack_byte_values(rows + width, stride, size, begin, group, factors, values);
    }
  }
}

static void pack_heads(const ck_heads *heads, const void *projections, size_t stride, size_t first, size_t count) {
  if (heads->format == CK_INT8) return pack_byte_heads(heads, (const uint16_t *)projections, stride, first, count);
  size_t size = heads->head_size, steps = ck_words(heads->format, size), width = heads->heads * size;
  size_t value_steps = ck_words(heads->format, heads->tokens);
  for (size_t head = 0; head < heads->heads; head++) {
    word *keys = (word *)heads->keys + (head * heads->tokens + first) * steps;
    word *values = (word *)heads->values + head * value_steps * size;
    for (size_t t = 0; t < count; t++) {
      size_t key = t * stride + width + head * size;
      if (heads->format == CK_FLOAT32) {
        const float *row = (const float *)projections + key;
        copy_values(CK_FLOAT32, row, size, keys + t * steps);
        copy_values(CK_FLOAT32, row + width, size, values + (first + t) * size);
      } else {
        copy_values(CK_BFLOAT16, (const uint16_t *)projections + key, size, keys + t * steps);
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
  // The queries lie far apart: all of them are fetched at once.
  for (size_t q = 0; q < count; q++) {
    const char *query = (const char *)p->queries + (first + q) * p->query_stride * width;
    for (size_t offset = 0; offset < p->head_size * width + 63; offset += 64) __builtin_prefetch(query + offset);
  }
  for (size_t lane = 0; lane < CK_PANEL; lane += LANES) {
    memset(rows, 0, LANES * padded * sizeof(word));
    for (size_t q = 0; q < LANES && lane + q < count; q++) {
      const char *query = (const char *)p->queries + (first + lane + q) * p->query_stride * width;
      word *row = rows + q * padded;
      if (p->format == CK_INT8) {
        scales[lane + q] = quantize_values((const uint16_t *)query, p->head_size, 0, (uint8_t *)row);
      } else {
        copy_values(p->format, query, p->head_size, row);
      }
    }
    words sum = 0;
    for (size_t step = 0; step < steps; step += LANES) {
      words square[LANES];
      for (size_t q = 0; q < LANES; q++) square[q] = load_words(rows + q * padded + step);
      transpose(square);
      for (size_t s = 0; s < LANES && step + s < steps; s++) {
        store_words(panel + (step + s) * CK_PANEL + lane, square[s]);
        if (p->format == CK_INT8) sum = dot_bytes(sum, (words)0x01010101, square[s]);
      }
    }
    if (p->format == CK_INT8) store_words(start + lane, -128 * sum);
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
