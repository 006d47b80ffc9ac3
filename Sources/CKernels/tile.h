// The innermost loop: a few rows of A against up to 64 columns of a panel, the sums held in registers.

// The sums of a tile plus the factors in flight fill the registers: 6·4 of 32 with AVX-512, 6 pairs of 16 with AVX2. 12·2 reads
// fewer bytes of B but more lines of A at once, and is 3 % slower on Zen 4.
#define TILE_ROWS 6
#if defined(PATH_HAS_AVX512)
#define TILE_VECTORS 4
#else
#define TILE_VECTORS 1
#endif

// sum + the product of four unsigned bytes of `a` with four signed ones of `b`.
INLINE words dot_bytes(words sum, words a, words b) {
#if defined(PATH_HAS_VNNI)
  return (words)_mm512_dpbusd_epi32(
      (__m512i)sum, (__m512i)a, (__m512i)b);
#else
  // Bytes 0 and 2, then 1 and 3, as 16-bit integers: the sums of pairs are exact, unlike those of vpmaddubsw.
  typedef int16_t shorts __attribute__((ext_vector_type(2 * LANES)));
  words a_even = a & 0x00FF00FF, a_odd = (a >> 8) & 0x00FF00FF;
  shorts b_even = ((shorts)b << 8) >> 8, b_odd = (shorts)b >> 8;
#if defined(PATH_HAS_AVX512)
  __m512i even = _mm512_madd_epi16((__m512i)a_even, (__m512i)b_even);
  __m512i odd = _mm512_madd_epi16((__m512i)a_odd, (__m512i)b_odd);
  return sum + (words)even + (words)odd;
#elif defined(PATH_HAS_FMA) && defined(__x86_64__)
  typedef int32_t half __attribute__((ext_vector_type(LANES / 2)));
  words ae = a_even, ao = a_odd, be = (words)b_even, bo = (words)b_odd;
  half low = (half)_mm256_madd_epi16((__m256i)ae.lo, (__m256i)be.lo);
  half high = (half)_mm256_madd_epi16((__m256i)ae.hi, (__m256i)be.hi);
  low += (half)_mm256_madd_epi16((__m256i)ao.lo, (__m256i)bo.lo);
  high += (half)_mm256_madd_epi16((__m256i)ao.hi, (__m256i)bo.hi);
  sum.lo += low;
  sum.hi += high;
  return sum;
#else
  words be = (words)b_even, bo = (words)b_odd;
  return sum + (a_even & 0xFFFF) * ((be << 16) >> 16) + (a_even >> 16) * (be >> 16) + (a_odd & 0xFFFF) * ((bo << 16) >> 16)
    + (a_odd >> 16) * (bo >> 16);
#endif
#endif
}

// sum + the product of two bfloat16 of `a` with two of `b`, one after the other.
INLINE words dot_pairs(words sum, words a, words b) {
#if defined(PATH_HAS_BF16)
  return (words)_mm512_dpbf16_ps(
      (__m512)sum, (__m512bh)(__m512i)a, (__m512bh)(__m512i)b);
#else
  const int32_t upper = (int32_t)0xFFFF0000;
  floats first = fused(as_floats(a & upper), as_floats(b & upper), as_floats(sum));
  return as_words(fused(as_floats(a << 16), as_floats(b << 16), first));
#endif
}

INLINE words dot(const ck_format format, words sum, words a, words b) {
  if (format == CK_FLOAT32) return as_words(fused(as_floats(a), as_floats(b), as_floats(sum)));
  return format == CK_BFLOAT16 ? dot_pairs(sum, a, b) : dot_bytes(sum, a, b);
}

// Sums over `steps` words; `a` lies `a_row` words from row to row and `a_step` from word to word, `b` `b_step` from word to
// word. `output` gets a row of sums every CK_PANEL words, added to what is there if `adding`.
INLINE void tile(
  const ck_format format, const int rows, const int vectors, const word *a, size_t a_row, size_t a_step, const word *b,
  size_t b_step, size_t steps, int adding, word *output) {
  words sums[TILE_ROWS][TILE_VECTORS];
#pragma clang loop unroll(full)
  for (int r = 0; r < rows; r++) {
#pragma clang loop unroll(full)
    for (int v = 0; v < vectors; v++) sums[r][v] = 0;
  }
#pragma clang loop unroll(disable)
  for (size_t step = 0; step < steps; step++) {
    words columns[TILE_VECTORS];
#pragma clang loop unroll(full)
    for (int v = 0; v < vectors; v++) columns[v] = load_words(b + step * b_step + LANES * v);
#pragma clang loop unroll(full)
    for (int r = 0; r < rows; r++) {
      words row = (words)a[r * a_row + step * a_step];
#pragma clang loop unroll(full)
      for (int v = 0; v < vectors; v++) sums[r][v] = dot(format, sums[r][v], row, columns[v]);
    }
  }
#pragma clang loop unroll(full)
  for (int r = 0; r < rows; r++) {
#pragma clang loop unroll(full)
    for (int v = 0; v < vectors; v++) {
      word *p = output + r * CK_PANEL + LANES * v;
      if (adding) sums[r][v] = as_words(load(p) + as_floats(sums[r][v]));
      store_words(p, sums[r][v]);
    }
  }
}

// A tile of any height up to TILE_ROWS and `vectors` times sixteen columns.
INLINE void tile_of_height(
  const ck_format format, int rows, const int vectors, const word *a, size_t a_row, size_t a_step, const word *b,
  size_t b_step, size_t steps, int adding, word *output) {
#define HEIGHT(n) \
  case n: return tile(format, n, vectors, a, a_row, a_step, b, b_step, steps, adding, output);
  switch (rows) { HEIGHT(6) HEIGHT(5) HEIGHT(4) HEIGHT(3) HEIGHT(2) HEIGHT(1) }
#undef HEIGHT
}

// `vectors` sixteens of columns, of which TILE_VECTORS go at once.
INLINE void tiles_of_panel(
  const ck_format format, int rows, int vectors, const word *a, size_t a_row, size_t a_step, const word *b,
  size_t b_step, size_t steps, int adding, word *output) {
  int v = 0;
  for (; v + TILE_VECTORS <= vectors; v += TILE_VECTORS) {
    tile_of_height(
      format, rows, TILE_VECTORS, a, a_row, a_step, b + LANES * v, b_step, steps, adding, output + LANES * v);
  }
  for (; TILE_VECTORS > 1 && v < vectors; v++) {
    tile_of_height(format, rows, 1, a, a_row, a_step, b + LANES * v, b_step, steps, adding, output + LANES * v);
  }
}

// Floats are summed in runs of 256, which keeps the rounding of long sums small; all paths cut at the same places.
#define FLOAT_RUN 256

static __attribute__((noinline)) void float_sums(
  int rows, int vectors, const word *a, size_t a_row, size_t a_step, const word *b, size_t b_step, size_t steps,
  word *output) {
  size_t first = 0;
  do {
    size_t run = steps - first < FLOAT_RUN ? steps - first : FLOAT_RUN;
    tiles_of_panel(
      CK_FLOAT32, rows, vectors, a + first * a_step, a_row, a_step, b + first * b_step, b_step, run, first > 0, output);
    first += run;
  } while (first < steps);
}

static __attribute__((noinline)) void bfloat16_sums(
  int rows, int vectors, const word *a, size_t a_row, size_t a_step, const word *b, size_t b_step, size_t steps,
  word *output) {
  tiles_of_panel(CK_BFLOAT16, rows, vectors, a, a_row, a_step, b, b_step, steps, 0, output);
}

static __attribute__((noinline)) void int8_sums(
  int rows, int vectors, const word *a, size_t a_row, size_t a_step, const word *b, size_t b_step, size_t steps,
  word *output) {
  tiles_of_panel(CK_INT8, rows, vectors, a, a_row, a_step, b, b_step, steps, 0, output);
}

// The sums of up to TILE_ROWS rows with up to 64 columns.
INLINE void sums_of(
  ck_format format, int rows, int vectors, const word *a, size_t a_row, size_t a_step, const word *b, size_t b_step,
  size_t steps, word *output) {
  switch (format) {
    case CK_FLOAT32: return float_sums(rows, vectors, a, a_row, a_step, b, b_step, steps, output);
    case CK_BFLOAT16: return bfloat16_sums(rows, vectors, a, a_row, a_step, b, b_step, steps, output);
    case CK_INT8: return int8_sums(rows, vectors, a, a_row, a_step, b, b_step, steps, output);
  }
}
