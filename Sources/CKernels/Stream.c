#include "Lanes.h"

FLEDGE_INLINE void stream(float *out, const float *x, size_t count) {
  size_t i = 0;
  for (; i + FLEDGE_LANES <= count; i += FLEDGE_LANES) {
    __builtin_nontemporal_store(fledge_load(x + i, FLEDGE_LANES, 0), (fledge_floats *)(out + i));
  }
  for (; i < count; ++i) out[i] = x[i];
#if defined(__x86_64__)
  // Such stores are seen by other threads only after a fence.
  __builtin_ia32_sfence();
#endif
}

FLEDGE_KERNEL void fledge_stream(float *out, const float *x, size_t count) { stream(out, x, count); }

void fledge_foresee(const void *x, size_t bytes) {
  for (size_t byte = 0; byte < bytes; byte += 64) __builtin_prefetch((const char *)x + byte, 0, 3);
}
