#include "Dispatch.h"

/// An operation on a, and on b and c that are vectors or numbers: a loop for each of the four cases, so that numbers stay in
/// registers.
#define FLEDGE_TERNARY(name, expression)                                                                      \
  FLEDGE_KERNEL void fledge_##name(                                                                           \
      float *out, const float *x, const float *y, int y_step, const float *z, int z_step, size_t count) {     \
    _Pragma("clang fp contract(fast)") if (y_step && z_step) FLEDGE_TERNARY_LOOP(y[i], z[i], expression)      \
    else if (y_step) FLEDGE_TERNARY_LOOP(y[i], number_z, expression)                                          \
    else if (z_step) FLEDGE_TERNARY_LOOP(number_y, z[i], expression)                                          \
    else FLEDGE_TERNARY_LOOP(number_y, number_z, expression)                                                  \
  }

#define FLEDGE_TERNARY_LOOP(second, third, expression)                                    \
  {                                                                                       \
    const float number_y = y_step || !count ? 0 : *y, number_z = z_step || !count ? 0 : *z; \
    (void)number_y, (void)number_z;                                                       \
    FLEDGE_ELEMENTWISE for (size_t i = 0; i < count; ++i) {                               \
      const float a = x[i], b = second, c = third;                                        \
      out[i] = (expression);                                                              \
    }                                                                                     \
  }

FLEDGE_TERNARY(multiply_add, a * b + c)
FLEDGE_TERNARY(multiply_subtract, a * b - c)
FLEDGE_TERNARY(subtract_product, c - a * b)
