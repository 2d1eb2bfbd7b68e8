#pragma once

#include "COneDNN.h"
#include "Descriptors.h"

struct fledge_dnn {
  dnnl_engine_t engine;
  dnnl_stream_t stream;
};

static inline size_t rounded(size_t bytes) { return (bytes + 63) / 64 * 64; }

/// Memory whose address is set at each run.
static inline dnnl_memory_t make_memory(fledge_dnn *dnn, fledge_descriptor descriptor) {
  dnnl_memory_t memory = NULL;
  return dnnl_memory_create(&memory, descriptor, dnn->engine, DNNL_MEMORY_NONE) == dnnl_success ? memory : NULL;
}

static inline dnnl_status_t execute(
    fledge_dnn *dnn, dnnl_primitive_t primitive, const dnnl_exec_arg_t *arguments, int count) {
  return dnnl_primitive_execute(primitive, dnn->stream, count, arguments);
}
