// Any processor: what the compiler makes of the vectors. On arm64 that is NEON with fused multiply-add; on x86-64 below AVX2
// it is SSE2, whose sums are not fused, so that results differ in the last bits from all other paths.
#if defined(__aarch64__)
#define PATH_HAS_FMA 1
#endif
#include "path.h"

const ck_kernels ck_portable = PATH_KERNELS("portable");
