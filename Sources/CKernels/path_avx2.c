// Haswell, Zen and later: 256-bit floats; bfloat16 and 8-bit integers are widened.
#if defined(__x86_64__)
#include <immintrin.h>

#define PATH_HAS_FMA 1
#pragma clang attribute push(__attribute__((target("avx2,fma,bmi2,f16c"))), apply_to = function)
#include "path.h"
#pragma clang attribute pop

const ck_kernels ck_avx2 = PATH_KERNELS("avx2");
#endif
