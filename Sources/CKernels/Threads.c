#include "CKernels.h"

// libgomp's entry points; no header declares the first, which compilers call for `#pragma omp parallel`.
extern void GOMP_parallel(void (*body)(void *), void *data, unsigned threads, unsigned flags);
extern int omp_get_thread_num(void);
extern int omp_get_num_threads(void);

typedef struct {
  void (*_Nonnull body)(void *_Nullable context, int thread, int threads);
  void *_Nullable context;
} fledge_task;

static void run(void *data) {
  const fledge_task *task = data;
  task->body(task->context, omp_get_thread_num(), omp_get_num_threads());
}

void fledge_parallel(int threads, void (*body)(void *context, int thread, int threads), void *context) {
  if (threads <= 1) {
    body(context, 0, 1);
    return;
  }
  fledge_task task = {body, context};
  GOMP_parallel(run, &task, (unsigned)threads, 0);
}
