#pragma once

#include "Lanes.h"

// F(4×4, 3×3): the matrices Bᵀ, A, Aᵀ, G and Gᵀ of Lavin and Gray 2015, equation 15, each applied to vectors of sixteen
// channels. `step` and `x_step` are the distances between elements, in vectors; applied to columns and then to rows, they
// transform a tile.

enum {
  TILE = 4,                       // outputs along a side of a tile
  TAPS = 3,                       // of a filter
  SIDE = TILE + TAPS - 1,         // pixels that a tile reads, and points that it has
  POINTS = SIDE * SIDE,
  TILES = FLEDGE_WINOGRAD_TILES,  // worked on at a time
  PANEL = 4 * FLEDGE_LANES,       // outputs whose filters lie together, as a product reads them
  ROOM = FLEDGE_LANES,            // between points, so that those of a tile do not fall on one set of a cache
};

_Static_assert(POINTS == FLEDGE_WINOGRAD_POINTS, "the points of a tile");

#define FLEDGE_UNROLLED _Pragma("clang loop unroll(full)")

/// Floats from one point of tiles to the next.
FLEDGE_INLINE ptrdiff_t fledge_tiles_pitch(ptrdiff_t channels) { return channels * TILES + ROOM; }
/// Floats from one point of filters to the next.
FLEDGE_INLINE ptrdiff_t fledge_filters_pitch(ptrdiff_t inputs, ptrdiff_t outputs) { return inputs * outputs + ROOM; }

/// Where an input channel's filters to sixteen outputs from `output` on are, within a point: in panels [inputs, 64], the last
/// of which may be narrower.
FLEDGE_INLINE ptrdiff_t fledge_filter_place(ptrdiff_t input, ptrdiff_t output, ptrdiff_t inputs, ptrdiff_t outputs) {
  const ptrdiff_t panel = output / PANEL * PANEL;
  const ptrdiff_t width = outputs - panel < PANEL ? outputs - panel : PANEL;
  return panel * inputs + input * width + output - panel;
}

FLEDGE_INLINE fledge_floats fledge_lanes_at(const float *x) { return fledge_load(x, FLEDGE_LANES, 0); }
FLEDGE_INLINE void fledge_put_lanes(float *x, const fledge_floats *lanes) { memcpy(x, lanes, sizeof *lanes); }

/// Bᵀ x: six pixels as six points.
FLEDGE_INLINE void fledge_pixels_to_points(fledge_floats *out, ptrdiff_t step, const fledge_floats *x, ptrdiff_t x_step) {
  const fledge_floats x1 = x[x_step], x2 = x[2 * x_step], x3 = x[3 * x_step], x4 = x[4 * x_step];
  const fledge_floats even = x4 - 4 * x2, odd = x3 - 4 * x1, far_even = x4 - x2, far_odd = 2 * (x3 - x1);
  out[0] = 4 * x[0] - 5 * x2 + x4;
  out[step] = even + odd;
  out[2 * step] = even - odd;
  out[3 * step] = far_even + far_odd;
  out[4 * step] = far_even - far_odd;
  out[5 * step] = 4 * x1 - 5 * x3 + x[5 * x_step];
}

/// Aᵀ x: six points as four outputs.
FLEDGE_INLINE void fledge_points_to_outputs(fledge_floats *out, ptrdiff_t step, const fledge_floats *x, ptrdiff_t x_step) {
  const fledge_floats x1 = x[x_step], x2 = x[2 * x_step], x3 = x[3 * x_step], x4 = x[4 * x_step];
  const fledge_floats even = x1 + x2, odd = x1 - x2, far_even = x3 + x4, far_odd = x3 - x4;
  out[0] = x[0] + even + far_even;
  out[step] = odd + 2 * far_odd;
  out[2 * step] = even + 4 * far_even;
  out[3 * step] = odd + 8 * far_odd + x[5 * x_step];
}

/// A x: four gradients of outputs as six points.
FLEDGE_INLINE void fledge_gradients_to_points(
    fledge_floats *out, ptrdiff_t step, const fledge_floats *x, ptrdiff_t x_step) {
  const fledge_floats x0 = x[0], x1 = x[x_step], x2 = x[2 * x_step], x3 = x[3 * x_step];
  const fledge_floats even = x0 + x2, odd = x1 + x3, far_even = x0 + 4 * x2, far_odd = 2 * x1 + 8 * x3;
  out[0] = x0;
  out[step] = even + odd;
  out[2 * step] = even - odd;
  out[3 * step] = far_even + far_odd;
  out[4 * step] = far_even - far_odd;
  out[5 * step] = x3;
}

/// G x: three taps of a filter as six points.
FLEDGE_INLINE void fledge_taps_to_points(fledge_floats *out, ptrdiff_t step, const fledge_floats *x, ptrdiff_t x_step) {
  const fledge_floats x0 = x[0], x1 = x[x_step], x2 = x[2 * x_step];
  const fledge_floats even = (x0 + x2) * (-1.0f / 6), odd = x1 * (-1.0f / 6);
  const fledge_floats far_even = x0 * (1.0f / 24) + x2 * (1.0f / 6), far_odd = x1 * (1.0f / 12);
  out[0] = 0.25f * x0;
  out[step] = even + odd;
  out[2 * step] = even - odd;
  out[3 * step] = far_even + far_odd;
  out[4 * step] = far_even - far_odd;
  out[5 * step] = x2;
}

/// Gᵀ x: six points as the gradients of three taps.
FLEDGE_INLINE void fledge_points_to_taps(fledge_floats *out, ptrdiff_t step, const fledge_floats *x, ptrdiff_t x_step) {
  const fledge_floats x1 = x[x_step], x2 = x[2 * x_step], x3 = x[3 * x_step], x4 = x[4 * x_step];
  const fledge_floats even = x1 + x2, far_even = x3 + x4;
  out[0] = 0.25f * x[0] - even * (1.0f / 6) + far_even * (1.0f / 24);
  out[step] = (x2 - x1) * (1.0f / 6) + (x3 - x4) * (1.0f / 12);
  out[2 * step] = (far_even - even) * (1.0f / 6) + x[5 * x_step];
}
