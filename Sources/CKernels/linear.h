// Linear layers: sums of a tile, then scale, bias and what follows, while the tile is in the first-level cache.

// The lines that a tile will write are fetched while its sums are made.
INLINE void prefetch_output(const ck_output *output, size_t row, size_t rows, size_t column) {
  size_t width = output->format == CK_FLOAT32 ? sizeof(float) : sizeof(uint16_t);
  for (size_t r = row; r < row + rows; r++) {
    const char *p = (const char *)output->values + (r * output->stride + column) * width;
    for (size_t offset = 0; offset < CK_PANEL * width; offset += 64) __builtin_prefetch(p + offset, 1);
  }
}

INLINE void finish_tile(
  const ck_linear *layer, const ck_rows *input, const ck_output *output, const word *sums, size_t row, size_t rows,
  size_t column, size_t columns) {
  for (size_t r = 0; r < rows; r++) {
    for (size_t c = 0; c < columns; c += LANES) {
      size_t count = columns - c;
      floats x = load(sums + r * CK_PANEL + c);
      floats bias = load(layer->bias + column + c);
      if (layer->format == CK_INT8) {
        floats scale = load(layer->scales + column + c);
        words stored = load_words(layer->sums + column + c);
        words exact = as_words(x) - stored * input->zero;
        bias = fused(scale * input->offset, __builtin_convertvector(stored, floats), bias);
        x = fused(__builtin_convertvector(exact, floats), scale * input->scales[row + r], bias);
      } else {
        x = x + bias;
      }
      if (output->finish == CK_GELU) x = gelu(x);
      size_t place = (row + r) * output->stride + column + c;
      if (output->format == CK_FLOAT32) {
        float *p = (float *)output->values + place;
        if (output->finish == CK_ADD) x = load_part(p, count) + x;
        store_part(p, x, count);
      } else {
        store_bf16((uint16_t *)output->values + place, x, count);
      }
    }
  }
}

static void linear(const ck_linear *layer, const ck_rows *input, const ck_output *output) {
  size_t steps = ck_words(layer->format, layer->inputs);
  for (size_t column = 0; column < layer->outputs; column += CK_PANEL) {
    size_t columns = layer->outputs - column < CK_PANEL ? layer->outputs - column : CK_PANEL;
    int vectors = (int)((columns + LANES - 1) / LANES);
    const word *panel = (const word *)layer->panels + column * steps;
    for (size_t row = 0; row < input->rows; row += TILE_ROWS) {
      size_t rows = input->rows - row < TILE_ROWS ? input->rows - row : TILE_ROWS;
      word sums[TILE_ROWS * CK_PANEL] __attribute__((aligned(64)));
      prefetch_output(output, row, rows, column);
      sums_of(
        layer->format, (int)rows, vectors, (const word *)input->words + row * input->stride, input->stride, 1, panel,
        CK_PANEL, steps, sums);
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
