#include "Lanes.h"

#include <math.h>

enum { BLOCK = 4096 };

FLEDGE_INLINE float sum_lanes(fledge_floats a) {
  float lanes[FLEDGE_LANES];
  memcpy(lanes, &a, sizeof lanes);
  for (int width = FLEDGE_LANES / 2; width > 0; width /= 2) {
    for (int i = 0; i < width; ++i) lanes[i] += lanes[i + width];
  }
  return lanes[0];
}

/// Sums `term` over a block; four accumulators hide the latency of addition.
#define FLEDGE_SUM_OF_BLOCK(term)                                                          \
  fledge_floats sum[4] = {{0}, {0}, {0}, {0}};                                             \
  size_t i = 0;                                                                            \
  for (; i + 4 * FLEDGE_LANES <= count; i += 4 * FLEDGE_LANES) {                           \
    for (size_t k = 0; k < 4; ++k) sum[k] += term(i + k * FLEDGE_LANES, FLEDGE_LANES);     \
  }                                                                                        \
  for (; i + FLEDGE_LANES <= count; i += FLEDGE_LANES) sum[0] += term(i, FLEDGE_LANES);    \
  if (i < count) sum[1] += term(i, count - i);                                             \
  return sum_lanes((sum[0] + sum[1]) + (sum[2] + sum[3]));

FLEDGE_INLINE float sum_of_block(const float *x, size_t count) {
#define FLEDGE_TERM(at, left) fledge_load(x + (at), left, 0)
  FLEDGE_SUM_OF_BLOCK(FLEDGE_TERM)
#undef FLEDGE_TERM
}

FLEDGE_INLINE float sum_of_products_of_block(const float *x, const float *y, size_t count) {
#pragma clang fp contract(fast)
#define FLEDGE_TERM(at, left) fledge_load(x + (at), left, 0) * fledge_load(y + (at), left, 0)
  FLEDGE_SUM_OF_BLOCK(FLEDGE_TERM)
#undef FLEDGE_TERM
}

FLEDGE_INLINE float sum_of(const float *x, size_t count) {
  if (count <= BLOCK) return sum_of_block(x, count);
  double total = 0;
  for (size_t i = 0; i < count; i += BLOCK) total += sum_of_block(x + i, count - i < BLOCK ? count - i : BLOCK);
  return (float)total;
}

FLEDGE_KERNEL float fledge_sum(const float *x, size_t count) { return sum_of(x, count); }

FLEDGE_KERNEL float fledge_sum_of_products(const float *x, const float *y, size_t count) {
  double total = 0;
  for (size_t i = 0; i < count; i += BLOCK) {
    total += sum_of_products_of_block(x + i, y + i, count - i < BLOCK ? count - i : BLOCK);
  }
  return (float)total;
}

FLEDGE_KERNEL void fledge_sum_rows(
    float *accumulator, const float *x, size_t rows, size_t columns, size_t row_stride) {
  for (size_t r = 0; r < rows; ++r) accumulator[r] += sum_of(x + r * row_stride, columns);
}

FLEDGE_INLINE fledge_floats greater_lanes(fledge_floats a, fledge_floats b) {
  return fledge_choose((a > b) | (a != a), a, b);
}

FLEDGE_INLINE float greatest_of(const float *x, size_t count) {
  fledge_floats first = fledge_splat(-INFINITY), second = first;
  size_t i = 0;
  for (; i + 2 * FLEDGE_LANES <= count; i += 2 * FLEDGE_LANES) {
    first = greater_lanes(fledge_load(x + i, FLEDGE_LANES, 0), first);
    second = greater_lanes(fledge_load(x + i + FLEDGE_LANES, FLEDGE_LANES, 0), second);
  }
  for (; i < count; i += FLEDGE_LANES) first = greater_lanes(fledge_load(x + i, count - i, -INFINITY), first);
  float lanes[FLEDGE_LANES];
  first = greater_lanes(first, second);
  memcpy(lanes, &first, sizeof lanes);
  for (int width = FLEDGE_LANES / 2; width > 0; width /= 2) {
    for (int k = 0; k < width; ++k) lanes[k] = fledge_greater(lanes[k], lanes[k + width]);
  }
  return lanes[0];
}

FLEDGE_KERNEL float fledge_maximum(const float *x, size_t count) { return greatest_of(x, count); }

FLEDGE_KERNEL void fledge_maximum_rows(
    float *accumulator, const float *x, size_t rows, size_t columns, size_t row_stride) {
  for (size_t r = 0; r < rows; ++r) {
    accumulator[r] = fledge_greater(accumulator[r], greatest_of(x + r * row_stride, columns));
  }
}

FLEDGE_INLINE fledge_floats lesser_lanes(fledge_floats a, fledge_floats b) {
  return fledge_choose((a < b) | (a != a), a, b);
}

FLEDGE_INLINE float least_of(const float *x, size_t count) {
  fledge_floats first = fledge_splat(INFINITY), second = first;
  size_t i = 0;
  for (; i + 2 * FLEDGE_LANES <= count; i += 2 * FLEDGE_LANES) {
    first = lesser_lanes(fledge_load(x + i, FLEDGE_LANES, 0), first);
    second = lesser_lanes(fledge_load(x + i + FLEDGE_LANES, FLEDGE_LANES, 0), second);
  }
  for (; i < count; i += FLEDGE_LANES) first = lesser_lanes(fledge_load(x + i, count - i, INFINITY), first);
  float lanes[FLEDGE_LANES];
  first = lesser_lanes(first, second);
  memcpy(lanes, &first, sizeof lanes);
  for (int width = FLEDGE_LANES / 2; width > 0; width /= 2) {
    for (int k = 0; k < width; ++k) lanes[k] = fledge_lesser(lanes[k], lanes[k + width]);
  }
  return lanes[0];
}

FLEDGE_KERNEL float fledge_minimum(const float *x, size_t count) { return least_of(x, count); }

FLEDGE_KERNEL void fledge_accumulate_sum(float *accumulator, const float *x, size_t count) {
  FLEDGE_ELEMENTWISE for (size_t i = 0; i < count; ++i) accumulator[i] += x[i];
}

FLEDGE_KERNEL void fledge_accumulate_maximum(float *accumulator, const float *x, size_t count) {
  FLEDGE_ELEMENTWISE for (size_t i = 0; i < count; ++i) accumulator[i] = fledge_greater(accumulator[i], x[i]);
}
