#if defined(__linux__)
#define _GNU_SOURCE  // RUSAGE_THREAD
#endif

#include "CKernels.h"

#if defined(__linux__)

#include <pthread.h>
#include <sys/resource.h>
#include <time.h>

extern void GOMP_parallel(void (*body)(void *), void *data, unsigned threads, unsigned flags);
extern int omp_get_max_threads(void);

// libgomp spins only briefly while it counts more threads than processors, and there is no call that tells it to: a second
// team, asleep, makes it so for as long as its first thread lives.

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t end = PTHREAD_COND_INITIALIZER;
static int is_wanted, is_there;

static void nothing(void *data) { (void)data; }

static void *keep_a_team(void *data) {
  GOMP_parallel(nothing, data, (unsigned)omp_get_max_threads(), 0);
  pthread_mutex_lock(&mutex);
  while (is_wanted) pthread_cond_wait(&end, &mutex);
  is_there = 0;
  pthread_mutex_unlock(&mutex);
  return NULL;
}

static void want_a_second_team(int wanted) {
  pthread_mutex_lock(&mutex);
  is_wanted = wanted;
  if (!wanted) pthread_cond_signal(&end);
  pthread_t thread;
  if (wanted && !is_there && pthread_create(&thread, NULL, keep_a_team, NULL) == 0) {
    pthread_detach(thread);
    is_there = 1;
  }
  pthread_mutex_unlock(&mutex);
}

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

/// What each thread that starts teams has seen.
static _Thread_local struct {
  double since;
  long preemptions;
  int is_crowded;
} seen;

void fledge_adapt_waiting(void) {
  const double time = now();
  // A crowd is noticed at once, and believed for a while: threads that sleep are preempted less.
  if (time - seen.since < (seen.is_crowded ? 3.0 : 0.1)) return;
  struct rusage usage;
  if (getrusage(RUSAGE_THREAD, &usage) != 0) return;
  const double rate = (double)(usage.ru_nivcsw - seen.preemptions) / (time - seen.since);
  const int is_crowded = seen.since > 0 && rate > 30;
  if (is_crowded != seen.is_crowded) want_a_second_team(is_crowded);
  seen.since = time;
  seen.preemptions = usage.ru_nivcsw;
  seen.is_crowded = is_crowded;
}

#else

void fledge_adapt_waiting(void) {}

#endif
