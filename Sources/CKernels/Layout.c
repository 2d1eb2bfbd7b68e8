#include "Dispatch.h"

#include <string.h>

typedef float eight __attribute__((vector_size(32)));
enum { SIDE = 8, TILE = 64 };

/// Eight rows of eight: three rounds, each interleaving a row with the one four below.
FLEDGE_INLINE void transpose_block(float *out, size_t out_row_stride, const float *x, size_t x_row_stride) {
  eight a[SIDE], b[SIDE];
  for (size_t i = 0; i < SIDE; ++i) memcpy(&a[i], x + i * x_row_stride, sizeof(eight));
#define FLEDGE_INTERLEAVE(to, from)                                                                   \
  for (size_t i = 0; i < SIDE / 2; ++i) {                                                             \
    to[2 * i] = __builtin_shufflevector(from[i], from[i + SIDE / 2], 0, 8, 1, 9, 2, 10, 3, 11);       \
    to[2 * i + 1] = __builtin_shufflevector(from[i], from[i + SIDE / 2], 4, 12, 5, 13, 6, 14, 7, 15); \
  }
  FLEDGE_INTERLEAVE(b, a)
  FLEDGE_INTERLEAVE(a, b)
  FLEDGE_INTERLEAVE(b, a)
#undef FLEDGE_INTERLEAVE
  for (size_t i = 0; i < SIDE; ++i) memcpy(out + i * out_row_stride, &b[i], sizeof(eight));
}

FLEDGE_INLINE size_t lesser_size(size_t a, size_t b) { return a < b ? a : b; }

FLEDGE_INLINE void transpose_tile(
    float *out, size_t out_row_stride, const float *x, size_t x_row_stride, size_t rows, size_t columns) {
  const size_t whole_rows = rows / SIDE * SIDE, whole_columns = columns / SIDE * SIDE;
  for (size_t c = 0; c < whole_columns; c += SIDE) {
    for (size_t r = 0; r < whole_rows; r += SIDE) {
      transpose_block(out + c * out_row_stride + r, out_row_stride, x + r * x_row_stride + c, x_row_stride);
    }
  }
  for (size_t c = 0; c < columns; ++c) {
    const size_t done = c < whole_columns ? whole_rows : 0;
    for (size_t r = done; r < rows; ++r) out[c * out_row_stride + r] = x[r * x_row_stride + c];
  }
}

FLEDGE_KERNEL void fledge_transpose(
    float *out, size_t out_row_stride, const float *x, size_t x_row_stride, size_t rows, size_t columns) {
  for (size_t c = 0; c < columns; c += TILE) {
    for (size_t r = 0; r < rows; r += TILE) {
      transpose_tile(
          out + c * out_row_stride + r, out_row_stride, x + r * x_row_stride + c, x_row_stride,
          lesser_size(rows - r, TILE), lesser_size(columns - c, TILE));
    }
  }
}

void fledge_repeat_row(float *out, const float *x, size_t rows, size_t columns) {
  const size_t count = rows * columns;
  if (count == 0) return;
  memcpy(out, x, columns * sizeof(float));
  // What is there is copied behind itself, so that most copies are long.
  for (size_t done = columns; done < count;) {
    const size_t more = done < count - done ? done : count - done;
    memcpy(out + done, out, more * sizeof(float));
    done += more;
  }
}

FLEDGE_KERNEL void fledge_copy_strided(float *out, const float *x, ptrdiff_t stride, size_t count) {
  if (count == 0) return;
  if (stride == 1) {
    memcpy(out, x, count * sizeof(float));
  } else if (stride == 0) {
    const float value = *x;
    for (size_t i = 0; i < count; ++i) out[i] = value;
  } else if (stride == 2) {
    FLEDGE_ELEMENTWISE for (size_t i = 0; i < count; ++i) out[i] = x[2 * i];
  } else if (stride == -1) {
    const float *first = x - (count - 1);
    FLEDGE_ELEMENTWISE for (size_t i = 0; i < count; ++i) out[i] = first[count - 1 - i];
  } else {
    for (size_t i = 0; i < count; ++i) out[i] = x[(ptrdiff_t)i * stride];
  }
}

FLEDGE_INLINE void shuffle(uint8_t *restrict out, const uint8_t *restrict x, size_t elements, size_t size) {
  for (size_t i = 0; i < elements; ++i) {
    for (size_t k = 0; k < size; ++k) out[k * elements + i] = x[i * size + k];
  }
}

FLEDGE_INLINE void unshuffle(uint8_t *restrict out, const uint8_t *restrict x, size_t elements, size_t size) {
  for (size_t i = 0; i < elements; ++i) {
    for (size_t k = 0; k < size; ++k) out[i * size + k] = x[k * elements + i];
  }
}

// A size that the compiler knows lets it work on vectors.
#define FLEDGE_FOR_SIZE(body)                 \
  switch (size) {                             \
    case 2: body(out, x, elements, 2); break; \
    case 4: body(out, x, elements, 4); break; \
    case 8: body(out, x, elements, 8); break; \
    default: body(out, x, elements, size);    \
  }

FLEDGE_KERNEL void fledge_byte_shuffle(uint8_t *out, const uint8_t *x, size_t elements, size_t size) {
  FLEDGE_FOR_SIZE(shuffle)
}

FLEDGE_KERNEL void fledge_byte_unshuffle(uint8_t *out, const uint8_t *x, size_t elements, size_t size) {
  FLEDGE_FOR_SIZE(unshuffle)
}
