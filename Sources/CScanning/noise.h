// Noise by block, and what stands out above it.

// A block's share of samples: every second of every fourth row, in turns. Rows are held whole, with a bit for each that counts.
typedef struct {
  ulanes rows[CS_BLOCK / 4];
  uint32_t counted[CS_BLOCK / 4];
  size_t row_count, count;
} cs_sample;

INLINE void take_sample(const uint16_t *response, size_t width, size_t height, size_t block, cs_sample *sample) {
  size_t columns = (width + CS_BLOCK - 1) / CS_BLOCK;
  size_t top = block / columns * CS_BLOCK, left = block % columns * CS_BLOCK;
  size_t bottom = top + CS_BLOCK < height ? top + CS_BLOCK : height;
  size_t length = width - left < LANES ? width - left : LANES;
  sample->row_count = sample->count = 0;
  for (size_t row = top + 1; row < bottom; row += 4) {
    uint32_t counted = (row / 4 % 2 ? 0xAAAAAAAAu : 0x55555555u) & first_bits(length);
    sample->rows[sample->row_count] = (ulanes)load_part((const int16_t *)response + row * width + left, length);
    sample->counted[sample->row_count++] = counted;
    sample->count += (size_t)__builtin_popcount(counted);
  }
}

INLINE size_t at_most(const cs_sample *sample, uint16_t bound) {
  size_t count = 0;
  for (size_t i = 0; i < sample->row_count; i++)
    count += (size_t)__builtin_popcount(bits((lanes)(sample->rows[i] <= (ulanes)bound)) & sample->counted[i]);
  return count;
}

static uint16_t noise(const uint16_t *response, size_t width, size_t height, size_t block, uint16_t peak) {
  if (peak == 0) return 0;
  cs_sample sample;
  take_sample(response, width, height, block, &sample);
  if (sample.count == 0) return 0;
  // The least that more than six in ten do not exceed.
  size_t rank = sample.count * 6 / 10;
  unsigned low = 0, high = peak;
  while (low < high) {
    unsigned middle = (low + high) / 2;
    if (at_most(&sample, (uint16_t)middle) > rank) high = middle;
    else low = middle + 1;
  }
  return (uint16_t)low;
}

// Whether a block's own noise leaves room for a response above the threshold that follows from it.
static bool may_stand_out(
  const uint16_t *response, size_t width, size_t height, size_t block, uint16_t peak, int smallest) {
  if (peak <= smallest) return false;
  cs_sample sample;
  take_sample(response, width, height, block, &sample);
  // Three times the noise is below the peak where the noise is at most this.
  return sample.count == 0 || at_most(&sample, (uint16_t)((peak - 1) / 3)) > sample.count * 6 / 10;
}

static size_t thresholds(
  const uint16_t *response, size_t width, size_t height, const uint16_t *peaks, int smallest, uint16_t *above_noise,
  uint16_t *near_peak) {
  size_t columns = (width + CS_BLOCK - 1) / CS_BLOCK, rows = (height + CS_BLOCK - 1) / CS_BLOCK, found = 0;
  for (size_t block = 0; block < columns * rows; block++) {
    above_noise[block] = near_peak[block] = UINT16_MAX;
    if (!may_stand_out(response, width, height, block, peaks[block], smallest)) continue;
    size_t row = block / columns, column = block % columns;
    int own = noise(response, width, height, block, peaks[block]), sum = 0, peak = 0, count = 0;
    for (size_t y = row > 0 ? row - 1 : 0; y <= row + 1 && y < rows; y++) {
      for (size_t x = column > 0 ? column - 1 : 0; x <= column + 1 && x < columns; x++) {
        size_t other = y * columns + x;
        sum += other == block ? own : noise(response, width, height, other, peaks[other]);
        peak = peaks[other] > peak ? peaks[other] : peak;
        count++;
      }
    }
    int level = (own > sum / count ? own : sum / count) * 3;
    if (level < smallest) level = smallest;
    if (level >= peaks[block]) continue;
    int near = peak * 45 / 100 > level ? peak * 45 / 100 : level;
    above_noise[block] = (uint16_t)(level < UINT16_MAX ? level : UINT16_MAX);
    near_peak[block] = (uint16_t)(near < UINT16_MAX ? near : UINT16_MAX);
    found++;
  }
  return found;
}
