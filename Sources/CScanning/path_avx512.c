// Skylake-SP, Zen 4 and later.
#if defined(__x86_64__)
#include <immintrin.h>

#pragma clang attribute push(__attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx2,bmi,bmi2,lzcnt,popcnt"))), apply_to = function)
#define PATH_HAS_SHUFFLE 1
#define PATH_HAS_WIDE_SHUFFLE 1
#define SHUFFLE(table, index) (octets)_mm512_shuffle_epi8((__m512i)(table), (__m512i)(index))
#include "path.h"
#pragma clang attribute pop

const cs_kernels cs_avx512 = PATH_KERNELS("avx512");
#endif
