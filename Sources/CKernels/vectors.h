// Sixteen values at a time, the width at which every path computes, so that all round in the same way: on AVX-512 that is a
// register, elsewhere the compiler makes two or four of it. Included by a path's file after its target is set.
#include <string.h>

#include "CKernels.h"

// Vectors never cross a call: everything that takes one is inlined.
#pragma clang diagnostic ignored "-Wpsabi"
// a·b + c is fused where `fused` says so and nowhere else.
#pragma STDC FP_CONTRACT OFF

#define LANES 16
#define INLINE static inline __attribute__((always_inline))

typedef float floats __attribute__((ext_vector_type(LANES)));
typedef int32_t words __attribute__((ext_vector_type(LANES)));
typedef uint32_t bits __attribute__((ext_vector_type(LANES)));
typedef uint16_t halves __attribute__((ext_vector_type(LANES)));
typedef uint16_t half_of_halves __attribute__((ext_vector_type(LANES / 2)));
typedef uint8_t bytes __attribute__((ext_vector_type(LANES)));

// Words that hold floats, bfloat16 or bytes.
typedef int32_t __attribute__((may_alias)) word;

INLINE floats as_floats(words x) { return (floats)x; }
INLINE words as_words(floats x) { return (words)x; }
INLINE bits as_bits(floats x) { return (bits)x; }

INLINE words load_words(const void *p) {
  words v;
  memcpy(&v, p, sizeof v);
  return v;
}
INLINE void store_words(void *p, words v) { memcpy(p, &v, sizeof v); }
INLINE floats load(const void *p) { return as_floats(load_words(p)); }
INLINE void store(void *p, floats v) { store_words(p, as_words(v)); }

// The first `count` of sixteen values, zeros behind them.
INLINE floats load_part(const float *p, size_t count) {
  if (count >= LANES) return load(p);
  floats v = 0;
  memcpy(&v, p, count * sizeof(float));
  return v;
}
INLINE void store_part(float *p, floats v, size_t count) {
  if (count >= LANES) return store(p, v);
  if (count == LANES / 2) {
    memcpy(p, &v, sizeof v / 2);
  } else {
    memcpy(p, &v, count * sizeof(float));
  }
}

INLINE floats fused(floats a, floats b, floats c) {
#if defined(PATH_HAS_FMA)
  return __builtin_elementwise_fma(a, b, c);
#else
  return a * b + c;
#endif
}

// The larger of two; where `x` is NaN, `largest` stays.
INLINE floats larger(floats largest, floats x) { return x > largest ? x : largest; }

INLINE float total(floats x) {
  __attribute__((ext_vector_type(8))) float eight = x.lo + x.hi;
  __attribute__((ext_vector_type(4))) float four = eight.lo + eight.hi;
  __attribute__((ext_vector_type(2))) float two = four.lo + four.hi;
  return two.x + two.y;
}

// 2 to the power of x, at most 127; arguments below -126 count as -126, NaN stays NaN.
//
// x = n + f with n whole and |f| at most 1/2. The Taylor series of 2^f = e^(f·ln 2) up to the seventh power leaves
// (ln 2 / 2)^8 / 8! < 6e-9; a coarse one up to the fourth leaves 5e-5, a fortieth of what bfloat16 rounds off.
INLINE floats power_series(const int is_coarse, floats x) {
  x = -126.0f > x ? (floats)-126.0f : x;
  // Adding 1.5·2^23 leaves the nearest whole number in the low bits.
  floats shifted = x + 12582912.0f;
  floats f = x - (shifted - 12582912.0f);
  floats series = 9.6181291e-3f;
  if (!is_coarse) {
    series = fused(f, (floats)1.5252734e-5f, (floats)1.5403530e-4f);
    series = fused(series, f, (floats)1.3333558e-3f);
    series = fused(series, f, (floats)9.6181291e-3f);
  }
  series = fused(series, f, (floats)5.5504109e-2f);
  series = fused(series, f, (floats)2.4022651e-1f);
  series = fused(series, f, (floats)6.9314718e-1f);
  series = fused(series, f, (floats)1.0f);
  return as_floats(as_words(series) + (as_words(shifted) << 23));
}

INLINE floats power_of_two(floats x) { return power_series(0, x); }

// For results that become bfloat16.
INLINE floats coarse_power_of_two(floats x) { return power_series(1, x); }

// The logarithm to base 2 of e^(-2u), u = √(2/π)·(y + 0.044715·y³), at most 64, beyond which a GELU is nothing; the constants
// hold -2·√(2/π)/ln 2.
INLINE floats gelu_exponent(floats y) {
  floats x = fused(y * y, (floats)(0.044715f * -2.3022082f), (floats)-2.3022082f) * y;
  return 64.0f < x ? (floats)64.0f : x;
}

// 0.5·y·(1 + tanh(√(2/π)·(y + 0.044715·y³))) (Hendrycks and Gimpel 2016), computed as y / (1 + e^(-2u)) with u the argument
// of tanh, which is the same number.
INLINE floats gelu(floats y) { return y / (1.0f + power_of_two(gelu_exponent(y))); }

// For results that become bfloat16. The quotient is a product with a reciprocal, by Newton's iteration from a guess that
// takes the bits of the divisor off a constant: the relative error goes from 1/19 to 1/390 to 7e-6.
INLINE floats coarse_gelu(floats y) {
  floats divisor = 1.0f + coarse_power_of_two(gelu_exponent(y));
  floats x = as_floats(0x7EF311C7 - as_words(divisor));
  for (int i = 0; i < 2; i++) x = fused(x, fused(-divisor, x, (floats)1.0f), x);
  return y * x;
}

// For results that become 8-bit integers, to 8e-5: y·(1/2 + t·p(t²)) with t = y between -4 and 4, p fitted so that the error of
// the result is even. At the ends the factor is exactly 0 and 1, fused or not, so that nothing is left of values far below zero.
INLINE floats byte_gelu(floats y) {
  floats t = 4.0f < y ? (floats)4.0f : y;
  t = -4.0f > t ? (floats)-4.0f : t;
  floats square = t * t;
  floats series = fused(square, (floats)-1.1546876e-9f, (floats)9.674003e-8f);
  series = fused(series, square, (floats)-3.5200371e-6f);
  series = fused(series, square, (floats)7.38487e-5f);
  series = fused(series, square, (floats)-1.0053386e-3f);
  series = fused(series, square, (floats)9.517474e-3f);
  series = fused(series, square, (floats)-6.586784e-2f);
  series = fused(series, square, (floats)0.3984878f);
  return y * fused(t, series, (floats)0.5f);
}

// bfloat16, rounded to nearest, ties to even; NaN stays NaN.
INLINE bits rounded(floats x) {
#if defined(PATH_HAS_BF16)
  halves h = (halves)_mm512_cvtneps_pbh((__m512)x);
  return __builtin_convertvector(h, bits);
#else
  bits b = as_bits(x);
  bits nearest = (b + 0x7FFFu + ((b >> 16) & 1u)) >> 16;
  bits quiet = (b >> 16) | 0x40u;
  return (b & 0x7FFFFFFFu) > 0x7F800000u ? quiet : nearest;
#endif
}

// Words of two bfloat16: `low` in the lower half.
INLINE words rounded_pair(floats low, floats high) {
#if defined(PATH_HAS_BF16)
  __m512bh both = _mm512_cvtne2ps_pbh((__m512)high, (__m512)low);
  const __m512i order = _mm512_set_epi16(
    31, 15, 30, 14, 29, 13, 28, 12, 27, 11, 26, 10, 25, 9, 24, 8, 23, 7, 22, 6, 21, 5, 20, 4, 19, 3, 18, 2, 17, 1, 16,
    0);
  return (words)_mm512_permutexvar_epi16(order, (__m512i)both);
#else
  return (words)(rounded(low) | (rounded(high) << 16));
#endif
}

INLINE floats widened(halves h) { return as_floats((words)(__builtin_convertvector(h, bits) << 16)); }

// Parts of a row are read and written by halves first, which is what a head of 72 leaves; what is left then goes through memory.
INLINE floats load_bf16(const uint16_t *p, size_t count) {
  halves h;
  if (count >= LANES) {
    memcpy(&h, p, sizeof h);
    return widened(h);
  }
  half_of_halves low = 0, high = 0;
  if (count >= LANES / 2) {
    memcpy(&low, p, sizeof low);
    if (count > LANES / 2) memcpy(&high, p + LANES / 2, (count - LANES / 2) * sizeof *p);
  } else {
    memcpy(&low, p, count * sizeof *p);
  }
  return widened(__builtin_shufflevector(low, high, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15));
}
INLINE void store_bf16(uint16_t *p, floats v, size_t count) {
  halves h = __builtin_convertvector(rounded(v), halves);
  if (count >= LANES) {
    memcpy(p, &h, sizeof h);
  } else if (count == LANES / 2) {
    memcpy(p, &h, sizeof h / 2);
  } else {
    memcpy(p, &h, count * sizeof(uint16_t));
  }
}
INLINE void store_bytes(uint8_t *p, bytes v, size_t count) {
  if (count >= LANES) {
    memcpy(p, &v, sizeof v);
  } else if (count == LANES / 2) {
    memcpy(p, &v, sizeof v / 2);
  } else {
    memcpy(p, &v, count);
  }
}

// Turns a square of words: row i, lane j goes to row j, lane i. Interleaving the halves four times does it.
INLINE void transpose(words rows[LANES]) {
#pragma clang loop unroll(full)
  for (int round = 0; round < 4; round++) {
    words next[LANES];
#pragma clang loop unroll(full)
    for (int i = 0; i < LANES / 2; i++) {
      next[2 * i] = __builtin_shufflevector(
        rows[i], rows[i + 8], 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
      next[2 * i + 1] = __builtin_shufflevector(
        rows[i], rows[i + 8], 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
    }
#pragma clang loop unroll(full)
    for (int i = 0; i < LANES; i++) rows[i] = next[i];
  }
}
