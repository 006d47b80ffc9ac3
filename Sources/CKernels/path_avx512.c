// Skylake-SP: 512-bit floats; bfloat16 and 8-bit integers are widened.
#if defined(__x86_64__)
#include <immintrin.h>

#define PATH_HAS_FMA 1
#define PATH_HAS_AVX512 1
#pragma clang attribute push(__attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,fma,avx2,bmi2"))), apply_to = function)
#include "path.h"
#pragma clang attribute pop

const ck_kernels ck_avx512 = PATH_KERNELS("avx512");
#endif
