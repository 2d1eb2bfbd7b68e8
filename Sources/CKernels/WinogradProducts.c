#include "Winograd.h"

// Products at one point: tiles' channels [channels / 16, 24, 16] and filters in panels [inputs, width], so that what a loop
// reads lies at fixed distances. Their sums stay in registers: up to 24 vectors, beside the few that are multiplied. Where two
// bfloat16 numbers are a word, half as many words are read, and each adds two products.

enum { SUMS = 24, WIDEST = PANEL / FLEDGE_LANES };

/// sum += word · factors, `word` being one for all sixteen lanes.
typedef void (*fledge_add_product)(fledge_floats *sum, const float *word, const fledge_floats *factors);

FLEDGE_INLINE void add_product(fledge_floats *sum, const float *word, const fledge_floats *factors) {
  *sum += fledge_splat(*word) * *factors;
}

/// `rows` tiles by `width` vectors of outputs at a time.
FLEDGE_INLINE void multiply_panel(
    float *outputs, const float *tiles, const float *filters, ptrdiff_t inputs, ptrdiff_t count, const int rows,
    const int width, const int per_word, fledge_add_product add) {
  const ptrdiff_t words = FLEDGE_LANES / per_word;
  for (ptrdiff_t tile = 0; tile < count; tile += rows) {
    fledge_floats sums[SUMS];
    FLEDGE_UNROLLED for (int k = 0; k < rows * width; ++k) sums[k] = fledge_splat(0);
    const float *x = tiles + tile * words, *filter = filters;
    for (ptrdiff_t block = 0; block < inputs; block += FLEDGE_LANES, x += TILES * words) {
      for (ptrdiff_t word = 0; word < words; ++word, filter += width * FLEDGE_LANES) {
        fledge_floats factors[WIDEST];
        FLEDGE_UNROLLED for (int j = 0; j < width; ++j) factors[j] = fledge_lanes_at(filter + j * FLEDGE_LANES);
        FLEDGE_UNROLLED for (int i = 0; i < rows; ++i) {
          FLEDGE_UNROLLED for (int j = 0; j < width; ++j) add(&sums[i * width + j], x + i * words + word, &factors[j]);
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

FLEDGE_INLINE void multiply(
    float *outputs, const float *tiles, const float *filters, ptrdiff_t inputs, ptrdiff_t output_count, ptrdiff_t count,
    const int per_word, fledge_add_product add) {
  for (ptrdiff_t point = 0; point < POINTS; ++point) {
    const float *x = tiles + point * fledge_tiles_pitch(inputs, per_word);
    for (ptrdiff_t first = 0; first < output_count; first += PANEL) {
      const float *panel =
          filters + point * fledge_filters_pitch(inputs, output_count, per_word) + first * inputs / per_word;
      float *out = outputs + point * fledge_tiles_pitch(output_count, 1) + first * TILES;
      switch ((output_count - first) / FLEDGE_LANES) {
        case 1: multiply_panel(out, x, panel, inputs, count, 24, 1, per_word, add); break;
        case 2: multiply_panel(out, x, panel, inputs, count, 12, 2, per_word, add); break;
        case 3: multiply_panel(out, x, panel, inputs, count, 8, 3, per_word, add); break;
        default: multiply_panel(out, x, panel, inputs, count, 6, 4, per_word, add);
      }
    }
  }
}

/// `rows` input channels, which divide 16, by `width` vectors of outputs at a time, over as many `words` of tiles.
FLEDGE_INLINE void accumulate_panel(
    float *panel, const float *tiles, const float *gradients, ptrdiff_t inputs, ptrdiff_t words, const int rows,
    const int width, const int per_word, fledge_add_product add) {
  const ptrdiff_t block = TILES / per_word * FLEDGE_LANES;
  for (ptrdiff_t input = 0; input < inputs; input += rows) {
    float *places = panel + input * width * FLEDGE_LANES;
    fledge_floats sums[SUMS];
    FLEDGE_UNROLLED for (int k = 0; k < rows * width; ++k) sums[k] = fledge_lanes_at(places + k * FLEDGE_LANES);
    const float *x = tiles + input / FLEDGE_LANES * block + input % FLEDGE_LANES;
    for (ptrdiff_t word = 0; word < words; ++word) {
      fledge_floats factors[WIDEST];
      FLEDGE_UNROLLED for (int j = 0; j < width; ++j) {
        factors[j] = fledge_lanes_at(gradients + j * block + word * FLEDGE_LANES);
      }
      FLEDGE_UNROLLED for (int i = 0; i < rows; ++i) {
        FLEDGE_UNROLLED for (int j = 0; j < width; ++j) {
          add(&sums[i * width + j], x + word * FLEDGE_LANES + i, &factors[j]);
        }
      }
    }
    FLEDGE_UNROLLED for (int k = 0; k < rows * width; ++k) fledge_put_lanes(places + k * FLEDGE_LANES, &sums[k]);
  }
}

FLEDGE_INLINE void accumulate(
    float *sums, const float *tiles, const float *gradients, ptrdiff_t inputs, ptrdiff_t outputs, ptrdiff_t count,
    const int per_word, fledge_add_product add) {
  const ptrdiff_t words = (count + per_word - 1) / per_word;
  for (ptrdiff_t point = 0; point < POINTS; ++point) {
    const float *x = tiles + point * fledge_tiles_pitch(inputs, per_word);
    for (ptrdiff_t first = 0; first < outputs; first += PANEL) {
      float *panel = sums + point * fledge_filters_pitch(inputs, outputs, 1) + first * inputs;
      const float *dy = gradients + point * fledge_tiles_pitch(outputs, per_word) + first * TILES / per_word;
      switch ((outputs - first) / FLEDGE_LANES) {
        case 1: accumulate_panel(panel, x, dy, inputs, words, 16, 1, per_word, add); break;
        case 2: accumulate_panel(panel, x, dy, inputs, words, 8, 2, per_word, add); break;
        case 3: accumulate_panel(panel, x, dy, inputs, words, 8, 3, per_word, add); break;
        default: accumulate_panel(panel, x, dy, inputs, words, 4, 4, per_word, add);
      }
    }
  }
}

FLEDGE_KERNEL static void multiply_words(
    float *outputs, const float *tiles, const float *filters, ptrdiff_t inputs, ptrdiff_t output_count, ptrdiff_t count) {
  multiply(outputs, tiles, filters, inputs, output_count, count, 1, add_product);
}

FLEDGE_KERNEL static void accumulate_words(
    float *sums, const float *tiles, const float *gradients, ptrdiff_t inputs, ptrdiff_t outputs, ptrdiff_t count) {
  accumulate(sums, tiles, gradients, inputs, outputs, count, 1, add_product);
}

#if defined(__x86_64__)
FLEDGE_PAIRS static inline __attribute__((always_inline)) void add_products(
    fledge_floats *sum, const float *word, const fledge_floats *factors) {
  int32_t pair;
  memcpy(&pair, word, sizeof pair);
  *sum = (fledge_floats)_mm512_dpbf16_ps((__m512)*sum, (__m512bh)_mm512_set1_epi32(pair), (__m512bh)*factors);
}

FLEDGE_PAIRS static void multiply_pairs(
    float *outputs, const float *tiles, const float *filters, ptrdiff_t inputs, ptrdiff_t output_count, ptrdiff_t count) {
  multiply(outputs, tiles, filters, inputs, output_count, count, 2, add_products);
}

FLEDGE_PAIRS static void accumulate_pairs(
    float *sums, const float *tiles, const float *gradients, ptrdiff_t inputs, ptrdiff_t outputs, ptrdiff_t count) {
  accumulate(sums, tiles, gradients, inputs, outputs, count, 2, add_products);
}
#endif

void fledge_winograd_multiply(
    float *outputs, fledge_points kind, const float *tiles, const float *filters, ptrdiff_t inputs, ptrdiff_t output_count,
    ptrdiff_t count) {
  switch (kind) {
#if defined(__x86_64__)
    case FLEDGE_POINTS_CHANNEL_PAIRS: multiply_pairs(outputs, tiles, filters, inputs, output_count, count); break;
#endif
    default: multiply_words(outputs, tiles, filters, inputs, output_count, count);
  }
}

void fledge_winograd_accumulate(
    float *sums, fledge_points kind, const float *tiles, const float *gradients, ptrdiff_t inputs, ptrdiff_t outputs,
    ptrdiff_t count) {
  switch (kind) {
#if defined(__x86_64__)
    case FLEDGE_POINTS_TILE_PAIRS: accumulate_pairs(sums, tiles, gradients, inputs, outputs, count); break;
#endif
    default: accumulate_words(sums, tiles, gradients, inputs, outputs, count);
  }
}

int fledge_winograd_is_fast(fledge_points kind) {
#if defined(__x86_64__)
  // Twenty-four sums of sixteen floats are registers of AVX-512 alone.
  return kind == FLEDGE_POINTS_FLOAT32 ? __builtin_cpu_supports("avx512f") != 0 : __builtin_cpu_supports("avx512bf16") != 0;
#else
  return 0;
#endif
}
