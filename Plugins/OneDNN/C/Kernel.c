#include "Kernel.h"

#include <stdlib.h>

fledge_dnn_kernel *fledge_kernel_allocate(fledge_dnn *dnn) {
  fledge_dnn_kernel *kernel = calloc(1, sizeof *kernel);
  if (kernel) kernel->dnn = dnn;
  return kernel;
}

/// 0 if something failed.
static int append(dnnl_primitive_attr_t attributes, fledge_descriptor addend) {
  dnnl_post_ops_t operations = NULL;
  if (dnnl_post_ops_create(&operations) != dnnl_success) return 0;
  const int is_set = dnnl_post_ops_append_binary(operations, dnnl_binary_add, addend) == dnnl_success
      && dnnl_primitive_attr_set_post_ops(attributes, operations) == dnnl_success;
  dnnl_post_ops_destroy(operations);
  return is_set;
}

dnnl_primitive_attr_t fledge_kernel_attributes(fledge_descriptor addend) {
  dnnl_primitive_attr_t attributes = NULL;
  if (dnnl_primitive_attr_create(&attributes) != dnnl_success) return NULL;
  if (dnnl_primitive_attr_set_scratchpad_mode(attributes, dnnl_scratchpad_mode_user) == dnnl_success
      && (!addend || append(attributes, addend))) {
    return attributes;
  }
  dnnl_primitive_attr_destroy(attributes);
  return NULL;
}

int fledge_kernel_make_primitive(fledge_dnn_kernel *kernel, fledge_descriptor bias, fledge_descriptor addend) {
  if (bias) kernel->bias = make_memory(kernel->dnn, bias);
  if (addend) kernel->addend = make_memory(kernel->dnn, addend);
  if ((bias && !kernel->bias) || (addend && !kernel->addend)) return 0;
  if (dnnl_primitive_create(&kernel->primitive, kernel->descriptor) != dnnl_success) return 0;
  const fledge_descriptor scratchpad = dnnl_primitive_desc_query_md(kernel->descriptor, dnnl_query_scratchpad_md, 0);
  kernel->scratchpad_bytes = scratchpad ? dnnl_memory_desc_get_size(scratchpad) : 0;
  if (kernel->scratchpad_bytes) kernel->scratchpad = make_memory(kernel->dnn, scratchpad);
  return kernel->scratchpad_bytes == 0 || kernel->scratchpad != NULL;
}

void fledge_dnn_kernel_destroy(fledge_dnn_kernel *kernel) {
  for (int i = 0; i < 3; ++i) fledge_operand_release(&kernel->operands[i]);
  if (kernel->scratchpad) dnnl_memory_destroy(kernel->scratchpad);
  if (kernel->bias) dnnl_memory_destroy(kernel->bias);
  if (kernel->addend) dnnl_memory_destroy(kernel->addend);
  if (kernel->primitive) dnnl_primitive_destroy(kernel->primitive);
  if (kernel->descriptor) dnnl_primitive_desc_destroy(kernel->descriptor);
  free(kernel);
}

size_t fledge_dnn_kernel_scratch(const fledge_dnn_kernel *kernel) {
  size_t bytes = rounded(kernel->scratchpad_bytes);
  for (int i = 0; i < 3; ++i) bytes += fledge_operand_scratch(&kernel->operands[i]);
  return bytes;
}

const char *fledge_dnn_kernel_name(const fledge_dnn_kernel *kernel) {
  const char *name = NULL;
  const dnnl_status_t status = dnnl_primitive_desc_query(kernel->descriptor, dnnl_query_impl_info_str, 0, &name);
  return status == dnnl_success && name ? name : "unnamed";
}

/// Says where the kernel's bias or addend lies, and adds it to the arguments.
static dnnl_status_t lend(dnnl_exec_arg_t *arguments, int *count, int name, dnnl_memory_t memory, const void *place) {
  if (!memory) return dnnl_success;
  arguments[(*count)++] = (dnnl_exec_arg_t){name, memory};
  return dnnl_memory_set_data_handle(memory, (void *)place);
}

int fledge_dnn_kernel_run(
    fledge_dnn_kernel *kernel, const void *first, const void *second, const float *bias, const void *addend, void *result,
    void *scratch) {
  const void *given[3] = {first, second, result};
  fledge_operand *operands = kernel->operands;
  char *free_scratch = (char *)scratch + rounded(kernel->scratchpad_bytes);
  dnnl_exec_arg_t arguments[6];
  int count = 3;
  dnnl_status_t status = lend(arguments, &count, DNNL_ARG_SCRATCHPAD, kernel->scratchpad, scratch);
  if (status == dnnl_success) status = lend(arguments, &count, DNNL_ARG_BIAS, kernel->bias, bias);
  if (status == dnnl_success) {
    status = lend(
        arguments, &count, DNNL_ARG_ATTR_MULTIPLE_POST_OP(0) | DNNL_ARG_SRC_1, kernel->addend, addend);
  }
  for (int i = 0; i < 3 && status == dnnl_success; ++i) {
    status = fledge_operand_place(&operands[i], given[i], &free_scratch);
    if (status == dnnl_success && i != FLEDGE_RESULT) status = fledge_operand_reorder(&operands[i], kernel->dnn, 0);
    arguments[i] = (dnnl_exec_arg_t){kernel->names[i], fledge_operand_memory(&operands[i])};
  }
  if (status == dnnl_success) status = execute(kernel->dnn, kernel->primitive, arguments, count);
  if (status == dnnl_success) status = fledge_operand_reorder(&operands[FLEDGE_RESULT], kernel->dnn, 1);
  return status == dnnl_success ? dnnl_stream_wait(kernel->dnn->stream) : status;
}
