// Words of four bytes that may be part of a pattern. Sixty-four bytes are turned down at once where none of their words consists
// of bytes that patterns have at those places; for the others the hash of the word decides.

typedef uint8_t octets __attribute__((ext_vector_type(64)));
typedef uint32_t quads __attribute__((ext_vector_type(16)));
typedef bool quad_flags __attribute__((ext_vector_type(16)));

INLINE bool may_be_word(const uint8_t *bytes, size_t word, const cs_words *words) {
  uint32_t number;
  memcpy(&number, bytes + 4 * word, sizeof number);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
  number = __builtin_bswap32(number);
#endif
  uint32_t hash = ((number | 0x20202020u) * 0x9E3779B1u) >> CS_HASH_SHIFT;
  return words->hashes[hash >> 6] >> (hash & 63) & 1;
}

#if defined(PATH_HAS_SHUFFLE)
// One bit for each word of 64 bytes whose four bytes may all stand where they do.
INLINE uint32_t plausible(const uint8_t *bytes, octets low, octets high, quads zeros_count) {
  octets data;
  memcpy(&data, bytes, sizeof data);
  octets classes = SHUFFLE(low, data & (octets)0x0F) & SHUFFLE(high, data >> 4);
  classes |= classes >> 4;
  const quads places = (quads)0x08040201;
  quads found = (quads)classes & places;
  quad_flags f = __builtin_convertvector((found == places) & (((quads)data != 0) | zeros_count), quad_flags);
  uint16_t result;
  memcpy(&result, &f, sizeof result);
  return result;
}
#endif

static size_t next_word(const uint8_t *bytes, size_t first, size_t count, const cs_words *words) {
  size_t word = first;
#if defined(PATH_HAS_SHUFFLE)
  octets low, high;
  for (size_t i = 0; i < 64; i += 16) {
    memcpy((uint8_t *)&low + i, words->low, 16);
    memcpy((uint8_t *)&high + i, words->high, 16);
  }
  quads zeros_count = words->has_zero ? (quads)~0u : (quads)0u;
  for (; word + 16 <= count; word += 16) {
    uint32_t found = plausible(bytes + 4 * word, low, high, zeros_count);
    for (; found != 0; found &= found - 1) {
      size_t place = word + (size_t)__builtin_ctz(found);
      if (may_be_word(bytes, place, words)) return place;
    }
  }
#endif
  for (; word < count; word++)
    if (may_be_word(bytes, word, words)) return word;
  return count;
}
