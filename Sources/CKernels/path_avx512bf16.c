// Zen 4, Sapphire Rapids, Cooper Lake and later: products of bfloat16 and of 8-bit integers in one instruction.
#if defined(__x86_64__)
#include <immintrin.h>

#define PATH_HAS_FMA 1
#define PATH_HAS_AVX512 1
#define PATH_HAS_VNNI 1
#define PATH_HAS_BF16 1
#pragma clang attribute push(__attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx512vnni,avx512bf16,fma,avx2,bmi2"))), apply_to = function)
#include "path.h"
#pragma clang attribute pop

const ck_kernels ck_avx512bf16 = PATH_KERNELS("avx512bf16");
#endif
