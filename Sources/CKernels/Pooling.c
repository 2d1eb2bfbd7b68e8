#include "Window.h"

#include <math.h>

/// Output columns handled at once where each needs a place on the stack.
enum { CHUNK = 64 };

/// Runs `loop` for row r of the output, for each kernel pixel (i, j), in rows, and each output column c from `first` up
/// to `last` that reads an input pixel there, `at`.
#define FLEDGE_SLIDE(w, r, first, last, loop)                                                        \
  for (ptrdiff_t i = 0; i < (w).kernel_height; ++i) {                                                \
    const ptrdiff_t input_row = (r) * (w).stride_height + i * (w).dilation_height - (w).padding_top; \
    if (input_row < 0 || input_row >= (w).input_height) continue;                                    \
    for (ptrdiff_t j = 0; j < (w).kernel_width; ++j) {                                               \
      const ptrdiff_t offset = j * (w).dilation_width - (w).padding_left;                            \
      FLEDGE_FOR_STRIDE((w).stride_width, {                                                          \
        const fledge_range inside = fledge_inside(offset, step, (w).input_width, (w).output_width);  \
        const ptrdiff_t begin = inside.begin > (first) ? inside.begin : (first);                     \
        const ptrdiff_t end = inside.end < (last) ? inside.end : (last);                             \
        FLEDGE_PIXELS for (ptrdiff_t c = begin; c < end; ++c) {                                      \
          const ptrdiff_t at = input_row * (w).input_width + c * step + offset;                      \
          loop                                                                                       \
        }                                                                                            \
      })                                                                                             \
    }                                                                                                \
  }

// Of equals the first stays, and sums begin at 0: so a tile of rows, which may go the other way here, has the bits of
// the whole.
FLEDGE_KERNEL void fledge_max_pool(float *out, const float *x, fledge_window w) {
  if (fledge_is_halving(&w)) {
    for (ptrdiff_t r = 0; r < w.output_height; ++r, out += w.output_width) {
      const float *top = x + 2 * r * w.input_width, *bottom = top + w.input_width;
      FLEDGE_PIXELS for (ptrdiff_t c = 0; c < w.output_width; ++c) {
        const float upper = fledge_greater(top[2 * c + 1], top[2 * c]);
        out[c] = fledge_greater(fledge_greater(bottom[2 * c + 1], bottom[2 * c]), upper);
      }
    }
    return;
  }
  for (ptrdiff_t r = 0; r < w.output_height; ++r, out += w.output_width) {
    FLEDGE_PIXELS for (ptrdiff_t c = 0; c < w.output_width; ++c) out[c] = -INFINITY;
    FLEDGE_SLIDE(w, r, 0, w.output_width, out[c] = fledge_greater(x[at], out[c]);)
  }
}

/// Whether x takes the place of the greatest so far.
FLEDGE_INLINE int succeeds(float x, float greatest) { return (x > greatest) | ((x != x) & (greatest == greatest)); }

FLEDGE_INLINE void halving_gradient(float *dx, const float *dy, const float *x, const fledge_window *w) {
  for (ptrdiff_t r = 0; r < w->output_height; ++r, dy += w->output_width) {
    const float *top = x + 2 * r * w->input_width, *bottom = top + w->input_width;
    float *top_dx = dx + 2 * r * w->input_width, *bottom_dx = top_dx + w->input_width;
    FLEDGE_PIXELS for (ptrdiff_t c = 0; c < w->output_width; ++c) {
      const float a = top[2 * c], b = top[2 * c + 1], p = bottom[2 * c], q = bottom[2 * c + 1];
      const int second = succeeds(b, a), fourth = succeeds(q, p);
      const float upper = second ? b : a, lower = fourth ? q : p;
      const int below = succeeds(lower, upper);
      const float g = dy[c];
      top_dx[2 * c] = (below | second) ? 0 : g;
      top_dx[2 * c + 1] = (below | !second) ? 0 : g;
      bottom_dx[2 * c] = (!below | fourth) ? 0 : g;
      bottom_dx[2 * c + 1] = (!below | !fourth) ? 0 : g;
    }
  }
}

FLEDGE_KERNEL void fledge_max_pool_gradient(float *dx, const float *dy, const float *x, fledge_window w) {
  fledge_clear_uncovered(dx, &w, 1);
  if (fledge_is_halving(&w)) {
    halving_gradient(dx, dy, x, &w);
    return;
  }
  ptrdiff_t found[CHUNK];
  float greatest[CHUNK];
  for (ptrdiff_t r = 0; r < w.output_height; ++r, dy += w.output_width) {
    for (ptrdiff_t first = 0; first < w.output_width; first += CHUNK) {
      const ptrdiff_t last = first + CHUNK < w.output_width ? first + CHUNK : w.output_width;
      for (ptrdiff_t k = 0; k < CHUNK; ++k) {
        found[k] = -1;
        greatest[k] = 0;
      }
      FLEDGE_SLIDE(w, r, first, last, {
        const ptrdiff_t k = c - first;
        const int better = (found[k] < 0) | succeeds(x[at], greatest[k]);
        found[k] = better ? at : found[k];
        greatest[k] = better ? x[at] : greatest[k];
      })
      for (ptrdiff_t c = first; c < last; ++c) {
        if (found[c - first] >= 0) dx[found[c - first]] += dy[c];
      }
    }
  }
}

FLEDGE_KERNEL void fledge_average_pool(float *out, const float *x, fledge_window w) {
  if (fledge_is_halving(&w)) {
    for (ptrdiff_t r = 0; r < w.output_height; ++r, out += w.output_width) {
      const float *top = x + 2 * r * w.input_width, *bottom = top + w.input_width;
      FLEDGE_PIXELS for (ptrdiff_t c = 0; c < w.output_width; ++c) {
        out[c] = (0.0f + top[2 * c] + top[2 * c + 1] + bottom[2 * c] + bottom[2 * c + 1]) * 0.25f;
      }
    }
    return;
  }
  const float area = (float)(w.kernel_height * w.kernel_width);
  for (ptrdiff_t r = 0; r < w.output_height; ++r, out += w.output_width) {
    FLEDGE_PIXELS for (ptrdiff_t c = 0; c < w.output_width; ++c) out[c] = 0;
    FLEDGE_SLIDE(w, r, 0, w.output_width, out[c] += x[at];)
    FLEDGE_PIXELS for (ptrdiff_t c = 0; c < w.output_width; ++c) out[c] /= area;
  }
}

FLEDGE_KERNEL void fledge_average_pool_gradient(float *dx, const float *dy, fledge_window w) {
  fledge_clear_uncovered(dx, &w, 1);
  if (fledge_is_halving(&w)) {
    for (ptrdiff_t r = 0; r < w.output_height; ++r, dy += w.output_width) {
      float *top = dx + 2 * r * w.input_width, *bottom = top + w.input_width;
      FLEDGE_PIXELS for (ptrdiff_t c = 0; c < w.output_width; ++c) {
        const float g = dy[c] * 0.25f;
        top[2 * c] = g;
        top[2 * c + 1] = g;
        bottom[2 * c] = g;
        bottom[2 * c + 1] = g;
      }
    }
    return;
  }
  const float area = (float)(w.kernel_height * w.kernel_width);
  for (ptrdiff_t r = 0; r < w.output_height; ++r, dy += w.output_width) {
    FLEDGE_SLIDE(w, r, 0, w.output_width, dx[at] += dy[c] / area;)
  }
}
