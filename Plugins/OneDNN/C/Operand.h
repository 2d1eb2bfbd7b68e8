#pragma once

#include "Engine.h"

/// One operand of a kernel, or its result: as it lies in the caller's memory and as the kernel wants it, and how to come
/// from one to the other where they differ.
typedef struct {
  dnnl_memory_t given, wanted, scratchpad;
  /// NULL where the kernel takes what is given.
  dnnl_primitive_t reorder;
  size_t wanted_bytes, scratchpad_bytes;
} fledge_operand;

/// 0 if something failed.
int fledge_operand_make(
    fledge_operand *operand, fledge_dnn *dnn, fledge_descriptor given, fledge_descriptor wanted, int is_result,
    const_dnnl_primitive_attr_t attributes);
void fledge_operand_release(fledge_operand *operand);

/// The memory that the kernel works on.
static inline dnnl_memory_t fledge_operand_memory(const fledge_operand *operand) {
  return operand->reorder ? operand->wanted : operand->given;
}

/// Bytes of working memory that the operand holds while the kernel runs.
static inline size_t fledge_operand_scratch(const fledge_operand *operand) {
  return operand->reorder ? rounded(operand->wanted_bytes) + rounded(operand->scratchpad_bytes) : 0;
}

/// Says where the operand lies, and moves `scratch` past the working memory that it takes.
dnnl_status_t fledge_operand_place(fledge_operand *operand, const void *given, char **scratch);

/// From the caller's form to the kernel's, or back for a result.
dnnl_status_t fledge_operand_reorder(fledge_operand *operand, fledge_dnn *dnn, int is_result);
