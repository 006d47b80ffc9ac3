#include "CScanning.h"

// Values in turns into four tables: neighbours are often equal, and the same counter cannot be counted up twice at once.
enum { SMALL = 1 << 13 };

void cs_histogram(const int16_t *values, size_t count, int16_t least, size_t range, uint32_t *counts) {
  if (range > SMALL) {
    for (size_t i = 0; i < count; i++) counts[values[i] - least]++;
    return;
  }
  uint32_t others[3][SMALL];
  for (size_t k = 0; k < 3; k++) {
    for (size_t i = 0; i < range; i++) others[k][i] = 0;
  }
  size_t i = 0;
  for (; i + 4 <= count; i += 4) {
    counts[values[i] - least]++;
    others[0][values[i + 1] - least]++;
    others[1][values[i + 2] - least]++;
    others[2][values[i + 3] - least]++;
  }
  for (; i < count; i++) counts[values[i] - least]++;
  for (size_t k = 0; k < range; k++) counts[k] += others[0][k] + others[1][k] + others[2][k];
}
