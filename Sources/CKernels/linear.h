// Linear layers: sums of a tile, then scale, bias and what follows, while the tile is in the first-level cache.

// The lines that a tile will write are fetched while its sums are made.
INLINE void prefetch_output(const ck_output *output, size_t row, size_t rows, size_t column) {
  size_t width = output->format == CK_FLOAT32 ? sizeof(float) : sizeof(uint16_t);
  for (size_t r = row; r < row + rows; r++) {
    const char *p = (const char *)output->values + (r * output->stride + column) * width;
    for (size_t offset = 0; offset < CK_PANEL * width; offset += 64) __builtin_prefetch(p + offset, 1);
  }
}

// What sixteen sums of a row become: scaled, with bias, and written to `place`. A sum of integers is multiplied with `scale`.
INLINE void finish_vector(
  const int is_integer, const ck_finish finish, const ck_format format, words sum, floats scale, floats bias,
  const ck_output *output, size_t place, size_t count) {
  floats x = is_integer ? fused(__builtin_convertvector(sum, floats), scale, bias) : as_floats(sum) + bias;
  if (finish == CK_GELU) x = format == CK_FLOAT32 ? gelu(x) : is_integer ? byte_gelu(x) : coarse_gelu(x);
  if (format == CK_FLOAT32) {
    float *p = (float *)output->values + place;
    if (finish == CK_ADD) x = load_part(p, count) + x;
    store_part(p, x, count);
  } else {
    store_bf16((uint16_t *)output->values + place, x, count);
  }
}

// A panel's columns: what their sums begin with, the scale of an integer and the bias with what the input's offset makes of it.
typedef struct {
  word start[CK_PANEL] __attribute__((aligned(64)));
  float scales[CK_PANEL] __attribute__((aligned(64)));
  float bias[CK_PANEL] __attribute__((aligned(64)));
} panel_columns;

INLINE void prepare_columns(const ck_linear *layer, const ck_rows *input, size_t column, panel_columns *columns) {
  for (size_t c = 0; c < CK_PANEL; c += LANES) {
    floats bias = load(layer->bias + column + c);
    if (layer->format == CK_INT8) {
      words stored = load_words(layer->sums + column + c);
      floats scale = load(layer->scales + column + c);
      store_words(columns->start + c, -input->zero * stored);
      store(columns->scales + c, scale);
      bias = fused(scale * input->offset, __builtin_convertvector(stored, floats), bias);
    }
    store(columns->bias + c, bias);
  }
}

// A tile of whole height and width goes from sums to output in registers: less to do between the sums of two tiles, so that the
// processor begins with the next ones earlier. 1 to 2 % of a layer of 1152 inputs.
INLINE void whole_tile(
  const ck_format format, const ck_finish finish, const ck_format stored, const ck_rows *input, const ck_output *output,
  const panel_columns *columns, summands s, size_t row, size_t column) {
#pragma clang loop unroll(full)
  for (size_t v = 0; v < CK_PANEL / LANES; v += TILE_VECTORS) {
    words sums[TILE_ROWS][TILE_VECTORS];
    add_up(format, SIGNED_COLUMNS, TILE_ROWS, TILE_VECTORS, s, sums);
#pragma clang loop unroll(full)
    for (size_t u = 0; u < TILE_VECTORS; u++) {
      size_t c = LANES * (v + u);
      floats bias = load(columns->bias + c), scale = 1;
      if (format == CK_INT8) scale = load(columns->scales + c);
#pragma clang loop unroll(full)
      for (size_t r = 0; r < TILE_ROWS; r++) {
        floats factor = format == CK_INT8 ? scale * input->scales[row + r] : scale;
        size_t place = (row + r) * output->stride + column + c;
        finish_vector(format == CK_INT8, finish, stored, sums[r][u], factor, bias, output, place, LANES);
      }
    }
    s.b += TILE_VECTORS * LANES;
    if (format == CK_INT8) s.start += TILE_VECTORS * LANES;
  }
}

// What encoders ask for most has code of its own.
#define WHOLE_TILE(format, finish, stored)                                                                              \
  static __attribute__((noinline)) void format##_##finish(                                                              \
    const ck_rows *input, const ck_output *output, const panel_columns *columns, const summands *s, size_t row,         \
    size_t column) {                                                                                                    \
    whole_tile(format, finish, stored, input, output, columns, *s, row, column);                                        \
  }
WHOLE_TILE(CK_INT8, CK_SET, CK_BFLOAT16)
WHOLE_TILE(CK_INT8, CK_GELU, CK_BFLOAT16)
WHOLE_TILE(CK_INT8, CK_ADD, CK_FLOAT32)
WHOLE_TILE(CK_BFLOAT16, CK_SET, CK_BFLOAT16)
WHOLE_TILE(CK_BFLOAT16, CK_GELU, CK_BFLOAT16)
WHOLE_TILE(CK_BFLOAT16, CK_ADD, CK_FLOAT32)
#undef WHOLE_TILE

typedef void (*whole_tile_function)(
  const ck_rows *, const ck_output *, const panel_columns *, const summands *, size_t, size_t);

// The code for whole tiles, NULL where there is none.
static whole_tile_function whole_tile_of(ck_format format, const ck_output *output) {
  if (format == CK_FLOAT32 || (output->format == CK_FLOAT32) != (output->finish == CK_ADD)) return NULL;
  switch (output->finish) {
    case CK_SET: return format == CK_INT8 ? CK_INT8_CK_SET : CK_BFLOAT16_CK_SET;
    case CK_GELU: return format == CK_INT8 ? CK_INT8_CK_GELU : CK_BFLOAT16_CK_GELU;
    case CK_ADD: return format == CK_INT8 ? CK_INT8_CK_ADD : CK_BFLOAT16_CK_ADD;
  }
  return NULL;
}

// Sums from memory. What is constant where it is called from is not asked in the loop.
INLINE void finish_columns(
  const int is_integer, const ck_finish finish, const ck_format format, const ck_rows *input, const ck_output *output,
  const panel_columns *columns, const word *sums, size_t row, size_t rows, size_t column, const size_t count) {
  for (size_t c = 0; c < count; c += LANES) {
    floats bias = load(columns->bias + c), scale = 1;
    if (is_integer) scale = load(columns->scales + c);
    for (size_t r = 0; r < rows; r++) {
      floats factor = is_integer ? scale * input->scales[row + r] : scale;
      size_t place = (row + r) * output->stride + column + c;
      finish_vector(
        is_integer, finish, format, load_words(sums + r * CK_PANEL + c), factor, bias, output, place, count - c);
    }
  }
}

static void finish_tile(
  const ck_linear *layer, const ck_rows *input, const ck_output *output, const panel_columns *columns, const word *sums,
  size_t row, size_t rows, size_t column, size_t count) {
#define FINISH(finish) \
  finish_columns(0, finish, CK_FLOAT32, input, output, columns, sums, row, rows, column, CK_PANEL)
  if (layer->format != CK_FLOAT32 || output->format != CK_FLOAT32 || count < CK_PANEL) {
    return finish_columns(
      layer->format == CK_INT8, output->finish, output->format, input, output, columns, sums, row, rows, column, count);
  }
  if (output->finish == CK_ADD) return FINISH(CK_ADD);
  FINISH(output->finish);
#undef FINISH
}

static void linear(const ck_linear *layer, const ck_rows *input, const ck_output *output) {
  size_t steps = ck_words(layer->format, layer->inputs);
  size_t height = layer->format == CK_FLOAT32 ? FLOAT_ROWS : TILE_ROWS;
  whole_tile_function whole = whole_tile_of(layer->format, output);
  for (size_t column = 0; column < layer->outputs; column += CK_PANEL) {
    size_t count = layer->outputs - column < CK_PANEL ? layer->outputs - column : CK_PANEL;
    int vectors = (int)((count + LANES - 1) / LANES);
    panel_columns columns;
    prepare_columns(layer, input, column, &columns);
    summands s = {
      .a_row = input->stride, .a_step = 1, .b = (const word *)layer->panels + column * steps, .b_step = CK_PANEL,
      .steps = steps, .start = columns.start};
    for (size_t row = 0; row < input->rows; row += height) {
      size_t rows = input->rows - row < height ? input->rows - row : height;
      prefetch_output(output, row, rows, column);
      s.a = (const word *)input->words + row * input->stride;
      if (whole && rows == TILE_ROWS && count == CK_PANEL) {
        whole(input, output, &columns, &s, row, column);
        continue;
      }
      word sums[FLOAT_ROWS * CK_PANEL] __attribute__((aligned(64)));
      sums_of(layer->format, (int)rows, vectors, &s, sums);
      finish_tile(layer, input, output, &columns, sums, row, rows, column, count);
    }
  }
}

static void product(
  const float *a, size_t a_stride, size_t rows, const float *b, size_t b_stride, size_t inner, size_t columns,
  float *output, size_t output_stride) {
  for (size_t column = 0; column < columns; column += LANES) {
    size_t count = columns - column < LANES ? columns - column : LANES;
    // Whole vectors are read from B, so that a last part is copied first.
    for (size_t row = 0; row < rows; row++) {
      floats sum = 0;
      for (size_t first = 0; first < inner; first += FLOAT_RUN) {
        size_t end = inner - first < FLOAT_RUN ? inner : first + FLOAT_RUN;
        floats run = 0;
        for (size_t k = first; k < end; k++) {
          run = fused((floats)a[row * a_stride + k], load_part(b + k * b_stride + column, count), run);
        }
        sum += run;
      }
      store_part(output + row * output_stride + column, sum, count);
    }
  }
}

static void add(float *values, const float *addend, size_t count) {
  for (size_t i = 0; i < count; i += LANES) {
    store_part(values + i, load_part(values + i, count - i) + load_part(addend + i, count - i), count - i);
  }
}
