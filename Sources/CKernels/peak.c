// What the processor can do at most: multiplications and additions on registers alone, in loops with more of them under
// way than one takes to finish.
#include "CKernels.h"

#include <string.h>

#if defined(__x86_64__)

#define FOUR(INSTRUCTION, A, B, C, D) INSTRUCTION(A) INSTRUCTION(B) INSTRUCTION(C) INSTRUCTION(D)
#define ZERO512(N) "vpxorq %%zmm" #N ", %%zmm" #N ", %%zmm" #N "\n\t"
#define FMA512(N) "vfmadd231ps %%zmm24, %%zmm25, %%zmm" #N "\n\t"
#define BF16_512(N) "vdpbf16ps %%zmm24, %%zmm25, %%zmm" #N "\n\t"
#define INT8_512(N) "vpdpbusd %%zmm24, %%zmm25, %%zmm" #N "\n\t"
#define FMA256(N) "vfmadd231ps %%ymm14, %%ymm15, %%ymm" #N "\n\t"
#define ALL512(I) \
  FOUR(I, 0, 1, 2, 3) FOUR(I, 4, 5, 6, 7) FOUR(I, 8, 9, 10, 11) FOUR(I, 12, 13, 14, 15) FOUR(I, 16, 17, 18, 19) \
  FOUR(I, 20, 21, 22, 23)
#define ALL256(I) FOUR(I, 0, 1, 2, 3) FOUR(I, 4, 5, 6, 7) FOUR(I, 8, 9, 10, 11)
#define CLOBBERED \
  "xmm0", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5", "xmm6", "xmm7", "xmm8", "xmm9", "xmm10", "xmm11", "xmm12", "xmm13", \
    "xmm14", "xmm15"
#define CLOBBERED512 \
  CLOBBERED, "xmm16", "xmm17", "xmm18", "xmm19", "xmm20", "xmm21", "xmm22", "xmm23", "xmm24", "xmm25"

#define LOOP512(NAME, TARGET, INSTRUCTION)                                                           \
  __attribute__((target(TARGET))) static void NAME(size_t rounds) {                                  \
    __asm__ volatile(ALL512(ZERO512) ZERO512(24) ZERO512(25)::: CLOBBERED512);                       \
    for (size_t round = 0; round < rounds; round++) __asm__ volatile(ALL512(INSTRUCTION)::: CLOBBERED512); \
  }

LOOP512(floats512, "avx512f", FMA512)
LOOP512(bfloats512, "avx512f,avx512bf16", BF16_512)
LOOP512(integers512, "avx512f,avx512vnni", INT8_512)

__attribute__((target("avx2,fma"))) static void floats256(size_t rounds) {
  __asm__ volatile("vzeroall\n\t" ::: CLOBBERED);
  for (size_t round = 0; round < rounds; round++) __asm__ volatile(ALL256(FMA256)::: CLOBBERED);
}

double ck_peak(const char *path, ck_format format, size_t rounds) {
  if (ck_kernels_named(path) == 0) return 0;
  const int wide = strncmp(path, "avx512", 6) == 0;
  if (format == CK_BFLOAT16 && strcmp(path, "avx512bf16") == 0) {
    bfloats512(rounds);
    return 24.0 * 64 * rounds;
  }
  if (format == CK_INT8 && (strcmp(path, "avx512bf16") == 0 || strcmp(path, "avx512vnni") == 0)) {
    integers512(rounds);
    return 24.0 * 128 * rounds;
  }
  // Bytes are widened to 16 bits then, which is another ceiling than either; bfloat16 is multiplied as floats.
  if (format == CK_INT8) return 0;
  if (wide) {
    floats512(rounds);
    return 24.0 * 32 * rounds;
  }
  if (strcmp(path, "avx2") == 0) {
    floats256(rounds);
    return 12.0 * 16 * rounds;
  }
  return 0;
}

#else

double ck_peak(const char *path, ck_format format, size_t rounds) {
  (void)path, (void)format, (void)rounds;
  return 0;
}

#endif
