#pragma once

#include "Lanes.h"

// F(4×4, 3×3) at the points 0, ±5/8, ±3/2 and ∞: the matrices Bᵀ, A, Aᵀ, G and Gᵀ of Lavin and Gray 2015, each applied to
// vectors of sixteen channels. Their own points, 0, ±1, ±2 and ∞, lose twice as much to rounding: of all pairs of eighths,
// these lose least on random images (as Barabasz et al. 2020 look for points). `step` and `x_step` are the distances between
// elements, in vectors; applied to columns and then to rows, the matrices transform a tile.

enum {
  TILE = FLEDGE_WINOGRAD_SIDE,    // outputs along a side of a tile
  TAPS = 3,                       // of a filter
  SIDE = TILE + TAPS - 1,         // pixels that a tile reads, and points that it has
  POINTS = SIDE * SIDE,
  TILES = FLEDGE_WINOGRAD_TILES,  // worked on at a time
  PANEL = 4 * FLEDGE_LANES,       // outputs whose filters lie together, as a product reads them
  ROOM = FLEDGE_LANES,            // between points, so that those of a tile do not fall on one set of a cache
};

_Static_assert(POINTS == FLEDGE_WINOGRAD_POINTS, "the points of a tile");

#define FLEDGE_UNROLLED _Pragma("clang loop unroll(full)")

// Points lie in words of four bytes: a float32 number, or two bfloat16 numbers that one instruction multiplies and adds.

/// Words from one point of tiles to the next; `per_word` numbers in each.
FLEDGE_INLINE ptrdiff_t fledge_tiles_pitch(ptrdiff_t channels, ptrdiff_t per_word) {
  return channels * TILES / per_word + ROOM;
}
/// Words from one point of filters to the next.
FLEDGE_INLINE ptrdiff_t fledge_filters_pitch(ptrdiff_t inputs, ptrdiff_t outputs, ptrdiff_t per_word) {
  return inputs * outputs / per_word + ROOM;
}

/// Where an input channel's filters to sixteen outputs from `output` on are, within a point: in panels [inputs, 64], the last
/// of which may be narrower.
FLEDGE_INLINE ptrdiff_t fledge_filter_place(ptrdiff_t input, ptrdiff_t output, ptrdiff_t inputs, ptrdiff_t outputs) {
  const ptrdiff_t panel = output / PANEL * PANEL;
  const ptrdiff_t width = outputs - panel < PANEL ? outputs - panel : PANEL;
  return panel * inputs + input * width + output - panel;
}

FLEDGE_INLINE fledge_floats fledge_lanes_at(const float *x) { return fledge_load(x, FLEDGE_LANES, 0); }

/// A matrix applied to a column, or a row, of a tile.
typedef void (*fledge_transform)(fledge_floats *out, ptrdiff_t step, const fledge_floats *x, ptrdiff_t x_step);

/// How a kernel keeps a point of sixteen channels: `place` is where they are, or the words that they share with others.
typedef void (*fledge_put)(float *place, const fledge_floats *lanes, int is_upper);

FLEDGE_INLINE void fledge_put_lanes(float *place, const fledge_floats *lanes) { memcpy(place, lanes, sizeof *lanes); }
FLEDGE_INLINE void fledge_put_words(float *place, const fledge_floats *lanes, int is_upper) {
  fledge_put_lanes(place, lanes);
}

#if defined(__x86_64__)
#include <immintrin.h>
/// Marks a kernel that multiplies bfloat16 numbers, for processors that have instructions for it.
#define FLEDGE_PAIRS __attribute__((target("avx512bf16,avx512vl,avx512bw,avx512dq"), min_vector_width(512)))

/// Sixteen channels as bfloat16, two to a word.
FLEDGE_PAIRS static inline __attribute__((always_inline)) void fledge_put_channel_pairs(
    float *place, const fledge_floats *lanes, int is_upper) {
  const __m256bh narrow = _mm512_cvtneps_pbh((__m512)*lanes);
  memcpy(place, &narrow, sizeof narrow);
}

/// Sixteen bfloat16 numbers as the lower halves of words, or as the upper halves of words whose lower are there.
FLEDGE_PAIRS static inline __attribute__((always_inline)) void fledge_put_halves(
    float *place, const fledge_floats *lanes, int is_upper) {
  __m512i words = _mm512_cvtepu16_epi32((__m256i)_mm512_cvtneps_pbh((__m512)*lanes));
  if (is_upper) {
    __m512i lower;
    memcpy(&lower, place, sizeof lower);
    words = _mm512_or_si512(_mm512_slli_epi32(words, 16), lower);
  }
  memcpy(place, &words, sizeof words);
}
#endif

// The points that are not 0 or ∞, near and far, and their powers: exact in float32.
#define NEAR 0.625f
#define FAR 1.5f
#define NEAR_2 (NEAR * NEAR)
#define FAR_2 (FAR * FAR)
#define NEAR_3 (NEAR * NEAR * NEAR)
#define FAR_3 (FAR * FAR * FAR)

/// Bᵀ x: six pixels as six points.
FLEDGE_INLINE void fledge_pixels_to_points(fledge_floats *out, ptrdiff_t step, const fledge_floats *x, ptrdiff_t x_step) {
  const fledge_floats x1 = x[x_step], x2 = x[2 * x_step], x3 = x[3 * x_step], x4 = x[4 * x_step];
  const fledge_floats near_even = x4 - FAR_2 * x2, near_odd = x3 - FAR_2 * x1;
  const fledge_floats far_even = x4 - NEAR_2 * x2, far_odd = x3 - NEAR_2 * x1;
  out[0] = NEAR_2 * FAR_2 * x[0] - (NEAR_2 + FAR_2) * x2 + x4;
  out[step] = near_even + NEAR * near_odd;
  out[2 * step] = near_even - NEAR * near_odd;
  out[3 * step] = far_even + FAR * far_odd;
  out[4 * step] = far_even - FAR * far_odd;
  out[5 * step] = NEAR_2 * FAR_2 * x1 - (NEAR_2 + FAR_2) * x3 + x[5 * x_step];
}

/// Aᵀ x: six points as four outputs.
FLEDGE_INLINE void fledge_points_to_outputs(fledge_floats *out, ptrdiff_t step, const fledge_floats *x, ptrdiff_t x_step) {
  const fledge_floats x1 = x[x_step], x2 = x[2 * x_step], x3 = x[3 * x_step], x4 = x[4 * x_step];
  const fledge_floats near_even = x1 + x2, near_odd = x1 - x2, far_even = x3 + x4, far_odd = x3 - x4;
  out[0] = x[0] + near_even + far_even;
  out[step] = NEAR * near_odd + FAR * far_odd;
  out[2 * step] = NEAR_2 * near_even + FAR_2 * far_even;
  out[3 * step] = NEAR_3 * near_odd + FAR_3 * far_odd + x[5 * x_step];
}

/// A x: four gradients of outputs as six points.
FLEDGE_INLINE void fledge_gradients_to_points(
    fledge_floats *out, ptrdiff_t step, const fledge_floats *x, ptrdiff_t x_step) {
  const fledge_floats x0 = x[0], x1 = x[x_step], x2 = x[2 * x_step], x3 = x[3 * x_step];
  const fledge_floats near_even = x0 + NEAR_2 * x2, near_odd = x1 + NEAR_2 * x3;
  const fledge_floats far_even = x0 + FAR_2 * x2, far_odd = x1 + FAR_2 * x3;
  out[0] = x0;
  out[step] = near_even + NEAR * near_odd;
  out[2 * step] = near_even - NEAR * near_odd;
  out[3 * step] = far_even + FAR * far_odd;
  out[4 * step] = far_even - FAR * far_odd;
  out[5 * step] = x3;
}

// What G divides by at each point: the product of its distances from the others.
#define AT_ZERO (NEAR_2 * FAR_2)
#define AT_NEAR (2 * NEAR_2 * (NEAR_2 - FAR_2))
#define AT_FAR (2 * FAR_2 * (FAR_2 - NEAR_2))

/// G x: three taps of a filter as six points.
FLEDGE_INLINE void fledge_taps_to_points(fledge_floats *out, ptrdiff_t step, const fledge_floats *x, ptrdiff_t x_step) {
  const fledge_floats x0 = x[0], x1 = x[x_step], x2 = x[2 * x_step];
  const fledge_floats near_even = (x0 + NEAR_2 * x2) * (1 / AT_NEAR), near_odd = x1 * (NEAR / AT_NEAR);
  const fledge_floats far_even = (x0 + FAR_2 * x2) * (1 / AT_FAR), far_odd = x1 * (FAR / AT_FAR);
  out[0] = x0 * (1 / AT_ZERO);
  out[step] = near_even + near_odd;
  out[2 * step] = near_even - near_odd;
  out[3 * step] = far_even + far_odd;
  out[4 * step] = far_even - far_odd;
  out[5 * step] = x2;
}

/// Gᵀ x: six points as the gradients of three taps.
FLEDGE_INLINE void fledge_points_to_taps(fledge_floats *out, ptrdiff_t step, const fledge_floats *x, ptrdiff_t x_step) {
  const fledge_floats x1 = x[x_step], x2 = x[2 * x_step], x3 = x[3 * x_step], x4 = x[4 * x_step];
  const fledge_floats near_even = (x1 + x2) * (1 / AT_NEAR), far_even = (x3 + x4) * (1 / AT_FAR);
  out[0] = x[0] * (1 / AT_ZERO) + near_even + far_even;
  out[step] = (x1 - x2) * (NEAR / AT_NEAR) + (x3 - x4) * (FAR / AT_FAR);
  out[2 * step] = NEAR_2 * near_even + FAR_2 * far_even + x[5 * x_step];
}
