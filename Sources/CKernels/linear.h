// Linear layers: sums of a tile, then scale, bias and what follows, while the tile is in the first-level cache.

// The lines that a tile will write are fetched while its sums are made.
INLINE void prefetch_output(const ck_output *output, size_t row, size_t rows, size_t column) {
  size_t width = output->format == CK_FLOAT32 ? sizeof(float) : sizeof(uint16_t);
  for (size_t r = row; r < row + rows; r++) {
    const char *p = (const char *)output->values + (r * output->stride + column) * width;
    for (size_t offset = 0; offset < CK_PANEL * width; offset += 64) __builtin_prefetch(p + offset, 1);
  }
}

// Columns of a tile, sixteen at a time. `finish`, `format` and `columns` are constants where speed matters, so that nothing of
// the choice is left in the loop.
INLINE void finish_columns(
  const int is_integer, const ck_finish finish, const ck_format format, const ck_linear *layer, const ck_rows *input,
  const ck_output *output, const word *sums, size_t row, size_t rows, size_t column, const size_t columns) {
  for (size_t c = 0; c < columns; c += LANES) {
    size_t count = columns - c;
    floats bias = load(layer->bias + column + c), scale = 1;
    if (is_integer) {
      words stored = load_words(layer->sums + column + c);
      scale = load(layer->scales + column + c);
      bias = fused(scale * input->offset, __builtin_convertvector(stored, floats), bias);
    }
    size_t place = row * output->stride + column + c;
    for (size_t r = 0; r < rows; r++, place += output->stride) {
      floats x = load(sums + r * CK_PANEL + c);
      if (is_integer) {
        x = fused(__builtin_convertvector(as_words(x), floats), scale * input->scales[row + r], bias);
      } else {
        x = x + bias;
      }
      if (finish == CK_GELU) x = format == CK_FLOAT32 ? gelu(x) : coarse_gelu(x);
      if (format == CK_FLOAT32) {
        float *p = (float *)output->values + place;
        if (finish == CK_ADD) x = load_part(p, count) + x;
        store_part(p, x, count);
      } else {
        store_bf16((uint16_t *)output->values + place, x, count);
      }
    }
  }
}

static void finish_tile(
  const ck_linear *layer, const ck_rows *input, const ck_output *output, const word *sums, size_t row, size_t rows,
  size_t column, size_t columns) {
#define FINISH(is_integer, finish, format, columns) \
  finish_columns(is_integer, finish, format, layer, input, output, sums, row, rows, column, columns)
  int is_integer = layer->format == CK_INT8;
  if (columns < CK_PANEL) return FINISH(is_integer, output->finish, output->format, columns);
  if (output->format == CK_FLOAT32) {
    if (output->finish != CK_ADD) return FINISH(is_integer, output->finish, CK_FLOAT32, CK_PANEL);
    if (is_integer) return FINISH(1, CK_ADD, CK_FLOAT32, CK_PANEL);
    return FINISH(0, CK_ADD, CK_FLOAT32, CK_PANEL);
  }
  if (output->finish == CK_GELU) {
    if (is_integer) return FINISH(1, CK_GELU, CK_BFLOAT16, CK_PANEL);
    return FINISH(0, CK_GELU, CK_BFLOAT16, CK_PANEL);
  }
  if (is_integer) return FINISH(1, CK_SET, CK_BFLOAT16, CK_PANEL);
  return FINISH(0, CK_SET, CK_BFLOAT16, CK_PANEL);
#undef FINISH
}

static void linear(const ck_linear *layer, const ck_rows *input, const ck_output *output) {
  size_t steps = ck_words(layer->format, layer->inputs);
  size_t height = layer->format == CK_FLOAT32 ? FLOAT_ROWS : TILE_ROWS;
  for (size_t column = 0; column < layer->outputs; column += CK_PANEL) {
    size_t columns = layer->outputs - column < CK_PANEL ? layer->outputs - column : CK_PANEL;
    int vectors = (int)((columns + LANES - 1) / LANES);
    word start[CK_PANEL] __attribute__((aligned(64)));
    for (int c = 0; layer->format == CK_INT8 && c < CK_PANEL; c += LANES) {
      store_words(start + c, -input->zero * load_words(layer->sums + column + c));
    }
    summands s = {
      .a_row = input->stride, .a_step = 1, .b = (const word *)layer->panels + column * steps, .b_step = CK_PANEL,
      .steps = steps, .start = start};
    for (size_t row = 0; row < input->rows; row += height) {
      size_t rows = input->rows - row < height ? input->rows - row : height;
      word sums[FLOAT_ROWS * CK_PANEL] __attribute__((aligned(64)));
      prefetch_output(output, row, rows, column);
      s.a = (const word *)input->words + row * input->stride;
      sums_of(layer->format, (int)rows, vectors, &s, sums);
      finish_tile(layer, input, output, sums, row, rows, column, columns);
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
