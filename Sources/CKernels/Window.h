#pragma once

#include "Dispatch.h"

#include <string.h>

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

/// Two by two pixels, side by side and all of them inside: what most networks pool.
FLEDGE_INLINE int fledge_is_halving(const fledge_window *w) {
  return w->kernel_height == 2 && w->kernel_width == 2 && w->stride_height == 2 && w->stride_width == 2
      && w->padding_top == 0 && w->padding_left == 0 && w->dilation_height == 1 && w->dilation_width == 1
      && 2 * w->output_height <= w->input_height && 2 * w->output_width <= w->input_width;
}

/// Zeros wherever a pool's gradient, of so many channels a pixel, would not write by itself: everywhere, unless windows lie
/// side by side and cover the image.
FLEDGE_INLINE void fledge_clear_uncovered(float *dx, const fledge_window *w, size_t channels) {
  const int is_covered = fledge_is_halving(w) && 2 * w->output_height == w->input_height
      && 2 * w->output_width == w->input_width;
  if (!is_covered) memset(dx, 0, (size_t)(w->input_height * w->input_width) * channels * sizeof(float));
}
