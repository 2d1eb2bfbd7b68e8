#include "Dispatch.h"

#include <string.h>

void fledge_copy(float *out, const float *x, size_t count) {
  if (count > 0) memmove(out, x, count * sizeof(float));
}

#define FLEDGE_UNARY(name, expression)                                         \
  FLEDGE_KERNEL void fledge_##name(float *out, const float *x, size_t count) { \
    FLEDGE_ELEMENTWISE for (size_t i = 0; i < count; ++i) {                    \
      const float a = x[i];                                                    \
      out[i] = (expression);                                                   \
    }                                                                          \
  }

FLEDGE_UNARY(negate, -a)
FLEDGE_UNARY(absolute, __builtin_elementwise_abs(a))
FLEDGE_UNARY(sign, a > 0 ? 1.0f : a < 0 ? -1.0f : a)
FLEDGE_UNARY(floor, __builtin_elementwise_floor(a))
FLEDGE_UNARY(square_root, __builtin_elementwise_sqrt(a))
FLEDGE_UNARY(reciprocal, 1 / a)

FLEDGE_KERNEL void fledge_fill(float *out, float value, size_t count) {
  FLEDGE_ELEMENTWISE for (size_t i = 0; i < count; ++i) out[i] = value;
}
