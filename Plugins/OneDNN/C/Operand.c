#include "Operand.h"

static dnnl_primitive_desc_t describe_reorder(
    dnnl_engine_t engine, fledge_descriptor from, fledge_descriptor to, const_dnnl_primitive_attr_t attributes) {
  dnnl_primitive_desc_t reorder = NULL;
  const dnnl_status_t status = dnnl_reorder_primitive_desc_create(&reorder, from, engine, to, engine, attributes);
  return status == dnnl_success ? reorder : NULL;
}

int fledge_operand_make(
    fledge_operand *operand, fledge_dnn *dnn, fledge_descriptor given, fledge_descriptor wanted, int is_result,
    const_dnnl_primitive_attr_t attributes) {
  operand->given = make_memory(dnn, given);
  if (!operand->given || dnnl_memory_desc_equal(wanted, given)) return operand->given != NULL;
  operand->wanted = make_memory(dnn, wanted);
  operand->wanted_bytes = dnnl_memory_desc_get_size(wanted);
  dnnl_primitive_desc_t reorder =
      describe_reorder(dnn->engine, is_result ? wanted : given, is_result ? given : wanted, attributes);
  if (!reorder || !operand->wanted) return 0;
  const fledge_descriptor scratchpad = dnnl_primitive_desc_query_md(reorder, dnnl_query_scratchpad_md, 0);
  operand->scratchpad_bytes = scratchpad ? dnnl_memory_desc_get_size(scratchpad) : 0;
  if (operand->scratchpad_bytes) operand->scratchpad = make_memory(dnn, scratchpad);
  const dnnl_status_t status = dnnl_primitive_create(&operand->reorder, reorder);
  dnnl_primitive_desc_destroy(reorder);
  return status == dnnl_success && (operand->scratchpad_bytes == 0 || operand->scratchpad != NULL);
}

void fledge_operand_release(fledge_operand *operand) {
  if (operand->given) dnnl_memory_destroy(operand->given);
  if (operand->wanted) dnnl_memory_destroy(operand->wanted);
  if (operand->scratchpad) dnnl_memory_destroy(operand->scratchpad);
  if (operand->reorder) dnnl_primitive_destroy(operand->reorder);
}

dnnl_status_t fledge_operand_place(fledge_operand *operand, const void *given, char **scratch) {
  dnnl_status_t status = dnnl_memory_set_data_handle(operand->given, (void *)given);
  if (!operand->reorder) return status;
  if (status == dnnl_success) status = dnnl_memory_set_data_handle(operand->wanted, *scratch);
  if (status == dnnl_success && operand->scratchpad) {
    status = dnnl_memory_set_data_handle(operand->scratchpad, *scratch + rounded(operand->wanted_bytes));
  }
  *scratch += fledge_operand_scratch(operand);
  return status;
}

dnnl_status_t fledge_operand_reorder(fledge_operand *operand, fledge_dnn *dnn, int is_result) {
  if (!operand->reorder) return dnnl_success;
  const dnnl_exec_arg_t arguments[3] = {
      {DNNL_ARG_FROM, is_result ? operand->wanted : operand->given},
      {DNNL_ARG_TO, is_result ? operand->given : operand->wanted},
      {DNNL_ARG_SCRATCHPAD, operand->scratchpad}};
  return execute(dnn, operand->reorder, arguments, operand->scratchpad ? 3 : 2);
}
