#include "Operand.h"

#include <stdlib.h>

int fledge_dnn_multiply(
    int transpose_a, int transpose_b, ptrdiff_t rows, ptrdiff_t columns, ptrdiff_t inner, const float *a,
    ptrdiff_t a_stride, const float *b, ptrdiff_t b_stride, float *result) {
  return dnnl_sgemm(transpose_a ? 'T' : 'N', transpose_b ? 'T' : 'N', rows, columns, inner, 1, a, a_stride, b, b_stride, 0,
             result, columns)
          == dnnl_success
      ? 0
      : 1;
}

struct fledge_dnn_product {
  fledge_dnn *dnn;
  dnnl_primitive_desc_t descriptor;
  dnnl_primitive_t primitive;
  fledge_operand a, b, result;
  dnnl_memory_t scratchpad;
  size_t scratchpad_bytes;
};

static dnnl_primitive_desc_t make_kernel(
    fledge_dnn *dnn, fledge_descriptor a, fledge_descriptor b, fledge_descriptor result,
    const_dnnl_primitive_attr_t attributes) {
  dnnl_primitive_desc_t kernel = NULL;
#if DNNL_VERSION_MAJOR >= 3
  const dnnl_status_t status =
      dnnl_matmul_primitive_desc_create(&kernel, dnn->engine, a, b, NULL, result, attributes);
#else
  dnnl_matmul_desc_t product;
  dnnl_status_t status = dnnl_matmul_desc_init(&product, a, b, NULL, result);
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

fledge_dnn_product *fledge_dnn_product_create(fledge_dnn *dnn, fledge_dnn_type type, fledge_dnn_product_sizes sizes) {
  const dnnl_dims_t a_sizes = {sizes.rows, sizes.inner}, b_sizes = {sizes.inner, sizes.columns};
  const dnnl_dims_t result_sizes = {sizes.rows, sizes.columns};
  // A bfloat16 kernel sums in float32, and can leave its result so.
  const dnnl_data_type_t result_type = type == FLEDGE_DNN_BFLOAT16 ? data_type(sizes.result_type) : dnnl_f32;
  fledge_dnn_product *p = calloc(1, sizeof *p);
  if (!p) return NULL;
  p->dnn = dnn;
  fledge_owned_descriptor a = {0}, b = {0}, result = {0}, a_computed = {0}, b_computed = {0}, result_computed = {0};
  dnnl_primitive_attr_t attributes = NULL;
  int is_ready = describe_factor(&a, &a_computed, a_sizes, sizes.transpose_a, sizes.a_type, type)
      && describe_factor(&b, &b_computed, b_sizes, sizes.transpose_b, sizes.b_type, type)
      && make_descriptor(&result, 2, result_sizes, data_type(sizes.result_type), dnnl_ab)
      && make_descriptor(&result_computed, 2, result_sizes, result_type, dnnl_ab)
      && dnnl_primitive_attr_create(&attributes) == dnnl_success
      && dnnl_primitive_attr_set_scratchpad_mode(attributes, dnnl_scratchpad_mode_user) == dnnl_success;
  if (is_ready) {
    p->descriptor =
        make_kernel(dnn, FLEDGE_LEND(a_computed), FLEDGE_LEND(b_computed), FLEDGE_LEND(result_computed), attributes);
  }
  is_ready = p->descriptor && dnnl_primitive_create(&p->primitive, p->descriptor) == dnnl_success
      && fledge_operand_make(&p->a, dnn, FLEDGE_LEND(a),
          dnnl_primitive_desc_query_md(p->descriptor, dnnl_query_src_md, 0), 0, attributes)
      && fledge_operand_make(&p->b, dnn, FLEDGE_LEND(b),
          dnnl_primitive_desc_query_md(p->descriptor, dnnl_query_weights_md, 0), 0, attributes)
      && fledge_operand_make(&p->result, dnn, FLEDGE_LEND(result), FLEDGE_LEND(result_computed), 1, attributes);
  if (is_ready) {
    const fledge_descriptor scratchpad = dnnl_primitive_desc_query_md(p->descriptor, dnnl_query_scratchpad_md, 0);
    p->scratchpad_bytes = scratchpad ? dnnl_memory_desc_get_size(scratchpad) : 0;
    if (p->scratchpad_bytes) is_ready = (p->scratchpad = make_memory(dnn, scratchpad)) != NULL;
  }
  if (attributes) dnnl_primitive_attr_destroy(attributes);
  release_descriptor(a);
  release_descriptor(b);
  release_descriptor(result);
  release_descriptor(a_computed);
  release_descriptor(b_computed);
  release_descriptor(result_computed);
  if (is_ready) return p;
  fledge_dnn_product_destroy(p);
  return NULL;
}

void fledge_dnn_product_destroy(fledge_dnn_product *p) {
  fledge_operand_release(&p->a);
  fledge_operand_release(&p->b);
  fledge_operand_release(&p->result);
  if (p->scratchpad) dnnl_memory_destroy(p->scratchpad);
  if (p->primitive) dnnl_primitive_destroy(p->primitive);
  if (p->descriptor) dnnl_primitive_desc_destroy(p->descriptor);
  free(p);
}

size_t fledge_dnn_product_scratch(const fledge_dnn_product *p) {
  return rounded(p->scratchpad_bytes) + fledge_operand_scratch(&p->a) + fledge_operand_scratch(&p->b)
      + fledge_operand_scratch(&p->result);
}

const char *fledge_dnn_product_name(const fledge_dnn_product *p) {
  const char *name = NULL;
  const dnnl_status_t status = dnnl_primitive_desc_query(p->descriptor, dnnl_query_impl_info_str, 0, &name);
  return status == dnnl_success && name ? name : "unnamed";
}

int fledge_dnn_product_run(fledge_dnn_product *p, const void *a, const void *b, void *result, void *scratch) {
  fledge_operand *operands[3] = {&p->a, &p->b, &p->result};
  const int names[3] = {DNNL_ARG_SRC, DNNL_ARG_WEIGHTS, DNNL_ARG_DST};
  return fledge_run_kernel(
      p->dnn, p->primitive, p->scratchpad, p->scratchpad_bytes, operands, names, a, b, result, scratch);
}
