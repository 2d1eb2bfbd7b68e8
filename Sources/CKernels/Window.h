#pragma once

#include "Dispatch.h"

/// Output indices whose input index, output · stride + offset, is inside.
typedef struct {
  ptrdiff_t begin, end;
} fledge_range;

FLEDGE_INLINE ptrdiff_t fledge_divide_up(ptrdiff_t a, ptrdiff_t b) { return a > 0 ? (a + b - 1) / b : -(-a / b); }

FLEDGE_INLINE ptrdiff_t fledge_between(ptrdiff_t x, ptrdiff_t low, ptrdiff_t high) {
  return x < low ? low : x > high ? high : x;
}

/// begin ≤ end ≤ outputs, even where nothing is inside.
FLEDGE_INLINE fledge_range fledge_inside(ptrdiff_t offset, ptrdiff_t stride, ptrdiff_t inputs, ptrdiff_t outputs) {
  const ptrdiff_t begin = fledge_between(fledge_divide_up(-offset, stride), 0, outputs);
  return (fledge_range){begin, fledge_between(fledge_divide_up(inputs - offset, stride), begin, outputs)};
}

/// Runs the loop with its stride a constant where that is 1 or 2, which lets it vectorise.
#define FLEDGE_FOR_STRIDE(stride, loop) \
  if ((stride) == 1) {                  \
    const ptrdiff_t step = 1;           \
    loop                                \
  } else if ((stride) == 2) {           \
    const ptrdiff_t step = 2;           \
    loop                                \
  } else {                              \
    const ptrdiff_t step = (stride);    \
    loop                                \
  }
