#pragma once

#include <dnnl.h>

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
    fledge_owned_descriptor *descriptor, int rank, const dnnl_dim_t *sizes, dnnl_format_tag_t tag) {
#if DNNL_VERSION_MAJOR >= 3
  return dnnl_memory_desc_create_with_tag(descriptor, rank, sizes, dnnl_f32, tag) == dnnl_success;
#else
  return dnnl_memory_desc_init_by_tag(descriptor, rank, sizes, dnnl_f32, tag) == dnnl_success;
#endif
}

static inline void release_descriptor(fledge_owned_descriptor descriptor) {
#if DNNL_VERSION_MAJOR >= 3
  dnnl_memory_desc_destroy(descriptor);
#else
  (void)descriptor;
#endif
}

static inline dnnl_primitive_desc_t make_reorder(
    dnnl_engine_t engine, fledge_descriptor from, fledge_descriptor to, const_dnnl_primitive_attr_t attributes) {
  dnnl_primitive_desc_t reorder = NULL;
  dnnl_status_t status = dnnl_reorder_primitive_desc_create(&reorder, from, engine, to, engine, attributes);
  return status == dnnl_success ? reorder : NULL;
}
