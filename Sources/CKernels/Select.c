#include "Dispatch.h"

FLEDGE_KERNEL void fledge_select(
    float *out, const float *condition, const float *a, const float *b, size_t count) {
  FLEDGE_ELEMENTWISE for (size_t i = 0; i < count; ++i) {
    const float yes = a[i], no = b[i];
    out[i] = condition[i] != 0 ? yes : no;
  }
}

FLEDGE_KERNEL void fledge_multiply_add(
    float *out, const float *a, const float *b, const float *c, size_t count) {
#pragma clang fp contract(fast)
  FLEDGE_ELEMENTWISE for (size_t i = 0; i < count; ++i) out[i] = a[i] * b[i] + c[i];
}
