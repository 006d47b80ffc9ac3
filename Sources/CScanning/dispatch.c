#include <string.h>

#include "CScanning.h"

extern const cs_kernels cs_portable;

#if defined(__x86_64__)
extern const cs_kernels cs_avx512, cs_avx2;

// Each answer includes that the operating system saves the registers.
static int has_avx2(void) { return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi2"); }

static int has_avx512(void) {
  return has_avx2() && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw")
    && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");
}
#endif

const cs_kernels *cs_kernels_named(const char *name) {
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (strcmp(name, cs_avx512.name) == 0) return has_avx512() ? &cs_avx512 : NULL;
  if (strcmp(name, cs_avx2.name) == 0) return has_avx2() ? &cs_avx2 : NULL;
#endif
  return strcmp(name, cs_portable.name) == 0 ? &cs_portable : NULL;
}

const cs_kernels *cs_kernels_best(void) {
  const char *names[] = {"avx512", "avx2"};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    const cs_kernels *kernels = cs_kernels_named(names[i]);
    if (kernels) return kernels;
  }
  return &cs_portable;
}
