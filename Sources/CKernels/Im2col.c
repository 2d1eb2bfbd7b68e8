#include "Window.h"

#include <string.h>

FLEDGE_INLINE void zero(float *out, ptrdiff_t count) {
  if (count > 0) memset(out, 0, (size_t)count * sizeof(float));
}

/// One row of the matrix: the plane's pixels under one kernel pixel, whose offsets are in input pixels.
FLEDGE_INLINE void gather(
    float *out, const float *plane, ptrdiff_t row_offset, ptrdiff_t column_offset, const fledge_window *w) {
  const fledge_range rows = fledge_inside(row_offset, w->stride_height, w->input_height, w->output_height);
  const fledge_range columns = fledge_inside(column_offset, w->stride_width, w->input_width, w->output_width);
  const ptrdiff_t width = w->output_width, count = columns.end - columns.begin;
  zero(out, rows.begin * width);
  zero(out + rows.end * width, (w->output_height - rows.end) * width);
  if (count == 0) {
    zero(out + rows.begin * width, (rows.end - rows.begin) * width);
    return;
  }
  const ptrdiff_t first = columns.begin * w->stride_width + column_offset;
  if (w->stride_width == 1 && w->stride_height == 1 && count == width && width == w->input_width) {
    const size_t pixels = (size_t)((rows.end - rows.begin) * width);
    memcpy(out + rows.begin * width, plane + (rows.begin + row_offset) * width, pixels * sizeof(float));
    return;
  }
  for (ptrdiff_t r = rows.begin; r < rows.end; ++r) {
    float *row = out + r * width;
    const float *x = plane + (r * w->stride_height + row_offset) * w->input_width + first;
    zero(row, columns.begin);
    zero(row + columns.end, width - columns.end);
    float *inside = row + columns.begin;
    FLEDGE_FOR_STRIDE(w->stride_width, FLEDGE_PIXELS for (ptrdiff_t c = 0; c < count; ++c) inside[c] = x[c * step];)
  }
}

FLEDGE_KERNEL void fledge_im2col(float *out, const float *image, size_t channels, fledge_window w) {
  for (size_t channel = 0; channel < channels; ++channel) {
    const float *plane = image + (ptrdiff_t)channel * w.input_height * w.input_width;
    for (ptrdiff_t i = 0; i < w.kernel_height; ++i) {
      for (ptrdiff_t j = 0; j < w.kernel_width; ++j) {
        gather(out, plane, i * w.dilation_height - w.padding_top, j * w.dilation_width - w.padding_left, &w);
        out += w.output_height * w.output_width;
      }
    }
  }
}

/// Adds one row of the matrix back to where `gather` takes it from.
FLEDGE_INLINE void scatter(
    float *plane, const float *matrix_row, ptrdiff_t row_offset, ptrdiff_t column_offset, const fledge_window *w) {
  const fledge_range rows = fledge_inside(row_offset, w->stride_height, w->input_height, w->output_height);
  const fledge_range columns = fledge_inside(column_offset, w->stride_width, w->input_width, w->output_width);
  const ptrdiff_t count = columns.end - columns.begin;
  if (count == 0) return;
  const ptrdiff_t first = columns.begin * w->stride_width + column_offset;
  for (ptrdiff_t r = rows.begin; r < rows.end; ++r) {
    const float *inside = matrix_row + r * w->output_width + columns.begin;
    float *x = plane + (r * w->stride_height + row_offset) * w->input_width + first;
    FLEDGE_FOR_STRIDE(w->stride_width, FLEDGE_PIXELS for (ptrdiff_t c = 0; c < count; ++c) x[c * step] += inside[c];)
  }
}

FLEDGE_KERNEL void fledge_col2im(float *image, const float *columns, size_t channels, fledge_window w) {
  for (size_t channel = 0; channel < channels; ++channel) {
    float *plane = image + (ptrdiff_t)channel * w.input_height * w.input_width;
    for (ptrdiff_t i = 0; i < w.kernel_height; ++i) {
      for (ptrdiff_t j = 0; j < w.kernel_width; ++j) {
        scatter(plane, columns, i * w.dilation_height - w.padding_top, j * w.dilation_width - w.padding_left, &w);
        columns += w.output_height * w.output_width;
      }
    }
  }
}
