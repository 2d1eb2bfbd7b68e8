#pragma once

#include <stddef.h>
#include <stdint.h>

// The innermost loops of the CPU backend, float32. Sizes, strides and decisions stay in Swift.
//
// Everywhere: counts and strides are in elements; matrices are row-major; a count of 0 is allowed and touches nothing.
// An elementwise kernel's `out` may be one of its inputs (exactly, not shifted); elsewhere memory must not overlap.
// An element's result is a function of its operands alone, a reduction's of its elements and their count: neither
// alignment nor a position within a vector changes a bit. Processors with other vector units may differ in the last bits.

#if defined(__cplusplus)
extern "C" {
#endif
#pragma clang assume_nonnull begin

// MARK: Elementwise, one operand

/// out = x.
void fledge_copy(float *out, const float *x, size_t count);
/// out = x past the caches, for what is read again too late to be found there; `out` is a multiple of 64 bytes.
void fledge_stream(float *out, const float *x, size_t count);
/// Asks memory for what is soon to be read, and not yet.
void fledge_foresee(const void *x, size_t bytes);
/// out = −x.
void fledge_negate(float *out, const float *x, size_t count);
/// out = |x|.
void fledge_absolute(float *out, const float *x, size_t count);
/// out = 1, −1, or x itself where x is ±0 or NaN.
void fledge_sign(float *out, const float *x, size_t count);
/// out = ⌊x⌋.
void fledge_floor(float *out, const float *x, size_t count);
/// out = √x.
void fledge_square_root(float *out, const float *x, size_t count);
/// out = 1/x.
void fledge_reciprocal(float *out, const float *x, size_t count);
/// out = eˣ; at most 2 ulp.
void fledge_exponential(float *out, const float *x, size_t count);
/// out = eˣ − 1, exact near 0; at most 2 ulp.
void fledge_expm1(float *out, const float *x, size_t count);
/// out = ln x; −∞ at ±0, NaN below; at most 2 ulp.
void fledge_logarithm(float *out, const float *x, size_t count);
/// out = ln(1 + x), exact near 0; −∞ at −1, NaN below; at most 2 ulp.
void fledge_log1p(float *out, const float *x, size_t count);
/// out = tanh x; at most 2 ulp.
void fledge_tanh(float *out, const float *x, size_t count);
/// out = 1/(1 + e⁻ˣ); at most 2 ulp.
void fledge_sigmoid(float *out, const float *x, size_t count);
/// out = erf x; at most 2 ulp.
void fledge_erf(float *out, const float *x, size_t count);
/// out = sin x, x in radians; at most 2 ulp (|x| > 10⁶ falls back to the C library, and is slow).
void fledge_sine(float *out, const float *x, size_t count);
/// out = cos x, x in radians; at most 2 ulp (|x| > 10⁶ falls back to the C library, and is slow).
void fledge_cosine(float *out, const float *x, size_t count);

// MARK: Elementwise, two operands: vector–vector (vv), vector–scalar (vs), scalar–vector (sv); a matrix [rows, columns] and
// a row that repeats (vr), or the row first (rv)

/// out = a + b.
void fledge_add_vv(float *out, const float *a, const float *b, size_t count);
void fledge_add_vs(float *out, const float *a, float b, size_t count);
void fledge_add_sv(float *out, float a, const float *b, size_t count);
void fledge_add_vr(float *out, const float *a, const float *row, size_t rows, size_t columns);
void fledge_add_rv(float *out, const float *row, const float *b, size_t rows, size_t columns);
/// out = a − b.
void fledge_subtract_vv(float *out, const float *a, const float *b, size_t count);
void fledge_subtract_vs(float *out, const float *a, float b, size_t count);
void fledge_subtract_sv(float *out, float a, const float *b, size_t count);
void fledge_subtract_vr(float *out, const float *a, const float *row, size_t rows, size_t columns);
void fledge_subtract_rv(float *out, const float *row, const float *b, size_t rows, size_t columns);
/// out = a · b.
void fledge_multiply_vv(float *out, const float *a, const float *b, size_t count);
void fledge_multiply_vs(float *out, const float *a, float b, size_t count);
void fledge_multiply_sv(float *out, float a, const float *b, size_t count);
void fledge_multiply_vr(float *out, const float *a, const float *row, size_t rows, size_t columns);
void fledge_multiply_rv(float *out, const float *row, const float *b, size_t rows, size_t columns);
/// out = a / b.
void fledge_divide_vv(float *out, const float *a, const float *b, size_t count);
void fledge_divide_vs(float *out, const float *a, float b, size_t count);
void fledge_divide_sv(float *out, float a, const float *b, size_t count);
void fledge_divide_vr(float *out, const float *a, const float *row, size_t rows, size_t columns);
void fledge_divide_rv(float *out, const float *row, const float *b, size_t rows, size_t columns);
/// out = a where a > b, else b; NaN if either is NaN.
void fledge_maximum_vv(float *out, const float *a, const float *b, size_t count);
void fledge_maximum_vs(float *out, const float *a, float b, size_t count);
void fledge_maximum_sv(float *out, float a, const float *b, size_t count);
void fledge_maximum_vr(float *out, const float *a, const float *row, size_t rows, size_t columns);
void fledge_maximum_rv(float *out, const float *row, const float *b, size_t rows, size_t columns);
/// out = a where a < b, else b; NaN if either is NaN.
void fledge_minimum_vv(float *out, const float *a, const float *b, size_t count);
void fledge_minimum_vs(float *out, const float *a, float b, size_t count);
void fledge_minimum_sv(float *out, float a, const float *b, size_t count);
void fledge_minimum_vr(float *out, const float *a, const float *row, size_t rows, size_t columns);
void fledge_minimum_rv(float *out, const float *row, const float *b, size_t rows, size_t columns);
/// out = 1 where a < b, else 0.
void fledge_less_vv(float *out, const float *a, const float *b, size_t count);
void fledge_less_vs(float *out, const float *a, float b, size_t count);
void fledge_less_sv(float *out, float a, const float *b, size_t count);
void fledge_less_vr(float *out, const float *a, const float *row, size_t rows, size_t columns);
void fledge_less_rv(float *out, const float *row, const float *b, size_t rows, size_t columns);
/// out = 1 where a = b, else 0.
void fledge_equal_vv(float *out, const float *a, const float *b, size_t count);
void fledge_equal_vs(float *out, const float *a, float b, size_t count);
void fledge_equal_sv(float *out, float a, const float *b, size_t count);
void fledge_equal_vr(float *out, const float *a, const float *row, size_t rows, size_t columns);
void fledge_equal_rv(float *out, const float *row, const float *b, size_t rows, size_t columns);
/// out = aᵇ, as powf; slow but for the scalar exponents 2, 1, ½ and −1.
void fledge_power_vv(float *out, const float *a, const float *b, size_t count);
void fledge_power_vs(float *out, const float *a, float b, size_t count);
void fledge_power_sv(float *out, float a, const float *b, size_t count);
void fledge_power_vr(float *out, const float *a, const float *row, size_t rows, size_t columns);
void fledge_power_rv(float *out, const float *row, const float *b, size_t rows, size_t columns);

// MARK: Elementwise, others

/// out = a where condition ≠ 0 (NaN included), else b.
void fledge_select(float *out, const float *condition, const float *a, const float *b, size_t count);
/// out = a · b + c, rounded once or twice as the processor likes; b and c are vectors, or numbers where their step is 0.
void fledge_multiply_add(
    float *out, const float *a, const float *b, int b_step, const float *c, int c_step, size_t count);
/// out = a · b − c, likewise.
void fledge_multiply_subtract(
    float *out, const float *a, const float *b, int b_step, const float *c, int c_step, size_t count);
/// out = c − a · b, likewise.
void fledge_subtract_product(
    float *out, const float *a, const float *b, int b_step, const float *c, int c_step, size_t count);
/// out = value.
void fledge_fill(float *out, float value, size_t count);

// MARK: Reductions

/// Σ x; 0 of nothing. Within blocks of 4096 in float32 lanes, across blocks in float64.
float fledge_sum(const float *x, size_t count);
/// The greatest of x; NaN if one is NaN, −∞ of nothing.
float fledge_maximum(const float *x, size_t count);
/// accumulator[i] += x[i].
void fledge_accumulate_sum(float *accumulator, const float *x, size_t count);
/// accumulator[i] = max(accumulator[i], x[i]), NaN winning.
void fledge_accumulate_maximum(float *accumulator, const float *x, size_t count);
/// accumulator[c] += Σ of column c of x [rows, columns].
void fledge_sum_columns(float *accumulator, const float *x, size_t rows, size_t columns);
/// accumulator[r] += Σ of row r of x [rows, columns], whose rows begin `row_stride` apart.
void fledge_sum_rows(float *accumulator, const float *x, size_t rows, size_t columns, size_t row_stride);
/// accumulator[r] = max(accumulator[r], greatest of row r of x), NaN winning.
void fledge_maximum_rows(float *accumulator, const float *x, size_t rows, size_t columns, size_t row_stride);

// MARK: Random numbers

/// Words `position ..< position + count` of Philox 4×32-10 as numbers in [0, 1), (word >> 8) · 2⁻²⁴: word p is number p % 4 of
/// the block with the counter {p / 4 low, p / 4 high, stream low, stream high} and the key {key low, key high} (Salmon et al.
/// 2011).
void fledge_philox_uniform(float *out, uint64_t key, uint64_t stream, uint64_t position, size_t count);

// MARK: Sliding windows

/// A window sliding over planes [input_height, input_width], in pixels. Output pixel (r, c) under kernel pixel (i, j) reads
/// input row r · stride_height + i · dilation_height − padding_top, and so the columns; what lies outside is padding.
///
/// Paddings may be negative: a tile of output rows from r₀ on is the same window with padding_top − r₀ · stride_height.
typedef struct {
  ptrdiff_t input_height, input_width;
  ptrdiff_t kernel_height, kernel_width;
  ptrdiff_t stride_height, stride_width;
  ptrdiff_t padding_top, padding_left;
  ptrdiff_t dilation_height, dilation_width;
  ptrdiff_t output_height, output_width;
} fledge_window;

/// Patches of image [channels, input_height, input_width] as columns: out [channels · kernel_height · kernel_width,
/// output_height · output_width], padding zero.
void fledge_im2col(float *out, const float *image, size_t channels, fledge_window window);
/// The transpose of `fledge_im2col`: adds the columns of a matrix of its shape to the image.
void fledge_col2im(float *image, const float *columns, size_t channels, fledge_window window);

/// out [output_height, output_width] = the greatest under each window of the plane x; NaN wins, padding is −∞.
void fledge_max_pool(float *out, const float *x, fledge_window window);
/// dx (as x) = each dy [output_height, output_width] at its window's first maximum, added up row by row, and 0 elsewhere; the
/// first NaN counts as the maximum; a window of padding alone adds nothing.
void fledge_max_pool_gradient(float *dx, const float *dy, const float *x, fledge_window window);
/// out [output_height, output_width] = the mean of each window of the plane x, padding counted as zeros.
void fledge_average_pool(float *out, const float *x, fledge_window window);
/// dx [input_height, input_width] = the sum of each dy [output_height, output_width], divided by the window's area, that
/// belongs to a window over it.
void fledge_average_pool_gradient(float *dx, const float *dy, fledge_window window);

// MARK: Sliding windows over channels in blocks of 16: each pixel of x, dx, out and dy is 16 floats

/// `fledge_max_pool` of 16 channels at once, x being [input_height, input_width, 16].
void fledge_max_pool_16(float *out, const float *x, fledge_window window);
/// `fledge_max_pool_gradient` of 16 channels at once.
void fledge_max_pool_gradient_16(float *dx, const float *dy, const float *x, fledge_window window);
/// `fledge_average_pool` of 16 channels at once.
void fledge_average_pool_16(float *out, const float *x, fledge_window window);
/// `fledge_average_pool_gradient` of 16 channels at once.
void fledge_average_pool_gradient_16(float *dx, const float *dy, fledge_window window);

// MARK: Convolution of 3×3 windows at stride 1 by Winograd's algorithm, F(4×4, 3×3) (Lavin and Gray 2015)

// A tile of 4×4 outputs reads 6×6 pixels. Transformed, a tile's pixels, its outputs and a filter each are 36 points, and the
// convolution is a product at every point, summed over channels: a quarter of the multiplications. Channels are multiples of
// 16. Up to 24 tiles are worked on at a time, whose points, [36, channels / 16, 24, 16], stay in the second-level cache.

enum { FLEDGE_WINOGRAD_SIDE = 4, FLEDGE_WINOGRAD_TILES = 24, FLEDGE_WINOGRAD_POINTS = 36 };

/// Images [images, channels / 16, height, width, 16] as tiles of 4×4 outputs, `rows` × `columns` an image.
typedef struct {
  ptrdiff_t channels, height, width;
  ptrdiff_t rows, columns;
  /// What the first tile reads outside of an image, which is zero; 0 where the images are the outputs or their gradients.
  ptrdiff_t padding_top, padding_left;
  /// Whether they are kept in bfloat16, else in float32.
  int is_narrow;
} fledge_tiling;

/// How points are kept.
typedef enum {
  FLEDGE_POINTS_FLOAT32,
  /// Bfloat16, with two channels' in a word: what is multiplied with filters.
  FLEDGE_POINTS_CHANNEL_PAIRS,
  /// Bfloat16, with two tiles' in a word: what is summed up to the gradients of filters.
  FLEDGE_POINTS_TILE_PAIRS,
} fledge_points;

/// Whether this processor has the registers, or instructions, that the kernels are made for. Without, those for float32 are
/// slow, and those for bfloat16 must not be called.
int fledge_winograd_is_fast(fledge_points kind);
/// Floats of memory for the points of 24 tiles.
size_t fledge_winograd_tiles_count(ptrdiff_t channels, fledge_points kind);
/// Floats of memory for the points of all filters, or for sums of their gradients, which are float32.
size_t fledge_winograd_filters_count(ptrdiff_t inputs, ptrdiff_t outputs, fledge_points kind);

/// The points of the pixels that tiles `first ..< first + count` read, count at most 24.
void fledge_winograd_images(
    float *points, fledge_points kind, const void *images, fledge_tiling tiling, ptrdiff_t first, ptrdiff_t count);
/// The points of the tiles' gradients of outputs.
void fledge_winograd_gradients(
    float *points, fledge_points kind, const void *gradients, fledge_tiling tiling, ptrdiff_t first, ptrdiff_t count);
/// What is done to sums before they are written.
typedef struct {
  /// A number a channel to add, or NULL.
  const float *_Nullable bias;
  /// Images like the outputs to add, or NULL.
  const void *_Nullable addend;
  int is_addend_narrow;
  /// Whether 0 then takes the place of what is less.
  int is_rectified;
} fledge_epilogue;
/// The tiles' outputs from their points.
void fledge_winograd_outputs(
    void *outputs, const float *points, fledge_epilogue epilogue, fledge_tiling tiling, ptrdiff_t first, ptrdiff_t count);

/// Filters of 3×3 taps that lie together, from each of `inputs` channels to each of `outputs`.
typedef struct {
  ptrdiff_t inputs, outputs;
  /// From the filters of one input, or output, to the next.
  ptrdiff_t input_stride, output_stride;
  /// Whether taps are read last to first, as the gradient of images has them.
  int is_turned;
} fledge_filters;

/// The points of the filters of inputs `first ..< first + count`, both even where two channels share a word.
void fledge_winograd_filters(
    float *points, fledge_points kind, const float *filters, fledge_filters shape, ptrdiff_t first, ptrdiff_t count);
/// The gradients [outputs, inputs, 3, 3] of the filters of inputs `first ..< first + count`, from sums in so many parts, which
/// begin `part_stride` apart.
void fledge_winograd_filter_gradients(
    float *gradients, const float *sums, ptrdiff_t parts, ptrdiff_t part_stride, ptrdiff_t inputs, ptrdiff_t outputs,
    ptrdiff_t first, ptrdiff_t count);

/// outputs = tiles · filters at every point, of `count` tiles.
void fledge_winograd_multiply(
    float *outputs, fledge_points kind, const float *tiles, const float *filters, ptrdiff_t inputs, ptrdiff_t output_count,
    ptrdiff_t count);
/// sums += the gradients of filters from `count` tiles and the gradients of their outputs, at every point.
void fledge_winograd_accumulate(
    float *sums, fledge_points kind, const float *tiles, const float *gradients, ptrdiff_t inputs, ptrdiff_t outputs,
    ptrdiff_t count);

// MARK: Layout

/// out [columns, rows] = the transpose of x [rows, columns]; rows of each begin so many elements apart.
void fledge_transpose(
    float *out, size_t out_row_stride, const float *x, size_t x_row_stride, size_t rows, size_t columns);
/// out [rows, columns] = x [columns], again and again.
void fledge_repeat_row(float *out, const float *x, size_t rows, size_t columns);
/// out[i] = x[i · stride]; the stride may be 0 or negative.
void fledge_copy_strided(float *out, const float *x, ptrdiff_t stride, size_t count);
/// out[i] = x[i · stride] of bfloat16 numbers: the upper halves of float32.
void fledge_widen(float *out, const uint16_t *x, ptrdiff_t stride, size_t count);
/// The nearest bfloat16 numbers, ties to even; NaN stays NaN.
void fledge_narrow(uint16_t *out, const float *x, size_t count);
/// All first bytes of the elements, then all second bytes, …: what a compressor likes.
void fledge_byte_shuffle(uint8_t *out, const uint8_t *x, size_t element_count, size_t element_size);
/// The inverse of `fledge_byte_shuffle`.
void fledge_byte_unshuffle(uint8_t *out, const uint8_t *x, size_t element_count, size_t element_size);

// MARK: Threads

/// Runs `body(context, thread, threads)` once on each thread of an OpenMP team and waits for all. The team may be smaller
/// than asked, so bodies divide the work by the `threads` they get. OpenBLAS (OpenMP build) uses the same pool.
void fledge_parallel(
    int threads, void (*body)(void *_Nullable context, int thread, int threads), void *_Nullable context);
/// To be called now and then by the thread that starts teams. While other work keeps taking the processor from it, threads
/// that wait for their team are let sleep after some microseconds instead of spinning: a spinning thread keeps the processor
/// from the one that it waits for. On a quiet machine they spin, which is faster by a third in small programs.
void fledge_adapt_waiting(void);

#pragma clang assume_nonnull end
#if defined(__cplusplus)
}
#endif
