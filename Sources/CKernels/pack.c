#include <math.h>
#include <string.h>

#include "CKernels.h"

static uint32_t bfloat16(float value) {
  uint32_t bits;
  memcpy(&bits, &value, sizeof bits);
  if ((bits & 0x7FFFFFFFu) > 0x7F800000u) return (bits >> 16) | 0x40u;
  return (bits + 0x7FFFu + ((bits >> 16) & 1u)) >> 16;
}

// A row of weights multiplied with `factors`, if there are any, as words of a panel's lane. `factor` is that of CK_INT8, whose
// stored values are added up.
static inline __attribute__((always_inline)) int32_t pack_row(
  const ck_format format, const float *row, size_t inputs, const float *factors, float factor, int32_t *lane,
  size_t first, size_t end) {
  const size_t count = (size_t)1 << format;
  int32_t sum = 0;
  for (size_t step = first; step < end; step++) {
    uint32_t word = 0;
    for (size_t i = 0; i < count && step * count + i < inputs; i++) {
      size_t k = step * count + i;
      float value = factors ? row[k] * factors[k] : row[k];
      if (format == CK_FLOAT32) {
        memcpy(&word, &value, sizeof word);
      } else if (format == CK_BFLOAT16) {
        word |= bfloat16(value) << (16 * i);
      } else {
        // At most 127 in magnitude, as `factor` is that of the largest. Adding 1.5·2^23 rounds to the nearest, ties to even.
        float shifted = value * factor + 12582912.0f;
        int32_t stored;
        memcpy(&stored, &shifted, sizeof stored);
        stored = (int8_t)(stored & 0xFF);
        sum += stored;
        word |= ((uint32_t)stored & 0xFFu) << (8 * i);
      }
    }
    lane[step * CK_PANEL] = (int32_t)word;
  }
  return sum;
}

static float largest_magnitude(const float *row, size_t inputs, const float *factors) {
  uint32_t largest = 0;
  for (size_t k = 0; k < inputs; k++) {
    float value = fabsf(factors ? row[k] * factors[k] : row[k]);
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    // Floats without sign are ordered as their bits are, and NaN is above all others, so that it becomes the scale.
    if (bits > largest) largest = bits;
  }
  float result;
  memcpy(&result, &largest, sizeof result);
  return result;
}

void ck_pack_panel(
  ck_format format, const float *weights, size_t outputs, size_t inputs, size_t first, const float *factors,
  int32_t *panel, float *scales, int32_t *sums) {
  size_t steps = ck_words(format, inputs);
  size_t lanes = outputs - first < CK_PANEL ? outputs - first : CK_PANEL;
  float factor[CK_PANEL];
  memset(panel, 0, steps * CK_PANEL * sizeof(int32_t));
  for (size_t lane = 0; format == CK_INT8 && lane < CK_PANEL; lane++) {
    float largest = lane < lanes ? largest_magnitude(weights + (first + lane) * inputs, inputs, factors) : 0;
    factor[lane] = largest > 1e-36f ? 127 / largest : 0;
    scales[lane] = largest / 127;
    sums[lane] = 0;
  }
  // Sixteen words of each row at a time, so that lines are used whole on both sides.
  for (size_t block = 0; block < steps; block += 16) {
    size_t end = steps - block < 16 ? steps : block + 16;
    for (size_t lane = 0; lane < lanes; lane++) {
      const float *row = weights + (first + lane) * inputs;
      switch (format) {
        case CK_FLOAT32: pack_row(CK_FLOAT32, row, inputs, factors, 1, panel + lane, block, end); break;
        case CK_BFLOAT16: pack_row(CK_BFLOAT16, row, inputs, factors, 1, panel + lane, block, end); break;
        case CK_INT8:
          sums[lane] += pack_row(CK_INT8, row, inputs, factors, factor[lane], panel + lane, block, end);
          break;
      }
    }
  }
}
