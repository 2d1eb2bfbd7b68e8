#pragma once

#include <dnnl.h>

#include "COneDNN.h"

// Memory descriptors: a value in version 2, a handle in version 3.

#if DNNL_VERSION_MAJOR >= 3
typedef dnnl_memory_desc_t fledge_owned_descriptor;
typedef const_dnnl_memory_desc_t fledge_descriptor;
#define FLEDGE_LEND(owned) (owned)
#else
typedef dnnl_memory_desc_t fledge_owned_descriptor;
typedef const dnnl_memory_desc_t *fledge_descriptor;
#define FLEDGE_LEND(owned) (&(owned))
#endif

static inline int make_descriptor(
    fledge_owned_descriptor *descriptor, int rank, const dnnl_dim_t *sizes, dnnl_data_type_t type, dnnl_format_tag_t tag) {
#if DNNL_VERSION_MAJOR >= 3
  return dnnl_memory_desc_create_with_tag(descriptor, rank, sizes, type, tag) == dnnl_success;
#else
  return dnnl_memory_desc_init_by_tag(descriptor, rank, sizes, type, tag) == dnnl_success;
#endif
}

static inline void release_descriptor(fledge_owned_descriptor descriptor) {
#if DNNL_VERSION_MAJOR >= 3
  dnnl_memory_desc_destroy(descriptor);
#else
  (void)descriptor;
#endif
}

static inline dnnl_data_type_t data_type(fledge_dnn_type type) {
  return type == FLEDGE_DNN_BFLOAT16 ? dnnl_bf16 : dnnl_f32;
}
