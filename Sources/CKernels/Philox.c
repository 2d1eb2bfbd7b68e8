#include "Lanes.h"

// Lanes are 64 bits wide and hold one 32-bit word each, so that a product has its room; what gathers in their upper
// halves is masked before it matters.
typedef uint64_t wide __attribute__((vector_size(64)));
typedef uint64_t twice __attribute__((vector_size(128)));

enum { BLOCKS = 8, WORDS = 4 * BLOCKS };
static const uint64_t LOW = 0xFFFFFFFF;

/// Eight consecutive blocks, word by word.
FLEDGE_INLINE void eight_blocks(uint32_t *out, uint64_t key, uint64_t stream, uint64_t block) {
  const wide counter = block + (wide){0, 1, 2, 3, 4, 5, 6, 7};
  wide a = counter & LOW, b = counter >> 32, c = (wide){0} + (stream & LOW), d = (wide){0} + (stream >> 32);
  uint32_t low = (uint32_t)key, high = (uint32_t)(key >> 32);
  for (int round = 0; round < 10; ++round) {
    const wide first = (a & LOW) * 0xD2511F53, second = (c & LOW) * 0xCD9E8D57;
    a = (second >> 32) ^ b ^ low;
    b = second;
    c = (first >> 32) ^ d ^ high;
    d = first;
    low += 0x9E3779B9;
    high += 0xBB67AE85;
  }
  const wide front = (a & LOW) | b << 32, back = (c & LOW) | d << 32;
  const twice words = __builtin_shufflevector(front, back, 0, 8, 1, 9, 2, 10, 3, 11, 4, 12, 5, 13, 6, 14, 7, 15);
  memcpy(out, &words, sizeof words);
}

FLEDGE_INLINE float in_unit_interval(uint32_t word) { return (float)(int32_t)(word >> 8) * 0x1p-24f; }

FLEDGE_KERNEL void fledge_philox_uniform(
    float *out, uint64_t key, uint64_t stream, uint64_t position, size_t count) {
  uint32_t words[WORDS];
  for (size_t done = 0; done < count;) {
    const size_t begin = (position + done) % 4;
    const size_t taken = count - done < WORDS - begin ? count - done : WORDS - begin;
    eight_blocks(words, key, stream, (position + done) / 4);
    if (taken == WORDS) {
      for (size_t i = 0; i < WORDS; ++i) out[done + i] = in_unit_interval(words[i]);
    } else {
      for (size_t i = 0; i < taken; ++i) out[done + i] = in_unit_interval(words[begin + i]);
    }
    done += taken;
  }
}
