#define _GNU_SOURCE
#include "CKernels.h"

#if defined(__linux__)
#include <sched.h>

int ck_current_processor(void) { return sched_getcpu(); }

void ck_avoid_processor(int processor) {
  cpu_set_t set;
  if (processor < 0 || processor >= CPU_SETSIZE || sched_getaffinity(0, sizeof set, &set) != 0) return;
  CPU_CLR(processor, &set);
  if (CPU_COUNT(&set) > 0) sched_setaffinity(0, sizeof set, &set);
}
#else
int ck_current_processor(void) { return -1; }

void ck_avoid_processor(int processor) { (void)processor; }
#endif

void ck_pause(void) {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("yield");
#endif
}
