#include "Winograd.h"

FLEDGE_INLINE ptrdiff_t numbers_per_word(fledge_points kind) { return kind == FLEDGE_POINTS_FLOAT32 ? 1 : 2; }

size_t fledge_winograd_filters_count(ptrdiff_t inputs, ptrdiff_t outputs, fledge_points kind) {
  return (size_t)(POINTS * fledge_filters_pitch(inputs, outputs, numbers_per_word(kind)));
}

size_t fledge_winograd_tiles_count(ptrdiff_t channels, fledge_points kind) {
  return (size_t)(POINTS * fledge_tiles_pitch(channels, numbers_per_word(kind)));
}

/// Filters of two inputs share words if `per_word` is 2.
FLEDGE_INLINE void transform_filters(
    float *points, const float *filters, fledge_filters shape, ptrdiff_t first, ptrdiff_t count, const ptrdiff_t per_word,
    fledge_put put) {
  const ptrdiff_t inputs = shape.inputs / per_word, outputs = shape.outputs;
  const ptrdiff_t pitch = fledge_filters_pitch(shape.inputs, outputs, per_word);
  for (ptrdiff_t output = 0; output < outputs; output += FLEDGE_LANES) {
    for (ptrdiff_t input = first; input < first + count; ++input) {
      float lanes[TAPS * TAPS][FLEDGE_LANES];
      for (ptrdiff_t lane = 0; lane < FLEDGE_LANES; ++lane) {
        const float *filter = filters + (output + lane) * shape.output_stride + input * shape.input_stride;
        for (ptrdiff_t tap = 0; tap < TAPS * TAPS; ++tap) {
          lanes[shape.is_turned ? TAPS * TAPS - 1 - tap : tap][lane] = filter[tap];
        }
      }
      fledge_floats taps[TAPS * TAPS], half[SIDE * TAPS];
      memcpy(taps, lanes, sizeof taps);
      for (ptrdiff_t j = 0; j < TAPS; ++j) fledge_taps_to_points(half + j, TAPS, taps + j, TAPS);
      float *out = points + fledge_filter_place(input / per_word, output, inputs, outputs);
      for (ptrdiff_t i = 0; i < SIDE; ++i) {
        fledge_floats row[SIDE];
        fledge_taps_to_points(row, 1, half + i * TAPS, 1);
        for (ptrdiff_t j = 0; j < SIDE; ++j) put(out + (i * SIDE + j) * pitch, &row[j], input % 2);
      }
    }
  }
}

FLEDGE_KERNEL static void filters_to_words(
    float *points, const float *filters, fledge_filters shape, ptrdiff_t first, ptrdiff_t count) {
  transform_filters(points, filters, shape, first, count, 1, fledge_put_words);
}

#if defined(__x86_64__)
FLEDGE_PAIRS static void filters_to_pairs(
    float *points, const float *filters, fledge_filters shape, ptrdiff_t first, ptrdiff_t count) {
  transform_filters(points, filters, shape, first, count, 2, fledge_put_halves);
}
#endif

void fledge_winograd_filters(
    float *points, fledge_points kind, const float *filters, fledge_filters shape, ptrdiff_t first, ptrdiff_t count) {
  switch (kind) {
#if defined(__x86_64__)
    case FLEDGE_POINTS_CHANNEL_PAIRS: filters_to_pairs(points, filters, shape, first, count); break;
#endif
    default: filters_to_words(points, filters, shape, first, count);
  }
}

FLEDGE_INLINE void transform_sums(
    float *gradients, const float *sums, ptrdiff_t parts, ptrdiff_t part_stride, ptrdiff_t inputs, ptrdiff_t outputs,
    ptrdiff_t first, ptrdiff_t count) {
  const ptrdiff_t pitch = fledge_filters_pitch(inputs, outputs, 1);
  for (ptrdiff_t output = 0; output < outputs; output += FLEDGE_LANES) {
    for (ptrdiff_t input = first; input < first + count; ++input) {
      const float *x = sums + fledge_filter_place(input, output, inputs, outputs);
      fledge_floats half[TAPS * SIDE];
      for (ptrdiff_t j = 0; j < SIDE; ++j) {
        fledge_floats column[SIDE];
        for (ptrdiff_t i = 0; i < SIDE; ++i) {
          column[i] = fledge_lanes_at(x + (i * SIDE + j) * pitch);
          for (ptrdiff_t part = 1; part < parts; ++part) {
            column[i] += fledge_lanes_at(x + (i * SIDE + j) * pitch + part * part_stride);
          }
        }
        fledge_points_to_taps(half + j, SIDE, column, 1);
      }
      fledge_floats taps[TAPS * TAPS];
      for (ptrdiff_t i = 0; i < TAPS; ++i) fledge_points_to_taps(taps + i * TAPS, 1, half + i * SIDE, 1);
      float lanes[TAPS * TAPS][FLEDGE_LANES];
      memcpy(lanes, taps, sizeof lanes);
      for (ptrdiff_t lane = 0; lane < FLEDGE_LANES; ++lane) {
        float *filter = gradients + ((output + lane) * inputs + input) * TAPS * TAPS;
        for (ptrdiff_t tap = 0; tap < TAPS * TAPS; ++tap) filter[tap] = lanes[tap][lane];
      }
    }
  }
}

FLEDGE_KERNEL void fledge_winograd_filter_gradients(
    float *gradients, const float *sums, ptrdiff_t parts, ptrdiff_t part_stride, ptrdiff_t inputs, ptrdiff_t outputs,
    ptrdiff_t first, ptrdiff_t count) {
  transform_sums(gradients, sums, parts, part_stride, inputs, outputs, first, count);
}
