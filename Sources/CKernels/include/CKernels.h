// The arithmetic of the encoder: matrix products with what surrounds them, in three number formats, for several kinds of
// processor.
//
// Plain C over plain memory: nothing here allocates, starts a thread, keeps state or fails. The caller owns every pointer
// for the length of a call and has checked the sizes. Rows may be worked on by several threads at once when they are
// disjoint; no result depends on how rows are divided into calls.
//
// A product C = A·Bᵀ takes A as rows and B in panels of 64 columns. Both are read as 32-bit words along the summed
// dimension: one float, two bfloat16 or four 8-bit integers. A panel holds one word of each of its 64 columns, then the next
// word of each, and so on, which is why all formats share a layout: [panel][step][64] words.
#ifndef CKERNELS_H
#define CKERNELS_H

#include <stddef.h>
#include <stdint.h>

#define CK_PANEL 64  // columns of a panel

// Keys whose weights share a scale, for CK_INT8: whole tiles, whole words, and sums below 2^24, which floats hold.
#define CK_KEY_BLOCK 132

#ifdef __cplusplus
extern "C" {
#endif

// The number format of the factors of a product. Sums are 32-bit floats, or exact 32-bit integers for CK_INT8.
typedef enum { CK_FLOAT32 = 0, CK_BFLOAT16 = 1, CK_INT8 = 2 } ck_format;

// How many values one word holds.
static inline size_t ck_values_per_word(ck_format format) { return (size_t)1 << format; }

// How many words `count` values take.
static inline size_t ck_words(ck_format format, size_t count) {
  return (count + ck_values_per_word(format) - 1) / ck_values_per_word(format);
}

// Weights and bias of a linear layer. Vectors have an entry for every column of every panel, zero where there is no output.
typedef struct {
  ck_format format;
  size_t inputs;
  size_t outputs;
  const int32_t *panels;
  const float *bias;
  const float *scales;  // CK_INT8: weight = scale · stored value
  const int32_t *sums;  // CK_INT8: sum of the stored values of an output
} ck_linear;

// Rows of A. For CK_INT8 the stored values are unsigned and stand for scale · (stored - zero) + offset.
typedef struct {
  const int32_t *words;
  size_t stride;  // words from row to row
  size_t rows;
  const float *scales;  // CK_INT8: one for each row
  int32_t zero;
  float offset;
} ck_rows;

typedef enum {
  CK_SET = 0,   // output = A·Bᵀ + bias
  CK_ADD = 1,   // output += A·Bᵀ + bias; floats only
  CK_GELU = 2,  // output = gelu(A·Bᵀ + bias), tanh form
} ck_finish;

// Row-major floats, or bfloat16.
typedef struct {
  ck_finish finish;
  ck_format format;
  void *values;
  size_t stride;  // values from row to row
} ck_output;

// One head's share of attention: tokens look at tokens. For CK_INT8 queries and context are bfloat16, keys, weights and values
// integers.
typedef struct {
  ck_format format;
  size_t tokens;
  size_t head_size;
  float scale;          // factor on a score
  const void *queries;  // row-major floats, or bfloat16 for the other formats
  size_t query_stride;
  const int32_t *keys;      // packed by pack_heads
  const float *key_scales;  // CK_INT8: one for each token
  const int32_t *values;    // packed by pack_heads
  const float *value_scales;  // CK_INT8: for each token the scale's logarithm to base 2 and its reciprocal
  void *context;            // row-major like the queries
  size_t context_stride;
} ck_attention;

// Nanoseconds spent in the parts of attention, added up.
typedef struct {
  uint64_t scores;
  uint64_t weights;
  uint64_t means;
} ck_times;

// Where pack_heads puts keys and values of all heads. A head's keys are [tokens][words of a row]; its values are
// [words of all tokens][head_size] words, each holding as many tokens as values fit.
typedef struct {
  ck_format format;
  size_t heads;
  size_t head_size;
  size_t tokens;
  int32_t *keys;
  float *key_scales;
  int32_t *values;
  float *value_scales;
} ck_heads;

// The kernels for one kind of processor.
typedef struct {
  const char *name;

  void (*linear)(const ck_linear *layer, const ck_rows *rows, const ck_output *output);

  // Layer normalisation of `count` rows of `width` floats into rows of `format`; `scales` get CK_INT8's factors, whose
  // stored values are around zero 128. `scratch` holds `width` floats rounded up to 16.
  void (*layer_norm)(
    const float *input, size_t input_stride, size_t count, size_t width, const float *gamma, const float *beta,
    float epsilon, ck_format format, void *output, size_t output_stride, float *scales, float *scratch);

  // Rows of bfloat16 as rows of 8-bit integers. Without `shift` around zero 128; with it, all values must be above
  // -shift, and stored 0 stands for -shift.
  void (*quantize)(
    const uint16_t *input, size_t input_stride, size_t count, size_t width, float shift, uint8_t *output,
    size_t output_stride, float *scales);

  // Floats as bfloat16, rounded to nearest, ties to even.
  void (*round)(
    const float *input, size_t input_stride, size_t count, size_t width, uint16_t *output, size_t output_stride);

  // Keys and values of tokens `first ..< first + count`, whose queries, keys and values lie side by side at `projections`
  // (the row of token `first`). `first` must be even.
  void (*pack_heads)(
    const ck_heads *heads, const void *projections, size_t stride, size_t first, size_t count);

  // Context of queries `first ..< first + count`, at most CK_PANEL of them; `scratch` holds ck_attention_scratch words.
  void (*attend)(const ck_attention *attention, size_t first, size_t count, int32_t *scratch, ck_times *times);

  // Replaces every row of scores by positive weights that add up to 1.
  void (*softmax)(float *rows, size_t stride, size_t count, size_t width);

  // output = A·B with plain row-major factors: A [rows, inner], B [inner, columns].
  void (*product)(
    const float *a, size_t a_stride, size_t rows, const float *b, size_t b_stride, size_t inner, size_t columns,
    float *output, size_t output_stride);

  // values += addend.
  void (*add)(float *values, const float *addend, size_t count);
} ck_kernels;

// Words of scratch memory, aligned to 64 bytes, for ck_kernels.attend.
size_t ck_attention_scratch(ck_format format, size_t tokens, size_t head_size);

// The kernels of that name, or NULL where this build has none or this processor cannot run them. Names from the fastest:
// "avx512bf16", "avx512vnni", "avx512", "avx2", "portable".
const ck_kernels *ck_kernels_named(const char *name);

// Packs rows `first ..< first + 64` (or as many as there are) of weights [outputs, inputs] into one panel. `factors`, one
// for each input or NULL, multiply the columns. For CK_INT8 `scales` and `sums` get 64 entries.
void ck_pack_panel(
  ck_format format, const float *weights, size_t outputs, size_t inputs, size_t first, const float *factors,
  int32_t *panel, float *scales, int32_t *sums);

// Multiplies and adds on registers in `rounds` rounds, as fast as the instructions of `path` do it in `format`; gives how many
// multiplications and additions that was, 0 where the path has no instructions of its own.
double ck_peak(const char *path, ck_format format, size_t rounds);

// A hint to the processor that its thread is waiting for another.
void ck_pause(void);

// The processor that the calling thread runs on, or -1.
int ck_current_processor(void);

// Keeps the calling thread off `processor`, if it may run on another one.
void ck_avoid_processor(int processor);

#ifdef __cplusplus
}
#endif
#endif
