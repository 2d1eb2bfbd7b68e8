#include "Lanes.h"

#include <math.h>

/// The shapes of an operation on a and b.
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

/// The same for rows, which begin so many elements apart: `lanes` is the operation on sixteen of each, which are a block of
/// channels and one vector.
#define FLEDGE_ROWS(name, expression, lanes)                                                                       \
  FLEDGE_INLINE void name##_rows(                                                                                  \
      float *out, const float *x, size_t x_step, const float *y, size_t y_step, size_t rows, size_t columns) {     \
    if (columns == FLEDGE_LANES) {                                                                                 \
      for (size_t r = 0; r < rows; ++r) {                                                                          \
        const fledge_floats a = fledge_load(x + r * x_step, FLEDGE_LANES, 0);                                      \
        const fledge_floats b = fledge_load(y + r * y_step, FLEDGE_LANES, 0);                                      \
        fledge_store(out + r * FLEDGE_LANES, (lanes), FLEDGE_LANES);                                               \
      }                                                                                                            \
      return;                                                                                                      \
    }                                                                                                              \
    for (size_t r = 0; r < rows; ++r, out += columns, x += x_step, y += y_step) {                                  \
      FLEDGE_ELEMENTWISE for (size_t c = 0; c < columns; ++c) {                                                    \
        const float a = x[c], b = y[c];                                                                            \
        out[c] = (expression);                                                                                     \
      }                                                                                                            \
    }                                                                                                              \
  }                                                                                                                \
  FLEDGE_KERNEL void fledge_##name##_vr(float *out, const float *x, const float *y, size_t rows, size_t columns) { \
    name##_rows(out, x, columns, y, 0, rows, columns);                                                             \
  }                                                                                                                \
  FLEDGE_KERNEL void fledge_##name##_rv(float *out, const float *x, const float *y, size_t rows, size_t columns) { \
    name##_rows(out, x, 0, y, columns, rows, columns);                                                             \
  }

FLEDGE_BINARY(add, a + b)
FLEDGE_BINARY(subtract, a - b)
FLEDGE_BINARY(multiply, a * b)
FLEDGE_BINARY(divide, a / b)
FLEDGE_BINARY(maximum, fledge_greater(a, b))
FLEDGE_BINARY(minimum, fledge_lesser(a, b))
FLEDGE_BINARY(less, a < b ? 1.0f : 0.0f)
FLEDGE_BINARY(equal, a == b ? 1.0f : 0.0f)

FLEDGE_ROWS(add, a + b, a + b)
FLEDGE_ROWS(subtract, a - b, a - b)
FLEDGE_ROWS(multiply, a * b, a * b)
FLEDGE_ROWS(divide, a / b, a / b)
FLEDGE_ROWS(maximum, fledge_greater(a, b), fledge_choose((a > b) | (a != a), a, b))
FLEDGE_ROWS(minimum, fledge_lesser(a, b), fledge_choose((a < b) | (a != a), a, b))
FLEDGE_ROWS(less, a < b ? 1.0f : 0.0f, fledge_choose(a < b, fledge_splat(1), fledge_splat(0)))
FLEDGE_ROWS(equal, a == b ? 1.0f : 0.0f, fledge_choose(a == b, fledge_splat(1), fledge_splat(0)))

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

void fledge_power_vr(float *out, const float *a, const float *b, size_t rows, size_t columns) {
  for (size_t r = 0; r < rows; ++r) fledge_power_vv(out + r * columns, a + r * columns, b, columns);
}

void fledge_power_rv(float *out, const float *a, const float *b, size_t rows, size_t columns) {
  for (size_t r = 0; r < rows; ++r) fledge_power_vv(out + r * columns, a, b + r * columns, columns);
}
