#include <string.h>

#include "CKernels.h"

extern const ck_kernels ck_portable;

#if defined(__x86_64__)
extern const ck_kernels ck_avx512bf16, ck_avx512vnni, ck_avx512, ck_avx2;

// Each answer includes that the operating system saves the registers.
static int has_avx2(void) { return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"); }

static int has_avx512(void) {
  return has_avx2() && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw")
    && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");
}

static int has_vnni(void) { return has_avx512() && __builtin_cpu_supports("avx512vnni"); }

static int has_bf16(void) { return has_vnni() && __builtin_cpu_supports("avx512bf16"); }
#endif

const ck_kernels *ck_kernels_named(const char *name) {
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (strcmp(name, ck_avx512bf16.name) == 0) return has_bf16() ? &ck_avx512bf16 : NULL;
  if (strcmp(name, ck_avx512vnni.name) == 0) return has_vnni() ? &ck_avx512vnni : NULL;
  if (strcmp(name, ck_avx512.name) == 0) return has_avx512() ? &ck_avx512 : NULL;
  if (strcmp(name, ck_avx2.name) == 0) return has_avx2() ? &ck_avx2 : NULL;
#endif
  return strcmp(name, ck_portable.name) == 0 ? &ck_portable : NULL;
}

size_t ck_attention_scratch(ck_format format, size_t tokens, size_t head_size) {
  size_t rows = ck_words(format, head_size) + head_size;
  if (format != CK_INT8) return (rows + tokens) * CK_PANEL;
  // Exponents of a block of keys, all weights, and for each block what its weights are made and multiplied with.
  size_t blocks = (tokens + CK_KEY_BLOCK - 1) / CK_KEY_BLOCK;
  return (rows + CK_KEY_BLOCK + ck_words(format, tokens) + 2 * blocks) * CK_PANEL;
}
