#include "Dispatch.h"

#include <math.h>

/// The three shapes of an operation on a and b.
#define FLEDGE_BINARY(name, expression)                                                             \
  FLEDGE_KERNEL void fledge_##name##_vv(float *out, const float *x, const float *y, size_t count) { \
    FLEDGE_ELEMENTWISE for (size_t i = 0; i < count; ++i) {                                         \
      const float a = x[i], b = y[i];                                                               \
      out[i] = (expression);                                                                        \
    }                                                                                               \
  }                                                                                                 \
  FLEDGE_KERNEL void fledge_##name##_vs(float *out, const float *x, float b, size_t count) {        \
    FLEDGE_ELEMENTWISE for (size_t i = 0; i < count; ++i) {                                         \
      const float a = x[i];                                                                         \
      out[i] = (expression);                                                                        \
    }                                                                                               \
  }                                                                                                 \
  FLEDGE_KERNEL void fledge_##name##_sv(float *out, float a, const float *y, size_t count) {        \
    FLEDGE_ELEMENTWISE for (size_t i = 0; i < count; ++i) {                                         \
      const float b = y[i];                                                                         \
      out[i] = (expression);                                                                        \
    }                                                                                               \
  }

FLEDGE_BINARY(add, a + b)
FLEDGE_BINARY(subtract, a - b)
FLEDGE_BINARY(multiply, a * b)
FLEDGE_BINARY(divide, a / b)
FLEDGE_BINARY(maximum, fledge_greater(a, b))
FLEDGE_BINARY(minimum, fledge_lesser(a, b))
FLEDGE_BINARY(less, a < b ? 1.0f : 0.0f)
FLEDGE_BINARY(equal, a == b ? 1.0f : 0.0f)

void fledge_power_vv(float *out, const float *a, const float *b, size_t count) {
  for (size_t i = 0; i < count; ++i) out[i] = powf(a[i], b[i]);
}

void fledge_power_sv(float *out, float a, const float *b, size_t count) {
  for (size_t i = 0; i < count; ++i) out[i] = powf(a, b[i]);
}

// powf, unlike the square root, takes −0 to +0 and −∞ to +∞.
FLEDGE_KERNEL static void power_half(float *out, const float *a, size_t count) {
  FLEDGE_ELEMENTWISE for (size_t i = 0; i < count; ++i) {
    const float x = a[i];
    out[i] = x == -INFINITY ? INFINITY : __builtin_elementwise_sqrt(x) + 0.0f;
  }
}

void fledge_power_vs(float *out, const float *a, float b, size_t count) {
  if (b == 2) {
    fledge_multiply_vv(out, a, a, count);
  } else if (b == 1) {
    fledge_copy(out, a, count);
  } else if (b == 0.5f) {
    power_half(out, a, count);
  } else if (b == -1) {
    fledge_reciprocal(out, a, count);
  } else {
    for (size_t i = 0; i < count; ++i) out[i] = powf(a[i], b);
  }
}
