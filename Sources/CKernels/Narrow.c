#include "Narrow.h"

FLEDGE_KERNEL void fledge_widen(float *out, const uint16_t *x, ptrdiff_t stride, size_t count) {
  if (stride == 1) {
    FLEDGE_ELEMENTWISE for (size_t i = 0; i < count; ++i) out[i] = fledge_widened(x[i]);
  } else {
    for (size_t i = 0; i < count; ++i) out[i] = fledge_widened(x[(ptrdiff_t)i * stride]);
  }
}

FLEDGE_KERNEL void fledge_narrow(uint16_t *out, const float *x, size_t count) {
  FLEDGE_ELEMENTWISE for (size_t i = 0; i < count; ++i) out[i] = fledge_narrowed(x[i]);
}
