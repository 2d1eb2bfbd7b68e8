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

static double seconds(clockid_t clock) {
  struct timespec time;
  clock_gettime(clock, &time);
  return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

/// What each thread that starts teams has seen since it looked last.
static _Thread_local struct {
  double wall, processor;
  long preemptions;
  int is_crowded;
} seen;

// A thread that computes or spins has a processor to itself on a quiet machine. Where it has less than this, and was sent
// away, not asleep, others want the processors too. Sleeping threads cannot tell, so a crowd is believed for some seconds and
// then looked at again.
enum { BELIEVED_SECONDS = 3 };
static const double quiet_share = 0.75, look_seconds = 0.1, crowd_preemptions = 3;

void fledge_adapt_waiting(void) {
  const double wall = seconds(CLOCK_MONOTONIC);
  const double elapsed = wall - seen.wall;
  if (elapsed < (seen.is_crowded ? BELIEVED_SECONDS : look_seconds)) return;
  struct rusage usage;
  if (getrusage(RUSAGE_THREAD, &usage) != 0) return;
  const double processor = seconds(CLOCK_THREAD_CPUTIME_ID);
  // Calls far apart say nothing about the time between them.
  const int is_recent = elapsed < 2 * look_seconds;
  const int is_crowded = !seen.is_crowded && is_recent && processor - seen.processor < quiet_share * elapsed
      && (double)(usage.ru_nivcsw - seen.preemptions) >= crowd_preemptions;
  if (is_crowded != seen.is_crowded) want_a_second_team(is_crowded);
  seen.wall = wall;
  seen.processor = processor;
  seen.preemptions = usage.ru_nivcsw;
  seen.is_crowded = is_crowded;
}

#else

void fledge_adapt_waiting(void) {}

#endif
