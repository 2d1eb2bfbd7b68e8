#pragma once

#include "Operand.h"

struct fledge_dnn_kernel {
  fledge_dnn *dnn;
  dnnl_primitive_desc_t descriptor;
  dnnl_primitive_t primitive;
  /// Two operands and the result, and what oneDNN calls each.
  fledge_operand operands[3];
  int names[3];
  /// NULL for a kernel without.
  dnnl_memory_t bias, addend;
  dnnl_memory_t scratchpad;
  size_t scratchpad_bytes;
};

/// Where the result stands among the operands.
enum { FLEDGE_RESULT = 2 };

/// A kernel without anything made; NULL for lack of memory.
fledge_dnn_kernel *fledge_kernel_allocate(fledge_dnn *dnn);

/// Attributes of a kernel, or reorder, to which the caller lends working memory, with an addend that is described unless it is
/// NULL. NULL if that failed.
dnnl_primitive_attr_t fledge_kernel_attributes(fledge_descriptor addend);

/// Makes what runs of the kernel's descriptor, with a bias and an addend that are described unless they are NULL. 0 if
/// something failed.
int fledge_kernel_make_primitive(
    fledge_dnn_kernel *kernel, fledge_descriptor bias, fledge_descriptor addend);
