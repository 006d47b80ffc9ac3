// Thirty-two 16-bit numbers at a time: one register of AVX-512, of which the compiler makes two or four elsewhere. Included by a
// path's file after its target is set.
#include <string.h>

#include "CScanning.h"

// Vectors never cross a call: everything that takes one is inlined.
#pragma clang diagnostic ignored "-Wpsabi"

#define LANES 32
#define INLINE static inline __attribute__((always_inline))

typedef int16_t lanes __attribute__((ext_vector_type(LANES)));
typedef uint16_t ulanes __attribute__((ext_vector_type(LANES)));
typedef bool flags __attribute__((ext_vector_type(LANES)));

INLINE lanes load(const int16_t *p) {
  lanes v;
  memcpy(&v, p, sizeof v);
  return v;
}
INLINE ulanes uload(const uint16_t *p) {
  ulanes v;
  memcpy(&v, p, sizeof v);
  return v;
}
INLINE void store(int16_t *p, lanes v) { memcpy(p, &v, sizeof v); }

INLINE lanes least(lanes a, lanes b) { return __builtin_elementwise_min(a, b); }
INLINE lanes greatest(lanes a, lanes b) { return __builtin_elementwise_max(a, b); }

// Sixteen-bit words of two vectors from the `n`th on.
#define FOLLOWING(a, b, n)                                                                                        \
  __builtin_shufflevector(                                                                                        \
    a, b, n, n + 1, n + 2, n + 3, n + 4, n + 5, n + 6, n + 7, n + 8, n + 9, n + 10, n + 11, n + 12, n + 13,       \
    n + 14, n + 15, n + 16, n + 17, n + 18, n + 19, n + 20, n + 21, n + 22, n + 23, n + 24, n + 25, n + 26, n + 27, \
    n + 28, n + 29, n + 30, n + 31)

// Bit k for lane k.
INLINE uint32_t bits(lanes comparison) {
  flags f = __builtin_convertvector(comparison, flags);
  uint32_t result;
  memcpy(&result, &f, sizeof result);
  return result;
}

// The first `count` lanes, zeros behind them.
INLINE lanes load_part(const int16_t *p, size_t count) {
  if (count >= LANES) return load(p);
  lanes v = 0;
  memcpy(&v, p, count * sizeof(int16_t));
  return v;
}
INLINE uint32_t first_bits(size_t count) { return count >= LANES ? ~0u : (1u << count) - 1; }
