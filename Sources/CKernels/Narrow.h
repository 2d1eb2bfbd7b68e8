#pragma once

#include "Dispatch.h"

#include <string.h>

// bfloat16: a float32 without the lower half of its bits.

FLEDGE_INLINE float fledge_widened(uint16_t x) {
  const uint32_t bits = (uint32_t)x << 16;
  float value;
  memcpy(&value, &bits, sizeof value);
  return value;
}

FLEDGE_INLINE uint16_t fledge_narrowed(float x) {
  uint32_t bits;
  memcpy(&bits, &x, sizeof bits);
  // Half of the last place, less one bit where the last place is even: ties go to even.
  const uint32_t rounded = (bits + 0x7FFF + ((bits >> 16) & 1)) >> 16;
  const uint32_t quiet = (bits >> 16) | 0x40;
  return (uint16_t)((bits & 0x7FFFFFFF) > 0x7F800000 ? quiet : rounded);
}
