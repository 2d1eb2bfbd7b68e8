#include "Dispatch.h"

#include <string.h>

// bfloat16: a float32 without the lower half of its bits.

FLEDGE_INLINE float widened(uint16_t x) {
  const uint32_t bits = (uint32_t)x << 16;
  float value;
  memcpy(&value, &bits, sizeof value);
  return value;
}

FLEDGE_KERNEL void fledge_widen(float *out, const uint16_t *x, ptrdiff_t stride, size_t count) {
  if (stride == 1) {
    FLEDGE_ELEMENTWISE for (size_t i = 0; i < count; ++i) out[i] = widened(x[i]);
  } else {
    for (size_t i = 0; i < count; ++i) out[i] = widened(x[(ptrdiff_t)i * stride]);
  }
}

FLEDGE_KERNEL void fledge_narrow(uint16_t *out, const float *x, size_t count) {
  FLEDGE_ELEMENTWISE for (size_t i = 0; i < count; ++i) {
    uint32_t bits;
    memcpy(&bits, x + i, sizeof bits);
    // Half of the last place, less one bit where the last place is even: ties go to even.
    const uint32_t rounded = (bits + 0x7FFF + ((bits >> 16) & 1)) >> 16;
    const uint32_t quiet = (bits >> 16) | 0x40;
    out[i] = (uint16_t)((bits & 0x7FFFFFFF) > 0x7F800000 ? quiet : rounded);
  }
}
