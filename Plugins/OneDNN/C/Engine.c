#include "Engine.h"

#include <dnnl_debug.h>
#include <stdlib.h>

extern void omp_set_num_threads(int threads);

fledge_dnn *fledge_dnn_create(void) {
  fledge_dnn *dnn = calloc(1, sizeof *dnn);
  if (!dnn) return NULL;
  if (dnnl_engine_create(&dnn->engine, dnnl_cpu, 0) != dnnl_success
      || dnnl_stream_create(&dnn->stream, dnn->engine, dnnl_stream_default_flags) != dnnl_success) {
    fledge_dnn_destroy(dnn);
    return NULL;
  }
  return dnn;
}

void fledge_dnn_destroy(fledge_dnn *dnn) {
  if (dnn->stream) dnnl_stream_destroy(dnn->stream);
  if (dnn->engine) dnnl_engine_destroy(dnn->engine);
  free(dnn);
}

#define FLEDGE_TEXT(x) FLEDGE_TEXT_OF(x)
#define FLEDGE_TEXT_OF(x) #x
const char *fledge_dnn_version(void) {
  return FLEDGE_TEXT(DNNL_VERSION_MAJOR) "." FLEDGE_TEXT(DNNL_VERSION_MINOR) "." FLEDGE_TEXT(DNNL_VERSION_PATCH);
}

const char *fledge_dnn_status_name(int status) { return dnnl_status2str((dnnl_status_t)status); }

void fledge_dnn_set_threads(int threads) { omp_set_num_threads(threads); }

int fledge_dnn_has_bfloat16(void) {
#if defined(__x86_64__)
  return __builtin_cpu_supports("avx512bf16");
#else
  return 0;
#endif
}
