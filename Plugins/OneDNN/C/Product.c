#include <string.h>

#include "Kernel.h"

int fledge_dnn_multiply(
    int transpose_a, int transpose_b, ptrdiff_t rows, ptrdiff_t columns, ptrdiff_t inner, const float *a,
    ptrdiff_t a_stride, const float *b, ptrdiff_t b_stride, float *result) {
  return dnnl_sgemm(
      transpose_a ? 'T' : 'N', transpose_b ? 'T' : 'N', rows, columns, inner, 1, a, a_stride, b, b_stride, 0, result,
      columns);
}

static dnnl_primitive_desc_t make_kernel(
    fledge_dnn *dnn, fledge_descriptor a, fledge_descriptor b, fledge_descriptor bias, fledge_descriptor result,
    const_dnnl_primitive_attr_t attributes) {
  dnnl_primitive_desc_t kernel = NULL;
#if DNNL_VERSION_MAJOR >= 3
  const dnnl_status_t status =
      dnnl_matmul_primitive_desc_create(&kernel, dnn->engine, a, b, bias, result, attributes);
#else
  dnnl_matmul_desc_t product;
  dnnl_status_t status = dnnl_matmul_desc_init(&product, a, b, bias, result);
  if (status == dnnl_success) status = dnnl_primitive_desc_create(&kernel, &product, attributes, dnn->engine, NULL);
#endif
  return status == dnnl_success ? kernel : NULL;
}

/// A matrix as it lies in memory, and as the kernel takes it.
static int describe_factor(
    fledge_owned_descriptor *given, fledge_owned_descriptor *computed, const dnnl_dim_t *sizes, int is_transposed,
    fledge_dnn_type given_type, fledge_dnn_type type) {
  const dnnl_format_tag_t tag = is_transposed ? dnnl_ba : dnnl_ab;
  return make_descriptor(given, 2, sizes, data_type(given_type), tag)
      && make_descriptor(computed, 2, sizes, data_type(type), tag);
}

/// What oneDNN calls the factors and the result.
static const int names[3] = {DNNL_ARG_SRC, DNNL_ARG_WEIGHTS, DNNL_ARG_DST};

fledge_dnn_kernel *fledge_dnn_product_create(fledge_dnn *dnn, fledge_dnn_type type, fledge_dnn_product_sizes sizes) {
  const dnnl_dims_t a_sizes = {sizes.rows, sizes.inner}, b_sizes = {sizes.inner, sizes.columns};
  const dnnl_dims_t result_sizes = {sizes.rows, sizes.columns}, bias_sizes = {1, sizes.columns};
  // A bfloat16 kernel sums in float32, and can leave its result so.
  const dnnl_data_type_t result_type = type == FLEDGE_DNN_BFLOAT16 ? data_type(sizes.result_type) : dnnl_f32;
  fledge_dnn_kernel *kernel = fledge_kernel_allocate(dnn);
  if (!kernel) return NULL;
  memcpy(kernel->names, names, sizeof names);
  fledge_owned_descriptor given[3] = {0}, computed[3] = {0}, bias = {0}, addend = {0};
  const int is_described = make_descriptor(&addend, 2, result_sizes, data_type(sizes.epilogue.addend_type), dnnl_ab);
  const fledge_descriptor given_addend = sizes.epilogue.has_addend ? FLEDGE_LEND(addend) : NULL;
  dnnl_primitive_attr_t attributes = fledge_kernel_attributes(given_addend);
  dnnl_primitive_attr_t reorders = fledge_kernel_attributes(NULL);
  int is_ready = is_described && attributes && reorders
      && describe_factor(&given[0], &computed[0], a_sizes, sizes.transpose_a, sizes.a_type, type)
      && describe_factor(&given[1], &computed[1], b_sizes, sizes.transpose_b, sizes.b_type, type)
      && make_descriptor(&given[2], 2, result_sizes, data_type(sizes.result_type), dnnl_ab)
      && make_descriptor(&computed[2], 2, result_sizes, result_type, dnnl_ab)
      && make_descriptor(&bias, 2, bias_sizes, dnnl_f32, dnnl_ab);
  if (is_ready) {
    const fledge_descriptor given_bias = sizes.epilogue.has_bias ? FLEDGE_LEND(bias) : NULL;
    kernel->descriptor = make_kernel(
        dnn, FLEDGE_LEND(computed[0]), FLEDGE_LEND(computed[1]), given_bias, FLEDGE_LEND(computed[2]), attributes);
    is_ready = kernel->descriptor && fledge_kernel_make_primitive(kernel, given_bias, given_addend);
  }
  for (int i = 0; i < 3; ++i) {
    is_ready = is_ready
        && fledge_operand_make(&kernel->operands[i], dnn, FLEDGE_LEND(given[i]), FLEDGE_LEND(computed[i]),
            i == FLEDGE_RESULT, reorders);
    release_descriptor(given[i]);
    release_descriptor(computed[i]);
  }
  release_descriptor(bias);
  release_descriptor(addend);
  if (attributes) dnnl_primitive_attr_destroy(attributes);
  if (reorders) dnnl_primitive_attr_destroy(reorders);
  if (is_ready) return kernel;
  fledge_dnn_kernel_destroy(kernel);
  return NULL;
}
