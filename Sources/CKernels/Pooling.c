#include "Window.h"

#include <math.h>

/// Two by two pixels, side by side and all of them inside: what most networks pool.
FLEDGE_INLINE int is_halving(const fledge_window *w) {
  return w->kernel_height == 2 && w->kernel_width == 2 && w->stride_height == 2 && w->stride_width == 2
      && w->padding_top == 0 && w->padding_left == 0 && w->dilation_height == 1 && w->dilation_width == 1
      && 2 * w->output_height <= w->input_height && 2 * w->output_width <= w->input_width;
}

/// Runs `loop` for each row r of the output and each kernel pixel (i, j), in rows, with `x` the input row, `columns` the
/// output columns that are inside and `offset` from an output column times the stride to its input column.
#define FLEDGE_SLIDE(w, start_row, loop, end_row)                                                                      \
  for (ptrdiff_t r = 0; r < (w).output_height; ++r) {                                                                  \
    start_row for (ptrdiff_t i = 0; i < (w).kernel_height; ++i) {                                                      \
      const ptrdiff_t input_row = r * (w).stride_height + i * (w).dilation_height - (w).padding_top;                   \
      if (input_row < 0 || input_row >= (w).input_height) continue;                                                    \
      for (ptrdiff_t j = 0; j < (w).kernel_width; ++j) {                                                               \
        const ptrdiff_t offset = j * (w).dilation_width - (w).padding_left;                                            \
        const fledge_range columns = fledge_inside(offset, (w).stride_width, (w).input_width, (w).output_width);       \
        FLEDGE_FOR_STRIDE((w).stride_width,                                                                            \
          FLEDGE_ELEMENTWISE for (ptrdiff_t c = columns.begin; c < columns.end; ++c) {                                 \
            const ptrdiff_t at = input_row * (w).input_width + c * step + offset;                                      \
            loop                                                                                                       \
          })                                                                                                           \
      }                                                                                                                \
    }                                                                                                                  \
    end_row                                                                                                            \
  }

FLEDGE_KERNEL void fledge_max_pool(float *out, const float *x, fledge_window w) {
  if (is_halving(&w)) {
    for (ptrdiff_t r = 0; r < w.output_height; ++r, out += w.output_width) {
      const float *top = x + 2 * r * w.input_width, *bottom = top + w.input_width;
      FLEDGE_ELEMENTWISE for (ptrdiff_t c = 0; c < w.output_width; ++c) {
        const float left = fledge_greater(top[2 * c], bottom[2 * c]);
        out[c] = fledge_greater(left, fledge_greater(top[2 * c + 1], bottom[2 * c + 1]));
      }
    }
    return;
  }
  FLEDGE_SLIDE(
      w, FLEDGE_ELEMENTWISE for (ptrdiff_t c = 0; c < w.output_width; ++c) out[c] = -INFINITY;,
      out[c] = fledge_greater(out[c], x[at]);, out += w.output_width;)
}

/// Whether x takes the place of the greatest so far.
FLEDGE_INLINE int succeeds(float x, float greatest) { return (x > greatest) | ((x != x) & (greatest == greatest)); }

FLEDGE_INLINE void halving_gradient(float *dx, const float *dy, const float *x, const fledge_window *w) {
  for (ptrdiff_t r = 0; r < w->output_height; ++r, dy += w->output_width) {
    const float *top = x + 2 * r * w->input_width, *bottom = top + w->input_width;
    float *top_dx = dx + 2 * r * w->input_width, *bottom_dx = top_dx + w->input_width;
    FLEDGE_ELEMENTWISE for (ptrdiff_t c = 0; c < w->output_width; ++c) {
      const float a = top[2 * c], b = top[2 * c + 1], p = bottom[2 * c], q = bottom[2 * c + 1];
      const int second = succeeds(b, a), fourth = succeeds(q, p);
      const float upper = second ? b : a, lower = fourth ? q : p;
      const int below = succeeds(lower, upper);
      const float g = dy[c], a_dx = top_dx[2 * c], b_dx = top_dx[2 * c + 1];
      const float p_dx = bottom_dx[2 * c], q_dx = bottom_dx[2 * c + 1];
      top_dx[2 * c] = (below | second) ? a_dx : a_dx + g;
      top_dx[2 * c + 1] = (below | !second) ? b_dx : b_dx + g;
      bottom_dx[2 * c] = (!below | fourth) ? p_dx : p_dx + g;
      bottom_dx[2 * c + 1] = (!below | !fourth) ? q_dx : q_dx + g;
    }
  }
}

FLEDGE_KERNEL void fledge_max_pool_gradient(float *dx, const float *dy, const float *x, fledge_window w) {
  if (is_halving(&w)) {
    halving_gradient(dx, dy, x, &w);
    return;
  }
  for (ptrdiff_t r = 0; r < w.output_height; ++r) {
    const ptrdiff_t top = r * w.stride_height - w.padding_top;
    const fledge_range rows = fledge_inside(top, w.dilation_height, w.input_height, w.kernel_height);
    for (ptrdiff_t c = 0; c < w.output_width; ++c, ++dy) {
      const ptrdiff_t left = c * w.stride_width - w.padding_left;
      const fledge_range columns = fledge_inside(left, w.dilation_width, w.input_width, w.kernel_width);
      if (rows.begin == rows.end || columns.begin == columns.end) continue;
      ptrdiff_t best = (top + rows.begin * w.dilation_height) * w.input_width + left + columns.begin * w.dilation_width;
      float greatest = x[best];
      for (ptrdiff_t i = rows.begin; i < rows.end; ++i) {
        const ptrdiff_t row = (top + i * w.dilation_height) * w.input_width + left;
        for (ptrdiff_t j = columns.begin; j < columns.end; ++j) {
          const ptrdiff_t at = row + j * w.dilation_width;
          const int better = succeeds(x[at], greatest);
          best = better ? at : best;
          greatest = better ? x[at] : greatest;
        }
      }
      dx[best] += *dy;
    }
  }
}

FLEDGE_KERNEL void fledge_average_pool(float *out, const float *x, fledge_window w) {
  const float area = (float)(w.kernel_height * w.kernel_width);
  FLEDGE_SLIDE(
      w, FLEDGE_ELEMENTWISE for (ptrdiff_t c = 0; c < w.output_width; ++c) out[c] = 0;, out[c] += x[at];,
      FLEDGE_ELEMENTWISE for (ptrdiff_t c = 0; c < w.output_width; ++c) out[c] /= area; out += w.output_width;)
}

FLEDGE_KERNEL void fledge_average_pool_gradient(float *dx, const float *dy, fledge_window w) {
  const float area = (float)(w.kernel_height * w.kernel_width);
  FLEDGE_SLIDE(w, , dx[at] += dy[c] / area;, dy += w.output_width;)
}
