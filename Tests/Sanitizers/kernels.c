// Calls every kernel of one path at sizes around tiles and vectors, with buffers that end where their contents end, so that
// AddressSanitizer sees any access beyond them. Results are checked elsewhere (Tests/TensorsTests).
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "CKernels.h"

static float noise(void) {
  static uint64_t state = 1;
  state = state * 6364136223846793005u + 1442695040888963407u;
  return (float)(state >> 40) * 0x1p-23f - 1;
}

static void *memory(size_t bytes) {
  void *address;
  if (posix_memalign(&address, 64, bytes > 0 ? bytes : 1) != 0) abort();
  memset(address, 0, bytes);
  return address;
}

static float *noisy_floats(size_t count) {
  float *values = memory(count * sizeof(float));
  for (size_t i = 0; i < count; i++) values[i] = noise();
  return values;
}

static size_t width_of(ck_format format) { return format == CK_FLOAT32 ? 4 : format == CK_BFLOAT16 ? 2 : 1; }

static void run_attention(const ck_kernels *kernels, ck_format format, size_t tokens, size_t head_size) {
  const size_t heads = 3, size = heads * head_size, width = format == CK_FLOAT32 ? 4 : 2;
  size_t key_words = ck_words(format, head_size), value_words = ck_words(format, tokens);
  float *noisy = noisy_floats(tokens * 3 * size);
  char *projections = memory(tokens * 3 * size * width);
  if (format == CK_FLOAT32) {
    memcpy(projections, noisy, tokens * 3 * size * width);
  } else {
    kernels->round(noisy, 3 * size, tokens, 3 * size, (uint16_t *)projections, 3 * size);
  }
  int32_t *keys = memory(heads * tokens * key_words * 4), *values = memory(heads * value_words * head_size * 4);
  float *key_scales = memory(heads * tokens * 4), *value_scales = memory(heads * tokens * 8);
  char *context = memory(tokens * size * width);
  int32_t *scratch = memory(ck_attention_scratch(format, tokens, head_size) * 4);
  ck_heads packed = {format, heads, head_size, tokens, keys, key_scales, values, value_scales};
  // Even, as pairs must be, but across words of four.
  for (size_t first = 0; first < tokens; first += 22) {
    size_t count = tokens - first < 22 ? tokens - first : 22;
    kernels->pack_heads(&packed, projections + first * 3 * size * width, 3 * size, first, count);
  }
  for (size_t head = 0; head < heads; head++) {
    ck_attention attention = {
      .format = format, .tokens = tokens, .head_size = head_size, .scale = 1 / sqrtf((float)head_size),
      .queries = projections + head * head_size * width, .query_stride = 3 * size,
      .keys = keys + head * tokens * key_words, .key_scales = key_scales + head * tokens,
      .values = values + head * value_words * head_size,
      .value_scales = value_scales + 2 * head * tokens, .context = context + head * head_size * width,
      .context_stride = size};
    for (size_t first = 0; first < tokens; first += CK_PANEL) {
      size_t count = tokens - first < CK_PANEL ? tokens - first : CK_PANEL;
      kernels->attend(&attention, first, count, scratch, NULL);
    }
  }
  void *all[] = {noisy, projections, keys, values, key_scales, value_scales, context, scratch};
  for (size_t i = 0; i < sizeof all / sizeof *all; i++) free(all[i]);
}

static void run_linear(const ck_kernels *kernels, ck_format format, size_t rows, size_t inputs, size_t outputs) {
  size_t steps = ck_words(format, inputs), panels = (outputs + CK_PANEL - 1) / CK_PANEL;
  float *weights = noisy_floats(outputs * inputs), *bias = memory(panels * CK_PANEL * 4);
  float *scales = memory(panels * CK_PANEL * 4), *row_scales = memory(rows * 4);
  int32_t *packed = memory(panels * steps * CK_PANEL * 4), *sums = memory(panels * CK_PANEL * 4);
  for (size_t panel = 0; panel < panels; panel++) {
    size_t first = panel * CK_PANEL;
    ck_pack_panel(
      format, weights, outputs, inputs, first, panel % 2 ? weights : NULL, packed + first * steps, scales + first,
      sums + first);
  }
  int32_t *words = memory(rows * steps * 4);
  ck_linear layer = {format, inputs, outputs, packed, bias, scales, sums};
  ck_rows input = {words, steps, rows, row_scales, 128, 0};
  for (int finish = CK_SET; finish <= CK_GELU; finish++) {
    for (int stored = CK_FLOAT32; stored <= (finish == CK_ADD ? CK_FLOAT32 : CK_BFLOAT16); stored++) {
      void *values = memory(rows * outputs * width_of((ck_format)stored));
      ck_output output = {(ck_finish)finish, (ck_format)stored, values, outputs};
      kernels->linear(&layer, &input, &output);
      free(values);
    }
  }
  void *all[] = {weights, bias, scales, row_scales, packed, sums, words};
  for (size_t i = 0; i < sizeof all / sizeof *all; i++) free(all[i]);
}

static void run_rows(const ck_kernels *kernels, size_t rows, size_t width) {
  float *values = noisy_floats(rows * width), *vector = noisy_floats(width), *scales = memory(rows * 4);
  float *scratch = memory((width + 15) / 16 * 16 * 4), *product = memory(rows * rows * 4);
  uint16_t *halves = memory(rows * width * 2);
  uint8_t *bytes = memory(rows * width);
  kernels->layer_norm(values, width, rows, width, vector, vector, 1e-6f, CK_INT8, bytes, width, scales, scratch);
  kernels->layer_norm(values, width, rows, width, vector, vector, 1e-6f, CK_BFLOAT16, halves, width, NULL, NULL);
  kernels->quantize(halves, width, rows, width, 0, bytes, width, scales);
  kernels->quantize(halves, width, rows, width, 40, bytes, width, scales);
  kernels->round(values, width, rows, width, halves, width);
  kernels->layer_norm(values, width, rows, width, vector, vector, 1e-6f, CK_FLOAT32, values, width, NULL, NULL);
  kernels->softmax(values, width, rows, width);
  kernels->product(values, width, rows, values, rows, width, rows, product, rows);
  kernels->add(product, product, rows * rows);
  void *all[] = {values, vector, scales, scratch, product, halves, bytes};
  for (size_t i = 0; i < sizeof all / sizeof *all; i++) free(all[i]);
}

int main(int count, char **arguments) {
  const ck_kernels *kernels = count > 1 ? ck_kernels_named(arguments[1]) : NULL;
  if (!kernels) return puts("not on this processor"), 0;
  const size_t tokens[] = {1, 5, 64, 65, 131}, head_sizes[] = {1, 7, 18, 64, 72};
  const size_t rows[] = {1, 5, 7, 13, 61}, inputs[] = {1, 7, 72, 255, 1030}, outputs[] = {1, 15, 64, 130, 333};
  for (int i = 0; i < 5; i++) {
    for (int j = 0; j < 5; j++) {
      run_rows(kernels, rows[i], inputs[j]);
      for (int format = CK_FLOAT32; format <= CK_INT8; format++) {
        run_attention(kernels, (ck_format)format, tokens[i], head_sizes[j]);
        for (int k = 0; k < 5; k++) run_linear(kernels, (ck_format)format, rows[i], inputs[j], outputs[k]);
      }
    }
  }
  return puts("clean"), 0;
}
