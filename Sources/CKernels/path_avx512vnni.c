// Cascade Lake, Ice Lake: products of 8-bit integers in one instruction; bfloat16 is widened.
#if defined(__x86_64__)
#include <immintrin.h>

#define PATH_HAS_FMA 1
#define PATH_HAS_AVX512 1
#define PATH_HAS_VNNI 1
#pragma clang attribute push(__attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx512vnni,fma,avx2,bmi2"))), apply_to = function)
#include "path.h"
#pragma clang attribute pop

const ck_kernels ck_avx512vnni = PATH_KERNELS("avx512vnni");
#endif
