#pragma once

#include <stddef.h>

// What Fledge uses of oneDNN, behind one interface for the C APIs of its versions 2 and 3, which differ.

#pragma clang assume_nonnull begin

/// oneDNN's engine and stream. Used by one thread at a time.
typedef struct fledge_dnn fledge_dnn;
fledge_dnn *_Nullable fledge_dnn_create(void);
void fledge_dnn_destroy(fledge_dnn *dnn);
/// The library's version, such as "2.6.3".
const char *fledge_dnn_version(void);
/// oneDNN's word for a status that a run returned, such as "out_of_memory".
const char *fledge_dnn_status_name(int status);

/// Makes OpenMP's teams, which oneDNN computes with, so large from now on.
void fledge_dnn_set_threads(int threads);

typedef enum {
  FLEDGE_DNN_FORWARD,
  FLEDGE_DNN_INPUT_GRADIENT,
  FLEDGE_DNN_FILTER_GRADIENT,
} fledge_dnn_direction;

/// What numbers are kept in, and multiplied in; sums are float32 in either.
typedef enum {
  FLEDGE_DNN_FLOAT32,
  FLEDGE_DNN_BFLOAT16,
} fledge_dnn_type;

/// Whether this processor multiplies bfloat16 numbers faster than float32.
int fledge_dnn_has_bfloat16(void);

/// What a kernel adds to its sums before it writes them. No activations: oneDNN's make 0 of what is not a number.
typedef struct {
  /// One float32 number for each output channel, or column.
  int has_bias;
  /// An array of the result's shape and layout.
  int has_addend;
  fledge_dnn_type addend_type;
} fledge_dnn_epilogue;

/// The sizes of a convolution. Images and outputs are [batch, channels, height, width], or in blocks of 16 channels,
/// [batch, channels / 16, height, width, 16]; where none are, the kernel brings them into a form of its own. Filters are
/// [outputs, inputs / groups, height, width] and float32.
typedef struct {
  ptrdiff_t batch, input_channels, output_channels, groups;
  ptrdiff_t input_height, input_width, output_height, output_width;
  ptrdiff_t kernel_height, kernel_width, stride_height, stride_width;
  ptrdiff_t padding_height, padding_width, dilation_height, dilation_width;
  int input_is_blocked, output_is_blocked;
  fledge_dnn_type input_type, output_type;
  /// Gradients have none.
  fledge_dnn_epilogue epilogue;
} fledge_dnn_sizes;

/// A kernel for two operands and a result of given sizes, ready to run.
typedef struct fledge_dnn_kernel fledge_dnn_kernel;
void fledge_dnn_kernel_destroy(fledge_dnn_kernel *kernel);
/// Bytes of working memory that a run needs, from an address that is a multiple of 64.
size_t fledge_dnn_kernel_scratch(const fledge_dnn_kernel *kernel);
/// oneDNN's name of it.
const char *fledge_dnn_kernel_name(const fledge_dnn_kernel *kernel);
/// oneDNN's status, 0 if all went well. Bias and addend are NULL for a kernel without.
int fledge_dnn_kernel_run(
    fledge_dnn_kernel *kernel, const void *first, const void *second, const float *_Nullable bias,
    const void *_Nullable addend, void *result, void *scratch);

/// A convolution or one of its gradients by a kernel that multiplies numbers of `type`, converting what lies otherwise. NULL
/// where oneDNN has no such kernel on this machine but its plain reference.
///
/// Operands: forward images and filters, for the input gradient the outputs' gradient and filters, for the filter gradient the
/// outputs' gradient and images.
fledge_dnn_kernel *_Nullable fledge_dnn_convolution_create(
    fledge_dnn *dnn, fledge_dnn_direction direction, fledge_dnn_type type,
    fledge_dnn_sizes sizes);
/// Whether there is one, without making it.
int fledge_dnn_convolution_exists(
    fledge_dnn *dnn, fledge_dnn_direction direction, fledge_dnn_type type,
    fledge_dnn_sizes sizes);

/// result [rows, columns] = a · b of row-major matrices, each transposed first if so said; rows of `a` as it lies in
/// memory begin `a_stride` apart, those of `b` `b_stride`. oneDNN's status, 0 if all went well.
int fledge_dnn_multiply(
    int transpose_a, int transpose_b, ptrdiff_t rows, ptrdiff_t columns, ptrdiff_t inner, const float *a,
    ptrdiff_t a_stride, const float *b, ptrdiff_t b_stride, float *result);

/// The sizes of a product as above, and what its factors and result are kept in.
typedef struct {
  ptrdiff_t rows, columns, inner;
  int transpose_a, transpose_b;
  fledge_dnn_type a_type, b_type, result_type;
  fledge_dnn_epilogue epilogue;
} fledge_dnn_product_sizes;

/// The same product, of a and b, by a kernel made for its sizes, which is faster for some of them. It multiplies numbers of
/// `type`, converting what lies otherwise. NULL where oneDNN has no such kernel on this machine.
fledge_dnn_kernel *_Nullable fledge_dnn_product_create(
    fledge_dnn *dnn, fledge_dnn_type type, fledge_dnn_product_sizes sizes);

#pragma clang assume_nonnull end
