// Work on single rows: layer normalisation, quantisation, softmax.

// The largest magnitude of a row, NaN if there is one: bits of floats without sign are ordered as integers.
INLINE float largest_bits(words largest) {
  int32_t result = __builtin_reduce_max(largest);
  float value;
  memcpy(&value, &result, sizeof value);
  return value;
}
INLINE words larger_bits(words largest, floats x) {
  words magnitude = as_words(x) & 0x7FFFFFFF;
  return magnitude > largest ? magnitude : largest;
}

// factor·x + zero, rounded to the nearest integer, ties to even: adding 1.5·2^23 leaves it in the low bits.
INLINE bytes quantized(floats x, float factor, int32_t zero) {
  words shifted = as_words(x * factor + 12582912.0f) + zero;
  return __builtin_convertvector((bits)(shifted & 0xFF), bytes);
}

// What stored values are multiplied with, and what values are multiplied with to be stored. A NaN stays in the scale.
INLINE float scale_of(float largest, float steps, float *factor) {
  *factor = largest > 0 ? steps / largest : 0;
  // Below 2^-120 the quotient would overflow; such rows count as zero.
  if (largest < 1e-36f) *factor = 0;
  return largest / steps;
}

// The mean of a row, and what deviations from it are multiplied with to have variance 1.
INLINE float mean_of(const float *x, size_t width, float epsilon, float *factor) {
  floats sum = 0, squares = 0;
  size_t whole = width - width % LANES;
  for (size_t i = 0; i < whole; i += LANES) sum += load(x + i);
  if (whole < width) sum += load_part(x + whole, width - whole);
  float mean = total(sum) / (float)width;
  for (size_t i = 0; i < whole; i += LANES) {
    floats deviation = load(x + i) - mean;
    squares = fused(deviation, deviation, squares);
  }
  if (whole < width) {
    floats last = (floats)mean;
    memcpy(&last, x + whole, (width - whole) * sizeof(float));
    squares = fused(last - mean, last - mean, squares);
  }
  *factor = 1 / __builtin_sqrtf(total(squares) / (float)width + epsilon);
  return mean;
}

INLINE floats normalized(const float *x, float mean, float factor, const float *gamma, const float *beta, size_t count) {
  return fused((load_part(x, count) - mean) * factor, load_part(gamma, count), load_part(beta, count));
}

static void layer_norm(
  const float *input, size_t input_stride, size_t count, size_t width, const float *gamma, const float *beta,
  float epsilon, ck_format format, void *output, size_t output_stride, float *scales, float *scratch) {
  for (size_t row = 0; row < count; row++) {
    const float *x = input + row * input_stride;
    float factor, mean = mean_of(x, width, epsilon, &factor);
    if (format == CK_FLOAT32) {
      float *y = (float *)output + row * output_stride;
      for (size_t i = 0; i < width; i += LANES) {
        store_part(y + i, normalized(x + i, mean, factor, gamma + i, beta + i, width - i), width - i);
      }
    } else if (format == CK_BFLOAT16) {
      uint16_t *y = (uint16_t *)output + row * output_stride;
      for (size_t i = 0; i < width; i += LANES) {
        store_bf16(y + i, normalized(x + i, mean, factor, gamma + i, beta + i, width - i), width - i);
      }
    } else {
      uint8_t *y = (uint8_t *)output + row * output_stride;
      words largest = 0;
      for (size_t i = 0; i < width; i += LANES) {
        floats value = normalized(x + i, mean, factor, gamma + i, beta + i, width - i);
        store(scratch + i, value);
        largest = larger_bits(largest, value);
      }
      float step;
      scales[row] = scale_of(largest_bits(largest), 127, &step);
      for (size_t i = 0; i < width; i += LANES) {
        store_bytes(y + i, quantized(load(scratch + i), step, 128), width - i);
      }
    }
  }
}

static void quantize(
  const uint16_t *input, size_t input_stride, size_t count, size_t width, float shift, uint8_t *output,
  size_t output_stride, float *scales) {
  float levels = shift > 0 ? 255 : 127;
  int32_t zero = shift > 0 ? 0 : 128;
  for (size_t row = 0; row < count; row++) {
    const uint16_t *x = input + row * input_stride;
    // Zero counts as a value of the row, as it does in the lanes behind the last one.
    words largest = as_words((floats)shift);
    size_t whole = width - width % LANES;
    for (size_t i = 0; i < whole; i += LANES) largest = larger_bits(largest, load_bf16(x + i, LANES) + shift);
    if (whole < width) largest = larger_bits(largest, load_bf16(x + whole, width - whole) + shift);
    float factor;
    scales[row] = scale_of(largest_bits(largest), levels, &factor);
    for (size_t i = 0; i < width; i += LANES) {
      bytes q = quantized(load_bf16(x + i, width - i) + shift, factor, zero);
      store_bytes(output + row * output_stride + i, q, width - i);
    }
  }
}

static void round_rows(
  const float *input, size_t input_stride, size_t count, size_t width, uint16_t *output, size_t output_stride) {
  for (size_t row = 0; row < count; row++) {
    for (size_t i = 0; i < width; i += LANES) {
      store_bf16(
        output + row * output_stride + i, load_part(input + row * input_stride + i, width - i), width - i);
    }
  }
}

static void softmax(float *rows, size_t stride, size_t count, size_t width) {
  for (size_t row = 0; row < count; row++) {
    float *x = rows + row * stride;
    float peak = x[0];
    for (size_t i = 1; i < width; i++) peak = x[i] > peak ? x[i] : peak;
    floats sum = 0;
    for (size_t i = 0; i < width; i += LANES) {
      floats power = power_of_two((load_part(x + i, width - i) - peak) * 1.44269504f);
      store_part(x + i, power, width - i);
      sum += load_part(x + i, width - i);
    }
    float factor = 1 / total(sum);
    for (size_t i = 0; i < width; i += LANES) store_part(x + i, load_part(x + i, width - i) * factor, width - i);
  }
}
