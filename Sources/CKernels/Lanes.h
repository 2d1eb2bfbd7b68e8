#pragma once

#include "Dispatch.h"

#include <string.h>

// Sixteen lanes written out, so that the order of operations is the source's and not the vectoriser's. Processors with
// narrower registers use several for one. A FLEDGE_KERNEL may not itself pass vectors to a helper (the compiler takes
// the two for functions of different ABIs), so kernels hand pointers to one inlined loop; between helpers everything is
// inlined and the warning about ABIs idle.
#pragma clang diagnostic ignored "-Wpsabi"

enum { FLEDGE_LANES = 16 };

typedef float fledge_floats __attribute__((vector_size(64)));
typedef int32_t fledge_ints __attribute__((vector_size(64)));
typedef double fledge_doubles __attribute__((vector_size(128)));
typedef int64_t fledge_longs __attribute__((vector_size(128)));

/// Less 0, which changes no number, so that the compiler only copies; 0 + −0 would be an addition.
FLEDGE_INLINE fledge_floats fledge_splat(float value) { return value - (fledge_floats){0}; }

/// memcpy of fewer than sixteen elements, without the call.
FLEDGE_INLINE void fledge_copy_few(float *out, const float *x, size_t count) {
  size_t done = 0;
  if (count & 8) {
    memcpy(out, x, 8 * sizeof(float));
    done = 8;
  }
  if (count & 4) {
    memcpy(out + done, x + done, 4 * sizeof(float));
    done += 4;
  }
  if (count & 2) {
    memcpy(out + done, x + done, 2 * sizeof(float));
    done += 2;
  }
  if (count & 1) out[done] = x[done];
}

/// Sixteen elements, or where fewer are `left`, those and `padding`.
FLEDGE_INLINE fledge_floats fledge_load(const float *x, size_t left, float padding) {
  fledge_floats lanes;
  if (left >= FLEDGE_LANES) {
    memcpy(&lanes, x, sizeof lanes);
  } else {
    float some[FLEDGE_LANES];
    lanes = fledge_splat(padding);
    memcpy(some, &lanes, sizeof lanes);
    fledge_copy_few(some, x, left);
    memcpy(&lanes, some, sizeof lanes);
  }
  return lanes;
}

/// Stores sixteen lanes, or the first `left` where those are fewer.
FLEDGE_INLINE void fledge_store(float *out, fledge_floats lanes, size_t left) {
  if (left >= FLEDGE_LANES) {
    memcpy(out, &lanes, sizeof lanes);
  } else {
    float some[FLEDGE_LANES];
    memcpy(some, &lanes, sizeof lanes);
    fledge_copy_few(out, some, left);
  }
}

/// Lane by lane: a where the mask is set, else b.
FLEDGE_INLINE fledge_floats fledge_choose(fledge_ints mask, fledge_floats a, fledge_floats b) {
  return (fledge_floats)((mask & (fledge_ints)a) | (~mask & (fledge_ints)b));
}

/// Lane by lane: whichever is greater; NaN if either is NaN.
FLEDGE_INLINE fledge_floats fledge_greater_lanes(fledge_floats a, fledge_floats b) {
  return fledge_choose((a > b) | (a != a), a, b);
}
