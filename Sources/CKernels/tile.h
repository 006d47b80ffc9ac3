// The innermost loop: a few rows of A against up to 64 columns of a panel, the sums held in registers.

// The sums of a tile plus the factors in flight fill the registers: 6·4 of 32 with AVX-512, 6 pairs of 16 with AVX2. 12·2 reads
// fewer bytes of B but more lines of A at once, and is 3 % slower on Zen 4.
#define TILE_ROWS 6
#if defined(PATH_HAS_AVX512)
#define TILE_VECTORS 4
#else
#define TILE_VECTORS 1
#endif

typedef int16_t shorts __attribute__((ext_vector_type(2 * LANES)));

// sum + the products of two 16-bit integers. The sums are exact, unlike those of vpmaddubsw.
INLINE words dot_shorts(words sum, words a, words b) {
#if defined(PATH_HAS_AVX512)
  return sum + (words)_mm512_madd_epi16((__m512i)a, (__m512i)b);
#elif defined(PATH_HAS_FMA) && defined(__x86_64__)
  typedef int32_t half __attribute__((ext_vector_type(LANES / 2)));
  sum.lo += (half)_mm256_madd_epi16((__m256i)a.lo, (__m256i)b.lo);
  sum.hi += (half)_mm256_madd_epi16((__m256i)a.hi, (__m256i)b.hi);
  return sum;
#else
  return sum + (a & 0xFFFF) * ((b << 16) >> 16) + (a >> 16) * (b >> 16);
#endif
}

// sum + the products of four unsigned bytes of `a` with four signed ones of `b`.
INLINE words dot_bytes(words sum, words a, words b) {
#if defined(PATH_HAS_VNNI)
  return (words)_mm512_dpbusd_epi32((__m512i)sum, (__m512i)a, (__m512i)b);
#else
  sum = dot_shorts(sum, a & 0x00FF00FF, (words)(((shorts)b << 8) >> 8));
  return dot_shorts(sum, (words)((bits)a >> 8) & 0x00FF00FF, (words)((shorts)b >> 8));
#endif
}

// Where no instruction multiplies pairs of bfloat16, they are widened in two passes, the upper ones first, which is the order
// in which that instruction adds.
INLINE int passes_of(const ck_format format) {
#if defined(PATH_HAS_BF16)
  const int passes = 1;
#else
  const int passes = 2;
#endif
  return format == CK_BFLOAT16 ? passes : 1;
}

// What of words a pass multiplies.
INLINE words part_of(const ck_format format, const int pass, words x) {
  if (passes_of(format) == 1) return x;
  return pass == 0 ? x & (int32_t)0xFFFF0000 : x << 16;
}

// Which factor of CK_INT8 has the signed bytes.
typedef enum { SIGNED_COLUMNS, SIGNED_ROWS } signs;

// sum + the products of what a pass takes from words of A and B.
INLINE words dot(const ck_format format, const signs sign, words sum, words a, words b) {
  if (format == CK_INT8) return sign == SIGNED_COLUMNS ? dot_bytes(sum, a, b) : dot_bytes(sum, b, a);
#if defined(PATH_HAS_BF16)
  if (format == CK_BFLOAT16) {
    return (words)_mm512_dpbf16_ps((__m512)sum, (__m512bh)(__m512i)a, (__m512bh)(__m512i)b);
  }
#endif
  return as_words(fused(as_floats(a), as_floats(b), as_floats(sum)));
}

// What a tile adds up: `a` lies `a_row` words from row to row and `a_step` from word to word, `b` `b_step` from word to word.
typedef struct {
  const word *a;
  size_t a_row;
  size_t a_step;
  const word *b;
  size_t b_step;
  size_t steps;
  // The sums begin with these, one for each column, or with zero. CK_INT8 with signed columns only.
  const word *start;
} summands;

// The sums of a tile, in registers.
INLINE void add_up(
  const ck_format format, const signs sign, const int rows, const int vectors, summands s,
  words sums[TILE_ROWS][TILE_VECTORS]) {
#pragma clang loop unroll(full)
  for (int v = 0; v < vectors; v++) {
    words start = format == CK_INT8 && sign == SIGNED_COLUMNS ? load_words(s.start + LANES * v) : (words)0;
#pragma clang loop unroll(full)
    for (int r = 0; r < rows; r++) sums[r][v] = start;
  }
#pragma clang loop unroll(disable)
  for (size_t step = 0; step < s.steps; step++) {
#pragma clang loop unroll(full)
    for (int pass = 0; pass < passes_of(format); pass++) {
      // Widened words of both passes do not fit the registers: the second one reads memory again.
      if (pass > 0) __asm__ volatile("" ::: "memory");
      words columns[TILE_VECTORS];
#pragma clang loop unroll(full)
      for (int v = 0; v < vectors; v++) {
        columns[v] = part_of(format, pass, load_words(s.b + step * s.b_step + LANES * v));
      }
#pragma clang loop unroll(full)
      for (int r = 0; r < rows; r++) {
        words row = part_of(format, pass, (words)s.a[r * s.a_row + step * s.a_step]);
#pragma clang loop unroll(full)
        for (int v = 0; v < vectors; v++) sums[r][v] = dot(format, sign, sums[r][v], row, columns[v]);
      }
    }
  }
}

// `output` gets a row of sums every CK_PANEL words, added to what is there if `adding`.
INLINE void tile(
  const ck_format format, const int rows, const int vectors, summands s, int adding, word *output) {
  words sums[TILE_ROWS][TILE_VECTORS];
  add_up(format, SIGNED_COLUMNS, rows, vectors, s, sums);
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
  const ck_format format, int rows, const int vectors, summands s, int adding, word *output) {
  switch (rows) {
    case 6: return tile(format, 6, vectors, s, adding, output);
    case 5: return tile(format, 5, vectors, s, adding, output);
    case 4: return tile(format, 4, vectors, s, adding, output);
    case 3: return tile(format, 3, vectors, s, adding, output);
    case 2: return tile(format, 2, vectors, s, adding, output);
    default: return tile(format, 1, vectors, s, adding, output);
  }
}

// `vectors` sixteens of columns, of which TILE_VECTORS go at once.
INLINE void tiles_of_panel(const ck_format format, int rows, int vectors, summands s, int adding, word *output) {
  while (vectors > 0) {
    int count = vectors >= TILE_VECTORS ? TILE_VECTORS : 1;
    if (count == TILE_VECTORS) {
      tile_of_height(format, rows, TILE_VECTORS, s, adding, output);
    } else {
      tile_of_height(format, rows, 1, s, adding, output);
    }
    s.b += count * LANES;
    if (format == CK_INT8) s.start += count * LANES;
    output += count * LANES;
    vectors -= count;
  }
}

// Floats are summed in runs of 256, which keeps the rounding of long sums small; all paths cut at the same places.
#define FLOAT_RUN 256

// Rows that one run of B is kept in the second-level cache for.
#define FLOAT_ROWS (8 * TILE_ROWS)

static __attribute__((noinline)) void float_sums(int rows, int vectors, const summands *s, word *output) {
  for (size_t first = 0; first == 0 || first < s->steps; first += FLOAT_RUN) {
    for (int row = 0; row < rows; row += TILE_ROWS) {
      summands run = *s;
      run.a += (size_t)row * s->a_row + first * s->a_step;
      run.b += first * s->b_step;
      run.steps = s->steps - first < FLOAT_RUN ? s->steps - first : FLOAT_RUN;
      int height = rows - row < TILE_ROWS ? rows - row : TILE_ROWS;
      // The next tile's rows come from the third-level cache.
      for (int r = 0; s->a_step == 1 && row + TILE_ROWS + r < rows && r < TILE_ROWS; r++) {
        const word *next = run.a + (size_t)(TILE_ROWS + r) * s->a_row;
        for (size_t i = 0; i < run.steps; i += LANES) __builtin_prefetch(next + i);
      }
      tiles_of_panel(CK_FLOAT32, height, vectors, run, first > 0, output + row * CK_PANEL);
    }
  }
}

static __attribute__((noinline)) void bfloat16_sums(int rows, int vectors, const summands *s, word *output) {
  tiles_of_panel(CK_BFLOAT16, rows, vectors, *s, 0, output);
}

static __attribute__((noinline)) void int8_sums(int rows, int vectors, const summands *s, word *output) {
  tiles_of_panel(CK_INT8, rows, vectors, *s, 0, output);
}

// The sums of up to TILE_ROWS rows, or FLOAT_ROWS of floats, with up to 64 columns.
INLINE void sums_of(ck_format format, int rows, int vectors, const summands *s, word *output) {
  switch (format) {
    case CK_FLOAT32: return float_sums(rows, vectors, s, output);
    case CK_BFLOAT16: return bfloat16_sums(rows, vectors, s, output);
    case CK_INT8: return int8_sums(rows, vectors, s, output);
  }
}
