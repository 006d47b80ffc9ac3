#include <math.h>
#include <string.h>

#include "CKernels.h"

static uint32_t bfloat16(float value) {
  uint32_t bits;
  memcpy(&bits, &value, sizeof bits);
  if ((bits & 0x7FFFFFFFu) > 0x7F800000u) return (bits >> 16) | 0x40u;
  return (bits + 0x7FFFu + ((bits >> 16) & 1u)) >> 16;
}

// The word of weights from input `k` on; `factor` is that of CK_INT8.
static uint32_t packed_word(
  ck_format format, const float *row, size_t inputs, size_t k, const float *factors, float factor, int32_t *sum) {
  uint32_t word = 0;
  size_t count = ck_values_per_word(format);
  for (size_t i = 0; i < count && k + i < inputs; i++) {
    float value = factors ? row[k + i] * factors[k + i] : row[k + i];
    if (format == CK_FLOAT32) {
      memcpy(&word, &value, sizeof word);
    } else if (format == CK_BFLOAT16) {
      word |= bfloat16(value) << (16 * i);
    } else {
      float scaled = value * factor;
      int32_t stored = scaled > 127 ? 127 : scaled < -127 ? -127 : (int32_t)lrintf(scaled);
      *sum += stored;
      word |= ((uint32_t)stored & 0xFFu) << (8 * i);
    }
  }
  return word;
}

void ck_pack_panel(
  ck_format format, const float *weights, size_t outputs, size_t inputs, size_t first, const float *factors,
  int32_t *panel, float *scales, int32_t *sums) {
  size_t steps = ck_words(format, inputs), per_word = ck_values_per_word(format);
  float factor[CK_PANEL];
  if (format == CK_INT8) {
    for (size_t lane = 0; lane < CK_PANEL; lane++) {
      float largest = 0;
      for (size_t k = 0; first + lane < outputs && k < inputs; k++) {
        float value = fabsf(weights[(first + lane) * inputs + k] * (factors ? factors[k] : 1));
        // Written so that NaN becomes the scale.
        if (!(value <= largest)) largest = value;
        if (isnan(largest)) break;
      }
      factor[lane] = largest > 1e-36f ? 127 / largest : 0;
      scales[lane] = largest / 127;
      sums[lane] = 0;
    }
  }
  // Sixteen words of each row at a time, so that lines are used whole on both sides.
  for (size_t block = 0; block < steps; block += 16) {
    for (size_t lane = 0; lane < CK_PANEL; lane++) {
      const float *row = weights + (first + lane) * inputs;
      for (size_t step = block; step < block + 16 && step < steps; step++) {
        uint32_t word = 0;
        if (first + lane < outputs) {
          int32_t sum = 0;
          word = packed_word(format, row, inputs, step * per_word, factors, factor[lane], &sum);
          if (format == CK_INT8) sums[lane] += sum;
        }
        memcpy(panel + step * CK_PANEL + lane, &word, sizeof word);
      }
    }
  }
}
