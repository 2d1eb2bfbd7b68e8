#include "Engine.h"

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
  dnnl_primitive_t primitive;
  dnnl_memory_t a, b, result, scratchpad;
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

fledge_dnn_product *fledge_dnn_product_create(
    fledge_dnn *dnn, int transpose_a, int transpose_b, ptrdiff_t rows, ptrdiff_t columns, ptrdiff_t inner) {
  const dnnl_dims_t a_sizes = {rows, inner}, b_sizes = {inner, columns}, result_sizes = {rows, columns};
  fledge_dnn_product *p = calloc(1, sizeof *p);
  if (!p) return NULL;
  p->dnn = dnn;
  fledge_owned_descriptor a = {0}, b = {0}, result = {0};
  dnnl_primitive_attr_t attributes = NULL;
  dnnl_primitive_desc_t kernel = NULL;
  int is_ready = make_descriptor(&a, 2, a_sizes, transpose_a ? dnnl_ba : dnnl_ab)
      && make_descriptor(&b, 2, b_sizes, transpose_b ? dnnl_ba : dnnl_ab)
      && make_descriptor(&result, 2, result_sizes, dnnl_ab)
      && dnnl_primitive_attr_create(&attributes) == dnnl_success
      && dnnl_primitive_attr_set_scratchpad_mode(attributes, dnnl_scratchpad_mode_user) == dnnl_success;
  if (is_ready) kernel = make_kernel(dnn, FLEDGE_LEND(a), FLEDGE_LEND(b), FLEDGE_LEND(result), attributes);
  is_ready = kernel && dnnl_primitive_create(&p->primitive, kernel) == dnnl_success
      && (p->a = make_memory(dnn, FLEDGE_LEND(a))) && (p->b = make_memory(dnn, FLEDGE_LEND(b)))
      && (p->result = make_memory(dnn, FLEDGE_LEND(result)));
  if (is_ready) {
    const fledge_descriptor scratchpad = dnnl_primitive_desc_query_md(kernel, dnnl_query_scratchpad_md, 0);
    p->scratchpad_bytes = scratchpad ? dnnl_memory_desc_get_size(scratchpad) : 0;
    if (p->scratchpad_bytes) is_ready = (p->scratchpad = make_memory(dnn, scratchpad)) != NULL;
  }
  if (kernel) dnnl_primitive_desc_destroy(kernel);
  if (attributes) dnnl_primitive_attr_destroy(attributes);
  release_descriptor(a);
  release_descriptor(b);
  release_descriptor(result);
  if (is_ready) return p;
  fledge_dnn_product_destroy(p);
  return NULL;
}

void fledge_dnn_product_destroy(fledge_dnn_product *p) {
  dnnl_memory_t memories[] = {p->a, p->b, p->result, p->scratchpad};
  for (size_t i = 0; i < sizeof memories / sizeof *memories; ++i) {
    if (memories[i]) dnnl_memory_destroy(memories[i]);
  }
  if (p->primitive) dnnl_primitive_destroy(p->primitive);
  free(p);
}

size_t fledge_dnn_product_scratch(const fledge_dnn_product *p) { return rounded(p->scratchpad_bytes); }

int fledge_dnn_product_run(fledge_dnn_product *p, const float *a, const float *b, float *result, void *scratch) {
  dnnl_memory_set_data_handle(p->a, (void *)a);
  dnnl_memory_set_data_handle(p->b, (void *)b);
  dnnl_memory_set_data_handle(p->result, result);
  if (p->scratchpad) dnnl_memory_set_data_handle(p->scratchpad, scratch);
  const dnnl_exec_arg_t arguments[4] = {
      {DNNL_ARG_SRC, p->a}, {DNNL_ARG_WEIGHTS, p->b}, {DNNL_ARG_DST, p->result}, {DNNL_ARG_SCRATCHPAD, p->scratchpad}};
  if (execute(p->dnn, p->primitive, arguments, p->scratchpad ? 4 : 3)) return 1;
  return dnnl_stream_wait(p->dnn->stream) == dnnl_success ? 0 : 1;
}
