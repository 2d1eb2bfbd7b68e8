#include "Dispatch.h"

FLEDGE_KERNEL void fledge_select(
    float *out, const float *condition, const float *a, const float *b, size_t count) {
  FLEDGE_ELEMENTWISE for (size_t i = 0; i < count; ++i) {
    const float yes = a[i], no = b[i];
    out[i] = condition[i] != 0 ? yes : no;
  }
}
