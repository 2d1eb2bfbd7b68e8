#include "Lanes.h"

#include <math.h>

enum { BLOCK = 4096 };

/// Folds sixteen lanes to one, halves first.
#define FLEDGE_FOLD(lanes, combine)                                                    \
  FLEDGE_FOLD_BY(lanes, combine, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7) \
  FLEDGE_FOLD_BY(lanes, combine, 4, 5, 6, 7, 0, 1, 2, 3, 12, 13, 14, 15, 8, 9, 10, 11) \
  FLEDGE_FOLD_BY(lanes, combine, 2, 3, 0, 1, 6, 7, 4, 5, 10, 11, 8, 9, 14, 15, 12, 13) \
  FLEDGE_FOLD_BY(lanes, combine, 1, 0, 3, 2, 5, 4, 7, 6, 9, 8, 11, 10, 13, 12, 15, 14) \
  return lanes[0];
#define FLEDGE_FOLD_BY(lanes, combine, ...) \
  lanes = combine(lanes, __builtin_shufflevector(lanes, lanes, __VA_ARGS__));

FLEDGE_INLINE fledge_floats plus(fledge_floats a, fledge_floats b) { return a + b; }

FLEDGE_INLINE float sum_lanes(fledge_floats a) { FLEDGE_FOLD(a, plus) }

/// Four accumulators hide the latency of addition. Short rows, as those of class scores, go one by one: several are then
/// under way at once.
FLEDGE_INLINE float sum_of_block(const float *x, size_t count) {
  if (count < FLEDGE_LANES) {
    float total = 0;
    for (size_t i = 0; i < count; ++i) total += x[i];
    return total;
  }
  fledge_floats sum[4] = {{0}, {0}, {0}, {0}};
  size_t i = 0;
  for (; i + 4 * FLEDGE_LANES <= count; i += 4 * FLEDGE_LANES) {
    for (size_t k = 0; k < 4; ++k) sum[k] += fledge_load(x + i + k * FLEDGE_LANES, FLEDGE_LANES, 0);
  }
  for (; i + FLEDGE_LANES <= count; i += FLEDGE_LANES) sum[0] += fledge_load(x + i, FLEDGE_LANES, 0);
  if (i < count) sum[1] += fledge_load(x + i, count - i, 0);
  return sum_lanes((sum[0] + sum[1]) + (sum[2] + sum[3]));
}

FLEDGE_INLINE float sum_of(const float *x, size_t count) {
  if (count <= BLOCK) return sum_of_block(x, count);
  double total = 0;
  for (size_t i = 0; i < count; i += BLOCK) total += sum_of_block(x + i, count - i < BLOCK ? count - i : BLOCK);
  return (float)total;
}

FLEDGE_KERNEL float fledge_sum(const float *x, size_t count) { return sum_of(x, count); }

/// Sixteen columns, which are a block of channels: the sums stay in registers, as many as hide the latency of addition.
FLEDGE_INLINE void sum_blocks(float *accumulator, const float *x, size_t rows) {
  enum { SUMS = 8 };
  fledge_floats sums[SUMS];
  for (size_t k = 0; k < SUMS; ++k) sums[k] = fledge_splat(0);
  size_t r = 0;
  for (; r + SUMS <= rows; r += SUMS) {
    for (size_t k = 0; k < SUMS; ++k) sums[k] += fledge_load(x + (r + k) * FLEDGE_LANES, FLEDGE_LANES, 0);
  }
  for (; r < rows; ++r) sums[0] += fledge_load(x + r * FLEDGE_LANES, FLEDGE_LANES, 0);
  for (size_t step = SUMS / 2; step > 0; step /= 2) {
    for (size_t k = 0; k < step; ++k) sums[k] += sums[k + step];
  }
  fledge_store(accumulator, fledge_load(accumulator, FLEDGE_LANES, 0) + sums[0], FLEDGE_LANES);
}

FLEDGE_KERNEL void fledge_sum_columns(float *accumulator, const float *x, size_t rows, size_t columns) {
  if (columns == FLEDGE_LANES) {
    sum_blocks(accumulator, x, rows);
    return;
  }
  for (size_t r = 0; r < rows; ++r, x += columns) {
    FLEDGE_ELEMENTWISE for (size_t c = 0; c < columns; ++c) accumulator[c] += x[c];
  }
}

FLEDGE_KERNEL void fledge_sum_rows(
    float *accumulator, const float *x, size_t rows, size_t columns, size_t row_stride) {
  for (size_t r = 0; r < rows; ++r) accumulator[r] += sum_of(x + r * row_stride, columns);
}

FLEDGE_INLINE float greatest_of(const float *x, size_t count) {
  if (count < FLEDGE_LANES) {
    float greatest = -INFINITY;
    for (size_t i = 0; i < count; ++i) greatest = fledge_greater(x[i], greatest);
    return greatest;
  }
  fledge_floats best[4];
  for (size_t k = 0; k < 4; ++k) best[k] = fledge_splat(-INFINITY);
  size_t i = 0;
  for (; i + 4 * FLEDGE_LANES <= count; i += 4 * FLEDGE_LANES) {
    for (size_t k = 0; k < 4; ++k) {
      best[k] = fledge_greater_lanes(fledge_load(x + i + k * FLEDGE_LANES, FLEDGE_LANES, 0), best[k]);
    }
  }
  for (; i < count; i += FLEDGE_LANES) best[0] = fledge_greater_lanes(fledge_load(x + i, count - i, -INFINITY), best[0]);
  fledge_floats greatest = fledge_greater_lanes(fledge_greater_lanes(best[0], best[1]), fledge_greater_lanes(best[2], best[3]));
  FLEDGE_FOLD(greatest, fledge_greater_lanes)
}

FLEDGE_KERNEL float fledge_maximum(const float *x, size_t count) { return greatest_of(x, count); }

FLEDGE_KERNEL void fledge_maximum_rows(
    float *accumulator, const float *x, size_t rows, size_t columns, size_t row_stride) {
  for (size_t r = 0; r < rows; ++r) {
    accumulator[r] = fledge_greater(accumulator[r], greatest_of(x + r * row_stride, columns));
  }
}

FLEDGE_KERNEL void fledge_accumulate_sum(float *accumulator, const float *x, size_t count) {
  FLEDGE_ELEMENTWISE for (size_t i = 0; i < count; ++i) accumulator[i] += x[i];
}

FLEDGE_KERNEL void fledge_accumulate_maximum(float *accumulator, const float *x, size_t count) {
  FLEDGE_ELEMENTWISE for (size_t i = 0; i < count; ++i) accumulator[i] = fledge_greater(accumulator[i], x[i]);
}
