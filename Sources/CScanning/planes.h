// Planes of samples: made of bytes, measured, halved. Plain loops, which the compiler makes wide.

static void words(const uint8_t *bytes, size_t count, uint16_t flip, int16_t *values) {
  for (size_t i = 0; i < count; i++) {
    uint16_t word;
    memcpy(&word, bytes + 2 * i, sizeof word);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    word = __builtin_bswap16(word);
#endif
    values[i] = (int16_t)(word ^ flip);
  }
}

static size_t count_at_most(const int16_t *values, size_t count, int16_t bound) {
  size_t found = 0, i = 0;
  for (; i + LANES <= count; i += LANES) found += (size_t)__builtin_popcount(bits(load(values + i) <= (lanes)bound));
  for (; i < count; i++) found += values[i] <= bound;
  return found;
}

static void range(const int16_t *values, size_t count, int16_t *low, int16_t *high) {
  int16_t a = count ? values[0] : 0, b = a;
  for (size_t i = 0; i < count; i++) {
    a = values[i] < a ? values[i] : a;
    b = values[i] > b ? values[i] : b;
  }
  *low = a;
  *high = b;
}

static void halve(const int16_t *values, size_t width, size_t height, int16_t *half) {
  size_t columns = width / 2, rows = height / 2;
  for (size_t row = 0; row < rows; row++) {
    const int16_t *upper = values + 2 * row * width, *lower = upper + width;
    int16_t *target = half + row * columns;
    for (size_t column = 0; column < columns; column++) {
      int32_t sum = (int32_t)upper[2 * column] + upper[2 * column + 1] + lower[2 * column] + lower[2 * column + 1];
      target[column] = (int16_t)((sum + 2) >> 2);
    }
  }
}
