// Haswell, Zen and later.
#if defined(__x86_64__)
#include <immintrin.h>
#include <stdint.h>

#pragma clang attribute push(__attribute__((target("avx2,bmi,bmi2,lzcnt,popcnt"))), apply_to = function)
#define PATH_HAS_SHUFFLE 1
#pragma clang diagnostic ignored "-Wpsabi"
typedef uint8_t octets __attribute__((ext_vector_type(64)));
static inline __attribute__((always_inline)) octets shuffle(octets table, octets index) {
  __m256i t[2], i[2];
  __builtin_memcpy(t, &table, sizeof t);
  __builtin_memcpy(i, &index, sizeof i);
  for (int k = 0; k < 2; k++) i[k] = _mm256_shuffle_epi8(t[k], i[k]);
  __builtin_memcpy(&table, i, sizeof i);
  return table;
}
#define SHUFFLE(table, index) shuffle(table, index)
#include "path.h"
#pragma clang attribute pop

const cs_kernels cs_avx2 = PATH_KERNELS("avx2");
#endif
