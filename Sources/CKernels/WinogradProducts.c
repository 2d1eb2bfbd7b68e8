#include "Winograd.h"

// Products at one point: tiles' channels [channels / 16, 24, 16] and filters in panels [inputs, width], so that what a loop
// reads lies at fixed distances. Their sums stay in registers: up to 24 vectors, beside the few that are multiplied.

enum { SUMS = 24, WIDEST = PANEL / FLEDGE_LANES };

/// `rows` tiles by `width` vectors of outputs at a time.
FLEDGE_INLINE void multiply_panel(
    float *outputs, const float *tiles, const float *filters, ptrdiff_t inputs, ptrdiff_t count, const int rows,
    const int width) {
  for (ptrdiff_t tile = 0; tile < count; tile += rows) {
    fledge_floats sums[SUMS];
    FLEDGE_UNROLLED for (int k = 0; k < rows * width; ++k) sums[k] = fledge_splat(0);
    const float *x = tiles + tile * FLEDGE_LANES, *filter = filters;
    for (ptrdiff_t block = 0; block < inputs; block += FLEDGE_LANES, x += TILES * FLEDGE_LANES) {
      for (ptrdiff_t channel = 0; channel < FLEDGE_LANES; ++channel, filter += width * FLEDGE_LANES) {
        fledge_floats factors[WIDEST];
        FLEDGE_UNROLLED for (int j = 0; j < width; ++j) factors[j] = fledge_lanes_at(filter + j * FLEDGE_LANES);
        FLEDGE_UNROLLED for (int i = 0; i < rows; ++i) {
          const fledge_floats pixel = fledge_splat(x[i * FLEDGE_LANES + channel]);
          FLEDGE_UNROLLED for (int j = 0; j < width; ++j) sums[i * width + j] += pixel * factors[j];
        }
      }
    }
    FLEDGE_UNROLLED for (int i = 0; i < rows; ++i) {
      FLEDGE_UNROLLED for (int j = 0; j < width; ++j) {
        fledge_put_lanes(outputs + (j * TILES + tile + i) * FLEDGE_LANES, &sums[i * width + j]);
      }
    }
  }
}

FLEDGE_KERNEL void fledge_winograd_multiply(
    float *outputs, const float *tiles, const float *filters, ptrdiff_t inputs, ptrdiff_t output_count, ptrdiff_t count) {
  for (ptrdiff_t point = 0; point < POINTS; ++point) {
    for (ptrdiff_t first = 0; first < output_count; first += PANEL) {
      float *out = outputs + point * fledge_tiles_pitch(output_count) + first * TILES;
      const float *x = tiles + point * fledge_tiles_pitch(inputs);
      const float *panel = filters + point * fledge_filters_pitch(inputs, output_count) + first * inputs;
      switch ((output_count - first) / FLEDGE_LANES) {
        case 1: multiply_panel(out, x, panel, inputs, count, 24, 1); break;
        case 2: multiply_panel(out, x, panel, inputs, count, 12, 2); break;
        case 3: multiply_panel(out, x, panel, inputs, count, 8, 3); break;
        default: multiply_panel(out, x, panel, inputs, count, 6, 4);
      }
    }
  }
}

/// `rows` input channels, which divide 16, by `width` vectors of outputs at a time.
FLEDGE_INLINE void accumulate_panel(
    float *panel, const float *tiles, const float *gradients, ptrdiff_t inputs, ptrdiff_t count, const int rows,
    const int width) {
  for (ptrdiff_t input = 0; input < inputs; input += rows) {
    float *places = panel + input * width * FLEDGE_LANES;
    fledge_floats sums[SUMS];
    FLEDGE_UNROLLED for (int k = 0; k < rows * width; ++k) sums[k] = fledge_lanes_at(places + k * FLEDGE_LANES);
    const float *x = tiles + input / FLEDGE_LANES * TILES * FLEDGE_LANES + input % FLEDGE_LANES;
    for (ptrdiff_t tile = 0; tile < count; ++tile) {
      fledge_floats factors[WIDEST];
      FLEDGE_UNROLLED for (int j = 0; j < width; ++j) {
        factors[j] = fledge_lanes_at(gradients + (j * TILES + tile) * FLEDGE_LANES);
      }
      FLEDGE_UNROLLED for (int i = 0; i < rows; ++i) {
        const fledge_floats pixel = fledge_splat(x[tile * FLEDGE_LANES + i]);
        FLEDGE_UNROLLED for (int j = 0; j < width; ++j) sums[i * width + j] += pixel * factors[j];
      }
    }
    FLEDGE_UNROLLED for (int k = 0; k < rows * width; ++k) fledge_put_lanes(places + k * FLEDGE_LANES, &sums[k]);
  }
}

FLEDGE_KERNEL void fledge_winograd_accumulate(
    float *sums, const float *tiles, const float *gradients, ptrdiff_t inputs, ptrdiff_t outputs, ptrdiff_t count) {
  for (ptrdiff_t point = 0; point < POINTS; ++point) {
    for (ptrdiff_t first = 0; first < outputs; first += PANEL) {
      float *panel = sums + point * fledge_filters_pitch(inputs, outputs) + first * inputs;
      const float *x = tiles + point * fledge_tiles_pitch(inputs);
      const float *dy = gradients + point * fledge_tiles_pitch(outputs) + first * TILES;
      switch ((outputs - first) / FLEDGE_LANES) {
        case 1: accumulate_panel(panel, x, dy, inputs, count, 16, 1); break;
        case 2: accumulate_panel(panel, x, dy, inputs, count, 8, 2); break;
        case 3: accumulate_panel(panel, x, dy, inputs, count, 8, 3); break;
        default: accumulate_panel(panel, x, dy, inputs, count, 4, 4);
      }
    }
  }
}

int fledge_winograd_is_fast(void) {
#if defined(__x86_64__)
  // Twenty-four sums of sixteen floats are registers of AVX-512 alone.
  return __builtin_cpu_supports("avx512f") != 0;
#else
  return 0;
#endif
}
