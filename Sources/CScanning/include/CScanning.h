// What de-identification does with every sample of a frame and every byte of a file: whole numbers alone, so that all paths give
// the same results, bit for bit. No policy.
#ifndef CSCANNING_H
#define CSCANNING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// Side of the squares in which noise is judged, in samples.
#define CS_BLOCK 32

// A connected set of samples, measured while it was collected. Sums are over runs, the stretches of it within one row.
typedef struct {
  int64_t area, run_count, vertical_contacts;
  int64_t value_sum, square_sum, response_sum, step_sum;
  // Both ends included.
  int32_t left, right, top, bottom;
} cs_component;

// What components are worth handing over: the longer side at least, the shorter at most, and samples at least.
typedef struct {
  int32_t least_long, greatest_short, least_area;
} cs_wanted;

// Memory that grows with use, for one thread at a time.
typedef struct cs_workspace cs_workspace;

cs_workspace *cs_workspace_make(void);
void cs_workspace_free(cs_workspace *workspace);

// Runs that are collected from one plane at most.
#define CS_RUNS 3000000

// What the first four bytes of a pattern, and those one, two and three bytes behind, may be.
typedef struct {
  // For each of 16 low and high halves of a byte: bit k, that some word has such a byte at place k, k + 4 the same for letters.
  const uint8_t *low, *high;
  // The four zero bytes are a word.
  bool has_zero;
  // One bit for each hash of a word.
  const uint64_t *hashes;
} cs_words;

// Shift that leaves 18 bits of a hash.
#define CS_HASH_SHIFT 14

typedef struct {
  const char *name;

  // 16-bit words, each XOR `flip`.
  void (*words)(const uint8_t *bytes, size_t count, uint16_t flip, int16_t *values);
  size_t (*count_at_most)(const int16_t *values, size_t count, int16_t bound);
  void (*range)(const int16_t *values, size_t count, int16_t *least, int16_t *greatest);
  // Means of 2 x 2 samples, halves rounded up.
  void (*halve)(const int16_t *values, size_t width, size_t height, int16_t *half);

  // White and black top-hat by a square of 7 x 7, and the largest of each block. False without memory.
  bool (*respond)(
    cs_workspace *workspace, const int16_t *values, size_t width, size_t height, uint16_t *light, uint16_t *dark,
    uint16_t *light_peaks, uint16_t *dark_peaks);
  // The response that six in ten samples of a block stay below, judged by an eighth of them.
  uint16_t (*noise)(const uint16_t *response, size_t width, size_t height, size_t block, uint16_t peak);
  // By block, the response that counts above noise and near the peak; the greatest there is where no sample can be above it.
  // Returns how many blocks have samples above noise.
  size_t (*thresholds)(
    const uint16_t *response, size_t width, size_t height, const uint16_t *peaks, int smallest, uint16_t *above_noise,
    uint16_t *near_peak);

  // Connected samples whose response is above the threshold of their block; values of a dark map are inverted. Components stay in
  // the workspace, in the order of their first samples. Returns how many; `complete` tells whether all runs were collected.
  size_t (*strokes)(
    cs_workspace *workspace, const int16_t *values, const uint16_t *response, const uint16_t *thresholds, size_t width,
    size_t height, bool is_dark, cs_wanted wanted, bool *complete);
  // Connected samples of one value; responses are sums of two, the same as steps.
  size_t (*pens)(
    cs_workspace *workspace, const int16_t *values, size_t width, size_t height, int16_t value, cs_wanted wanted,
    bool *complete);

  // The next aligned word from `first` on that may be one of a pattern, `count` where there is none.
  size_t (*next_word)(const uint8_t *bytes, size_t first, size_t count, const cs_words *words);
} cs_kernels;

// The path of that name, NULL where this processor cannot run it.
const cs_kernels *cs_kernels_named(const char *name);
// The fastest path here.
const cs_kernels *cs_kernels_best(void);

// What `strokes` and `pens` found last.
const cs_component *cs_components(const cs_workspace *workspace);

// How often each value from `least` on occurs; `counts` are zeros before.
void cs_histogram(const int16_t *values, size_t count, int16_t least, size_t range, uint32_t *counts);

#endif
