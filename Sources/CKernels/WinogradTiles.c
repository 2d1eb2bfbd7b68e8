#include "Narrow.h"
#include "Winograd.h"

/// Sixteen channels of a pixel, kept in either type.
FLEDGE_INLINE fledge_floats pixel_at(const void *images, ptrdiff_t offset, int is_narrow) {
  if (!is_narrow) return fledge_lanes_at((const float *)images + offset);
  const uint16_t *narrow = (const uint16_t *)images + offset;
  float pixel[FLEDGE_LANES];
  FLEDGE_CHANNELS for (size_t i = 0; i < FLEDGE_LANES; ++i) pixel[i] = fledge_widened(narrow[i]);
  return fledge_lanes_at(pixel);
}

FLEDGE_INLINE void put_pixel(void *images, ptrdiff_t offset, const fledge_floats *pixel, int is_narrow) {
  if (!is_narrow) {
    fledge_put_lanes((float *)images + offset, pixel);
    return;
  }
  uint16_t *narrow = (uint16_t *)images + offset;
  float lanes[FLEDGE_LANES];
  fledge_put_lanes(lanes, pixel);
  FLEDGE_CHANNELS for (size_t i = 0; i < FLEDGE_LANES; ++i) narrow[i] = fledge_narrowed(lanes[i]);
}

/// A tile of an image.
typedef struct {
  ptrdiff_t image, row, column;
} fledge_tile;

FLEDGE_INLINE fledge_tile tile_at(fledge_tiling tiling, ptrdiff_t index) {
  return (fledge_tile){
      index / tiling.columns / tiling.rows, index / tiling.columns % tiling.rows, index % tiling.columns};
}

FLEDGE_INLINE void advance(fledge_tile *tile, fledge_tiling tiling) {
  if (++tile->column < tiling.columns) return;
  tile->column = 0;
  if (++tile->row < tiling.rows) return;
  tile->row = 0;
  ++tile->image;
}

/// Where pixel (row, column) of a tile's block of channels is; rows and columns may lie outside of the image.
FLEDGE_INLINE ptrdiff_t place(fledge_tiling tiling, fledge_tile tile, ptrdiff_t block, ptrdiff_t row, ptrdiff_t column) {
  const ptrdiff_t plane = tile.image * (tiling.channels / FLEDGE_LANES) + block;
  return ((plane * tiling.height + tile.row * TILE - tiling.padding_top + row) * tiling.width + tile.column * TILE
             - tiling.padding_left + column)
      * FLEDGE_LANES;
}

/// Tiles that are asked of memory before their turn: the processor foresees rows of pixels, not rows of tiles.
enum { AHEAD = 2 };

/// Asks for a tile's pixels but those that its neighbours share.
FLEDGE_INLINE void foresee(
    const void *images, fledge_tiling tiling, fledge_tile tile, ptrdiff_t block, int is_narrow, int is_written) {
  const ptrdiff_t size = is_narrow ? sizeof(uint16_t) : sizeof(float), line = 64;
  for (ptrdiff_t i = 0; i < TILE; ++i) {
    const char *row = (const char *)images
        + place(tiling, tile, block, tiling.padding_top + i, tiling.padding_left) * size;
    for (ptrdiff_t byte = 0; byte < TILE * FLEDGE_LANES * size; byte += line) {
      if (is_written) {
        __builtin_prefetch(row + byte, 1);
      } else {
        __builtin_prefetch(row + byte, 0);
      }
    }
  }
}

/// Where a tile's block of channels is, within a point.
FLEDGE_INLINE ptrdiff_t place_of_points(fledge_points kind, ptrdiff_t block, ptrdiff_t tile) {
  switch (kind) {
    case FLEDGE_POINTS_FLOAT32: return (block * TILES + tile) * FLEDGE_LANES;
    case FLEDGE_POINTS_CHANNEL_PAIRS: return (block * TILES + tile) * FLEDGE_LANES / 2;
    case FLEDGE_POINTS_TILE_PAIRS: return (block * TILES / 2 + tile / 2) * FLEDGE_LANES;
  }
}

FLEDGE_INLINE ptrdiff_t clamp(ptrdiff_t x, ptrdiff_t low, ptrdiff_t high) { return x < low ? low : x > high ? high : x; }

/// `to_points` of images that are kept as `is_narrow` says.
FLEDGE_INLINE void to_points_of(
    float *points, const void *images, fledge_tiling tiling, ptrdiff_t first, ptrdiff_t count, const int is_narrow,
    const ptrdiff_t side, fledge_transform transform, const fledge_points kind, fledge_put put) {
  static const float outside[SIDE * FLEDGE_LANES];
  const ptrdiff_t per_word = kind == FLEDGE_POINTS_FLOAT32 ? 1 : 2;
  const ptrdiff_t blocks = tiling.channels / FLEDGE_LANES, pitch = fledge_tiles_pitch(tiling.channels, per_word);
  const ptrdiff_t size = is_narrow ? sizeof(uint16_t) : sizeof(float);
  fledge_tile tile = tile_at(tiling, first), ahead = tile_at(tiling, first + AHEAD);
  for (ptrdiff_t t = 0; t < count; ++t, advance(&tile, tiling), advance(&ahead, tiling)) {
    const ptrdiff_t top = tile.row * TILE - tiling.padding_top, left = tile.column * TILE - tiling.padding_left;
    // Of the tile's columns those inside of the image.
    const ptrdiff_t start = clamp(-left, 0, side), end = clamp(tiling.width - left, start, side);
    for (ptrdiff_t block = 0; block < blocks; ++block) {
      foresee(images, tiling, ahead, block, is_narrow, 0);
      const void *rows[SIDE];
      FLEDGE_UNROLLED for (ptrdiff_t i = 0; i < side; ++i) {
        const int is_inside = top + i >= 0 && top + i < tiling.height && start < end;
        rows[i] = is_inside ? (const char *)images + place(tiling, tile, block, i, start) * size : (const char *)outside;
      }
      fledge_floats half[SIDE * SIDE];
      for (ptrdiff_t j = 0; j < side; ++j) {
        if (j < start || j >= end) {
          for (ptrdiff_t i = 0; i < SIDE; ++i) half[i * side + j] = fledge_splat(0);
          continue;
        }
        fledge_floats column[SIDE];
        FLEDGE_UNROLLED for (ptrdiff_t i = 0; i < side; ++i) {
          column[i] = pixel_at(rows[i], (j - start) * FLEDGE_LANES, is_narrow);
        }
        transform(half + j, side, column, 1);
      }
      float *out = points + place_of_points(kind, block, t);
      for (ptrdiff_t i = 0; i < SIDE; ++i) {
        fledge_floats row[SIDE];
        transform(row, 1, half + i * side, 1);
        FLEDGE_UNROLLED for (ptrdiff_t j = 0; j < SIDE; ++j) put(out + (i * SIDE + j) * pitch, &row[j], t % 2);
      }
    }
  }
}

/// The points of tiles of `side` × `side` pixels; what lies outside of the image is zero.
FLEDGE_INLINE void to_points(
    float *points, const void *images, fledge_tiling tiling, ptrdiff_t first, ptrdiff_t count, const ptrdiff_t side,
    fledge_transform transform, const fledge_points kind, fledge_put put) {
  if (tiling.is_narrow) {
    to_points_of(points, images, tiling, first, count, 1, side, transform, kind, put);
  } else {
    to_points_of(points, images, tiling, first, count, 0, side, transform, kind, put);
  }
}

FLEDGE_KERNEL static void images_to_words(
    float *points, const void *images, fledge_tiling tiling, ptrdiff_t first, ptrdiff_t count) {
  to_points(
      points, images, tiling, first, count, SIDE, fledge_pixels_to_points, FLEDGE_POINTS_FLOAT32, fledge_put_words);
}

FLEDGE_KERNEL static void gradients_to_words(
    float *points, const void *images, fledge_tiling tiling, ptrdiff_t first, ptrdiff_t count) {
  to_points(
      points, images, tiling, first, count, TILE, fledge_gradients_to_points, FLEDGE_POINTS_FLOAT32, fledge_put_words);
}

#if defined(__x86_64__)
FLEDGE_PAIRS static void images_to_channel_pairs(
    float *points, const void *images, fledge_tiling tiling, ptrdiff_t first, ptrdiff_t count) {
  to_points(
      points, images, tiling, first, count, SIDE, fledge_pixels_to_points, FLEDGE_POINTS_CHANNEL_PAIRS, fledge_put_channel_pairs);
}

FLEDGE_PAIRS static void images_to_tile_pairs(
    float *points, const void *images, fledge_tiling tiling, ptrdiff_t first, ptrdiff_t count) {
  to_points(
      points, images, tiling, first, count, SIDE, fledge_pixels_to_points, FLEDGE_POINTS_TILE_PAIRS, fledge_put_halves);
}

FLEDGE_PAIRS static void gradients_to_tile_pairs(
    float *points, const void *images, fledge_tiling tiling, ptrdiff_t first, ptrdiff_t count) {
  to_points(
      points, images, tiling, first, count, TILE, fledge_gradients_to_points, FLEDGE_POINTS_TILE_PAIRS, fledge_put_halves);
}
#endif

void fledge_winograd_images(
    float *points, fledge_points kind, const void *images, fledge_tiling tiling, ptrdiff_t first, ptrdiff_t count) {
  switch (kind) {
#if defined(__x86_64__)
    case FLEDGE_POINTS_CHANNEL_PAIRS: images_to_channel_pairs(points, images, tiling, first, count); break;
    case FLEDGE_POINTS_TILE_PAIRS: images_to_tile_pairs(points, images, tiling, first, count); break;
#endif
    default: images_to_words(points, images, tiling, first, count);
  }
}

void fledge_winograd_gradients(
    float *points, fledge_points kind, const void *gradients, fledge_tiling tiling, ptrdiff_t first, ptrdiff_t count) {
  switch (kind) {
#if defined(__x86_64__)
    case FLEDGE_POINTS_TILE_PAIRS: gradients_to_tile_pairs(points, gradients, tiling, first, count); break;
#endif
    default: gradients_to_words(points, gradients, tiling, first, count);
  }
}

FLEDGE_INLINE void to_outputs(
    void *outputs, const float *points, fledge_epilogue epilogue, fledge_tiling tiling, ptrdiff_t first, ptrdiff_t count,
    int is_narrow) {
  const ptrdiff_t blocks = tiling.channels / FLEDGE_LANES, pitch = fledge_tiles_pitch(tiling.channels, 1);
  fledge_tile tile = tile_at(tiling, first), ahead = tile_at(tiling, first + AHEAD);
  for (ptrdiff_t t = 0; t < count; ++t, advance(&tile, tiling), advance(&ahead, tiling)) {
    const ptrdiff_t rows = tiling.height - tile.row * TILE, columns = tiling.width - tile.column * TILE;
    for (ptrdiff_t block = 0; block < blocks; ++block) {
      foresee(outputs, tiling, ahead, block, is_narrow, 1);
      const float *x = points + (block * TILES + t) * FLEDGE_LANES;
      const fledge_floats bias = epilogue.bias ? fledge_lanes_at(epilogue.bias + block * FLEDGE_LANES) : fledge_splat(0);
      fledge_floats half[TILE * SIDE];
      for (ptrdiff_t j = 0; j < SIDE; ++j) {
        fledge_floats column[SIDE];
        FLEDGE_UNROLLED for (ptrdiff_t i = 0; i < SIDE; ++i) column[i] = fledge_lanes_at(x + (i * SIDE + j) * pitch);
        fledge_points_to_outputs(half + j, SIDE, column, 1);
      }
      for (ptrdiff_t i = 0; i < TILE && i < rows; ++i) {
        fledge_floats row[TILE];
        fledge_points_to_outputs(row, 1, half + i * SIDE, 1);
        FLEDGE_UNROLLED for (ptrdiff_t j = 0; j < TILE; ++j) {
          if (j >= columns) continue;
          const ptrdiff_t offset = place(tiling, tile, block, i, j);
          fledge_floats pixel = row[j] + bias;
          if (epilogue.addend) pixel += pixel_at(epilogue.addend, offset, epilogue.is_addend_narrow);
          if (epilogue.is_rectified) pixel = fledge_greater_lanes(pixel, fledge_splat(0));
          put_pixel(outputs, offset, &pixel, is_narrow);
        }
      }
    }
  }
}

FLEDGE_KERNEL void fledge_winograd_outputs(
    void *outputs, const float *points, fledge_epilogue epilogue, fledge_tiling tiling, ptrdiff_t first, ptrdiff_t count) {
  if (tiling.is_narrow) {
    to_outputs(outputs, points, epilogue, tiling, first, count, 1);
  } else {
    to_outputs(outputs, points, epilogue, tiling, first, count, 0);
  }
}
