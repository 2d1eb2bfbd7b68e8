#include <cblas.h>
#include <stdlib.h>

// OpenBLAS before 0.3.24 does not know newer AMD processors and gives them AVX2 kernels where they have AVX-512 (1.8 times
// slower). Its choice can be made again through these two functions; weak, because not every build exports them.
extern void gotoblas_dynamic_quit(void) __attribute__((weak));
extern void gotoblas_dynamic_init(void) __attribute__((weak));
extern char *openblas_get_corename(void) __attribute__((weak));

/// Lets OpenBLAS use its AVX-512 kernels if the processor has AVX-512 and OpenBLAS chose AVX2 ones; a choice of the user's
/// ($OPENBLAS_CORETYPE) stands. To be called before any other thread uses BLAS.
static inline void fledge_blas_use_widest_vectors(void) {
#if defined(__x86_64__)
  if (getenv("OPENBLAS_CORETYPE") || !gotoblas_dynamic_quit || !gotoblas_dynamic_init || !openblas_get_corename) return;
  const char *core = openblas_get_corename();
  int is_narrow = core && (core[0] == 'H' || core[0] == 'Z');  // Haswell, Zen
  if (!is_narrow || !__builtin_cpu_supports("avx512f") || !__builtin_cpu_supports("avx512vl")) return;
  setenv("OPENBLAS_CORETYPE", "SkylakeX", 1);
  gotoblas_dynamic_quit();
  gotoblas_dynamic_init();
  unsetenv("OPENBLAS_CORETYPE");
#endif
}
