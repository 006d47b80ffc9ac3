// Runs the kernels of one path of `CScanning` at odd sizes, in memory of exactly those sizes: scanning PATH.
#include <stdio.h>
#include <stdlib.h>

#include "CScanning.h"

static uint64_t state = 88172645463325252u;

static uint64_t number(void) {
  state ^= state << 13;
  state ^= state >> 7;
  return state ^= state << 17;
}

static void plane(const cs_kernels *k, cs_workspace *workspace, size_t width, size_t height, int kind) {
  size_t count = width * height, blocks = ((width + 31) / 32) * ((height + 31) / 32);
  uint8_t *bytes = malloc(2 * count);
  for (size_t i = 0; i < 2 * count; i++) bytes[i] = kind == 0 ? (uint8_t)number() : (uint8_t)(number() % 3 == 0);
  int16_t *values = malloc(2 * count), *half = malloc(2 * (count / 4 + 1)), low, high;
  uint16_t *responses[2] = {malloc(2 * count), malloc(2 * count)};
  uint16_t *peaks[2] = {malloc(2 * blocks), malloc(2 * blocks)}, *above = malloc(2 * blocks), *near = malloc(2 * blocks);
  k->words(bytes, count, 0x8000, values);
  k->range(values, count, &low, &high);
  k->count_at_most(values, count, low);
  k->halve(values, width, height, half);
  uint32_t *counts = calloc((size_t)(high - low) + 1, sizeof *counts);
  cs_histogram(values, count, low, (size_t)(high - low) + 1, counts);
  cs_wanted wanted = {(int32_t)(number() % 5), 64, (int32_t)(number() % 5)};
  bool complete;
  if (!k->respond(workspace, values, width, height, responses[0], responses[1], peaks[0], peaks[1])) abort();
  for (int dark = 0; dark < 2; dark++) {
    k->thresholds(responses[dark], width, height, peaks[dark], 2, above, near);
    k->strokes(workspace, values, responses[dark], above, width, height, dark, wanted, &complete);
    k->strokes(workspace, values, responses[dark], near, width, height, dark, wanted, &complete);
  }
  k->pens(workspace, values, width, height, low, wanted, &complete);
  uint8_t halves[16];
  for (size_t i = 0; i < 16; i++) halves[i] = (uint8_t)number();
  uint64_t *hashes = malloc(sizeof *hashes << 12);
  for (size_t i = 0; i < 1 << 12; i++) hashes[i] = number() & number() & number();
  cs_words words = {halves, halves, number() % 2, hashes};
  for (size_t word = 0; word < count / 2; word++) word = k->next_word(bytes, word, count / 2, &words);
  void *all[] = {bytes, values, half, responses[0], responses[1], peaks[0], peaks[1], above, near, counts, hashes};
  for (size_t i = 0; i < sizeof all / sizeof *all; i++) free(all[i]);
}

int main(int count, char **arguments) {
  const cs_kernels *k = count == 2 ? cs_kernels_named(arguments[1]) : NULL;
  if (!k) return puts("not on this processor"), 0;
  cs_workspace *workspace = cs_workspace_make();
  size_t planes = 0;
  for (size_t width = 1; width < 140; width += 1 + width / 9) {
    for (size_t height = 1; height < 140; height += 1 + height / 9) {
      for (int kind = 0; kind < 2; kind++, planes++) plane(k, workspace, width, height, kind);
    }
  }
  cs_workspace_free(workspace);
  printf("%zu planes\n", planes);
}
