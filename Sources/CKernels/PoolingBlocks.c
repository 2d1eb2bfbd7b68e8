#include "Window.h"

#include <math.h>

/// Channels of a pixel.
enum { BLOCK = 16 };

/// Runs `loop` for each pixel under the window at output row r and column c, `pixel` being its index.
#define FLEDGE_WINDOW(w, r, c, loop)                                                            \
  for (ptrdiff_t i = 0; i < (w).kernel_height; ++i) {                                           \
    const ptrdiff_t row = (r) * (w).stride_height + i * (w).dilation_height - (w).padding_top;  \
    if (row < 0 || row >= (w).input_height) continue;                                           \
    for (ptrdiff_t j = 0; j < (w).kernel_width; ++j) {                                          \
      const ptrdiff_t column = (c) * (w).stride_width + j * (w).dilation_width - (w).padding_left; \
      if (column < 0 || column >= (w).input_width) continue;                                    \
      const ptrdiff_t pixel = row * (w).input_width + column;                                   \
      loop                                                                                      \
    }                                                                                           \
  }

/// The four pixels of the window at output row r and column c, where windows halve the image.
#define FLEDGE_QUARTERS(x, w, r, c)                                            \
  const ptrdiff_t top = (2 * (r) * (w).input_width + 2 * (c)) * BLOCK;         \
  const ptrdiff_t quarters[4] = {                                              \
      top, top + BLOCK, top + (w).input_width * BLOCK, top + ((w).input_width + 1) * BLOCK};

FLEDGE_INLINE float greatest_of_four(float a, float b, float c, float d) {
  return fledge_greater(d, fledge_greater(c, fledge_greater(b, a)));
}

FLEDGE_INLINE int is_same(float a, float b) { return (a == b) | ((a != a) & (b != b)); }

FLEDGE_KERNEL void fledge_max_pool_16(float *out, const float *x, fledge_window w) {
  if (fledge_is_halving(&w)) {
    for (ptrdiff_t r = 0; r < w.output_height; ++r) {
      for (ptrdiff_t c = 0; c < w.output_width; ++c, out += BLOCK) {
        FLEDGE_QUARTERS(x, w, r, c)
        FLEDGE_CHANNELS for (int k = 0; k < BLOCK; ++k) {
          out[k] = greatest_of_four(
              x[quarters[0] + k], x[quarters[1] + k], x[quarters[2] + k], x[quarters[3] + k]);
        }
      }
    }
    return;
  }
  for (ptrdiff_t r = 0; r < w.output_height; ++r) {
    for (ptrdiff_t c = 0; c < w.output_width; ++c, out += BLOCK) {
      float greatest[BLOCK];
      FLEDGE_CHANNELS for (int k = 0; k < BLOCK; ++k) greatest[k] = -INFINITY;
      FLEDGE_WINDOW(w, r, c, {
        const float *from = x + pixel * BLOCK;
        FLEDGE_CHANNELS for (int k = 0; k < BLOCK; ++k) greatest[k] = fledge_greater(from[k], greatest[k]);
      })
      FLEDGE_CHANNELS for (int k = 0; k < BLOCK; ++k) out[k] = greatest[k];
    }
  }
}

FLEDGE_KERNEL void fledge_max_pool_gradient_16(float *dx, const float *dy, const float *x, fledge_window w) {
  fledge_clear_uncovered(dx, &w, BLOCK);
  if (fledge_is_halving(&w)) {
    for (ptrdiff_t r = 0; r < w.output_height; ++r) {
      for (ptrdiff_t c = 0; c < w.output_width; ++c, dy += BLOCK) {
        FLEDGE_QUARTERS(x, w, r, c)
        FLEDGE_CHANNELS for (int k = 0; k < BLOCK; ++k) {
          const float p0 = x[quarters[0] + k], p1 = x[quarters[1] + k];
          const float p2 = x[quarters[2] + k], p3 = x[quarters[3] + k];
          const float greatest = greatest_of_four(p0, p1, p2, p3), g = dy[k];
          // The first pixel that holds the maximum takes all.
          const int in0 = is_same(p0, greatest), in1 = is_same(p1, greatest), in2 = is_same(p2, greatest);
          dx[quarters[0] + k] = in0 ? g : 0;
          dx[quarters[1] + k] = (in0 == 0) & in1 ? g : 0;
          dx[quarters[2] + k] = ((in0 | in1) == 0) & in2 ? g : 0;
          dx[quarters[3] + k] = in0 | in1 | in2 ? 0 : g;
        }
      }
    }
    return;
  }
  for (ptrdiff_t r = 0; r < w.output_height; ++r) {
    for (ptrdiff_t c = 0; c < w.output_width; ++c, dy += BLOCK) {
      float greatest[BLOCK], left[BLOCK];
      FLEDGE_CHANNELS for (int k = 0; k < BLOCK; ++k) {
        greatest[k] = -INFINITY;
        left[k] = dy[k];
      }
      FLEDGE_WINDOW(w, r, c, {
        const float *from = x + pixel * BLOCK;
        FLEDGE_CHANNELS for (int k = 0; k < BLOCK; ++k) greatest[k] = fledge_greater(from[k], greatest[k]);
      })
      // The first pixel that holds the maximum takes what is left, which leaves nothing for the others.
      FLEDGE_WINDOW(w, r, c, {
        const float *from = x + pixel * BLOCK;
        float *to = dx + pixel * BLOCK;
        FLEDGE_CHANNELS for (int k = 0; k < BLOCK; ++k) {
          const int is_greatest = (from[k] == greatest[k]) | ((from[k] != from[k]) & (greatest[k] != greatest[k]));
          to[k] += is_greatest ? left[k] : 0;
          left[k] = is_greatest ? 0 : left[k];
        }
      })
    }
  }
}

FLEDGE_KERNEL void fledge_average_pool_16(float *out, const float *x, fledge_window w) {
  const float share = 1 / (float)(w.kernel_height * w.kernel_width);
  for (ptrdiff_t r = 0; r < w.output_height; ++r) {
    for (ptrdiff_t c = 0; c < w.output_width; ++c, out += BLOCK) {
      FLEDGE_CHANNELS for (int k = 0; k < BLOCK; ++k) out[k] = 0;
      FLEDGE_WINDOW(w, r, c, {
        const float *from = x + pixel * BLOCK;
        FLEDGE_CHANNELS for (int k = 0; k < BLOCK; ++k) out[k] += from[k];
      })
      FLEDGE_CHANNELS for (int k = 0; k < BLOCK; ++k) out[k] *= share;
    }
  }
}

FLEDGE_KERNEL void fledge_average_pool_gradient_16(float *dx, const float *dy, fledge_window w) {
  memset(dx, 0, (size_t)(w.input_height * w.input_width) * BLOCK * sizeof(float));
  const float share = 1 / (float)(w.kernel_height * w.kernel_width);
  for (ptrdiff_t r = 0; r < w.output_height; ++r) {
    for (ptrdiff_t c = 0; c < w.output_width; ++c, dy += BLOCK) {
      FLEDGE_WINDOW(w, r, c, {
        float *to = dx + pixel * BLOCK;
        FLEDGE_CHANNELS for (int k = 0; k < BLOCK; ++k) to[k] += dy[k] * share;
      })
    }
  }
}
